//! Whether a place staples OCSP responses, and which ones.
//!
//! Measured with responders that answer `good`, `revoked`, `unknown`, with each error, for
//! another certificate, with an expired response, with something that is not a response, and not at
//! all: httpd 2.4.71, nginx 1.22.1.

use crate::model::der::{ENUMERATED, OCTET_STRING, OID, SEQUENCE, context, split};

/// Which OCSP responses a place staples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Staples {
    /// None.
    #[default]
    Nothing,
    /// Those of a responder that state the status of the certificate: if it is good (nginx), or any
    /// status (httpd with `SSLStaplingReturnResponderErrors off` and `SSLStaplingFakeTryLater
    /// off`).
    Statuses(Responder),
    /// Errors too: `tryLater` if the responder does not answer (httpd).
    Errors(Responder),
    /// The one in a file, regardless of its status.
    File,
}

/// Which responder is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Responder {
    /// The one that the settings name.
    Named,
    /// The one in the certificate. Without one there, nothing is stapled.
    OfCertificate,
}

impl Responder {
    /// The settings may name one.
    pub(super) const fn of(is_named: bool) -> Self {
        if is_named {
            Self::Named
        } else {
            Self::OfCertificate
        }
    }
}

/// Whether the bytes are an OCSPResponse to the extent that OpenSSL's `d2i_OCSP_RESPONSE` checks
/// (RFC 6960 section 4.2.1), and nothing else.
pub(super) fn is_response(bytes: &[u8]) -> bool {
    let only = |bytes, tag| match split(bytes) {
        Ok((element, [])) if element.tag == tag => Some(element.content),
        _ => None,
    };
    let Some(fields) = only(bytes, SEQUENCE) else {
        return false;
    };
    match split(fields) {
        Ok((status, rest)) if status.tag == ENUMERATED && status.content.len() == 1 => {
            let of_bytes = |fields| match split(fields) {
                Ok((kind, rest)) => kind.tag == OID && only(rest, OCTET_STRING).is_some(),
                Err(_) => false,
            };
            let inner = only(rest, context(0)).and_then(|outer| only(outer, SEQUENCE));
            rest.is_empty() || inner.is_some_and(of_bytes)
        }
        _ => false,
    }
}
