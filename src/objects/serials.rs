//! Certificates of one issuer that have the same serial number (RFC 5280 4.1.2.2
//! forbids it).
//!
//! NSS, and so Firefox, names a certificate by its issuer and serial number: the
//! second one is refused (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`). Revocation lists do the same:
//! revoking one revokes both.

use super::Object;
use super::known_bad::described;
use crate::finding::{Fingerprint, hex};
use crate::model::{Certificate, sha256};
use crate::rule::{self, Finding};
use std::collections::HashMap;

/// The certificates seen so far, by issuer and serial number.
#[derive(Default)]
pub(crate) struct Serials {
    seen: HashMap<Fingerprint, (Fingerprint, String)>,
    found: Vec<Finding>,
}

/// A certificate's issuer and serial number. The name carries its length, so no two pairs look
/// alike.
pub(crate) fn number(certificate: &Certificate<'_>) -> Fingerprint {
    sha256(&[certificate.issuer().der(), certificate.serial()].concat())
}

/// Reports that a certificate has the serial number of another one, which is at `other`.
pub(crate) fn repeated(
    certificate: &Certificate<'_>,
    other: String,
) -> rule::certificate::RepeatedSerial {
    rule::certificate::RepeatedSerial {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: hex(certificate.serial()),
        other,
    }
}

impl Serials {
    pub(crate) fn add(&mut self, object: &Object<'_>) {
        let Some(certificate) = object.certificate() else {
            return;
        };
        let digest = certificate.sha256();
        let first = || (digest, described(&object.subject()));
        let (known, place) = self.seen.entry(number(certificate)).or_insert_with(first);
        // The same certificate twice is a copy, not a repeated number.
        if *known == digest {
            return;
        }
        let fact = repeated(certificate, place.clone());
        self.found.push(Finding::new(fact, object.subject()));
    }

    /// What was found.
    pub(crate) fn findings(self) -> Vec<Finding> {
        self.found
    }
}
