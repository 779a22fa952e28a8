//! Rules about the handshake of a server with its clients.

mod no_agreement;

pub use no_agreement::NoAgreement;

use crate::rule::facts;

facts! {
/// What prevents a server and its clients from agreeing.
    HandshakeFact { NoAgreement }
}
