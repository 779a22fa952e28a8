//! Rules about what is missing to assemble a server's files.

mod ambiguous;
mod no_certificate;
mod no_key;
mod no_match;

pub use ambiguous::Ambiguous;
pub use no_certificate::NoCertificate;
pub use no_key::NoKey;
pub use no_match::NoMatch;

use crate::rule::facts;

facts! {
/// Rules about what is missing to assemble a server's files.
    AssembleFact { NoCertificate, NoKey, NoMatch, Ambiguous }
}
