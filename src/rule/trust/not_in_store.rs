//! `trust.not-in-store`: no store that was looked at holds the certificate.

use crate::finding::{Fingerprint, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    NotInStore = TrustNotInStore Notice
    "no store that was looked at holds the certificate"
    page "not_in_store.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// How many stores were looked at.
        stores: u64,
    }
}

impl Rule for NotInStore {
    fn message(&self) -> String {
        let Self { stores, .. } = self;
        format!("none of the {stores} stores that were looked at holds it")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words("plan how to install it")
                .run(format!("certcheck trust plan {}", quote(&subject.source))),
        )
    }
}
