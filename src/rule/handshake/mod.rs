//! Rules about the handshake of a server with its clients.

mod certificate_not_sent;
mod client_certificate;
mod no_agreement;
mod no_certificate_request;

pub use certificate_not_sent::CertificateNotSent;
pub use client_certificate::ClientCertificate;
pub use no_agreement::NoAgreement;
pub use no_certificate_request::NoCertificateRequest;

use crate::rule::facts;

facts! {
/// What prevents a server and its clients from agreeing.
    HandshakeFact { NoAgreement, ClientCertificate, CertificateNotSent, NoCertificateRequest }
}
