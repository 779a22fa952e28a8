//! `trust.not-in-store`: no trust store that certcheck checked contains the certificate.

use crate::finding::{Fingerprint, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    NotInStore = TrustNotInStore Notice
    "no trust store that certcheck checked contains the certificate"
    page "not_in_store.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// How many stores certcheck checked.
        stores: u64,
    }
}

impl Rule for NotInStore {
    fn message(&self) -> String {
        let Self { stores, .. } = self;
        if *stores == 1 {
            "the certificate is not in the store that certcheck checked".into()
        } else {
            format!("the certificate is in none of the {stores} stores that certcheck checked")
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words("plan how to install it")
                .run(format!("certcheck trust plan {}", quote(&subject.source))),
        )
    }
}
