//! `trust.already-trusted`: the certificate is already in the store.

use crate::finding::Fingerprint;
use crate::rule::{Rule, rule};

rule! {
    AlreadyTrusted = TrustAlreadyTrusted Notice
    "the certificate is already in the store"
    page "already_trusted.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// The file or store that holds it.
        found_in: String,
    }
}

impl Rule for AlreadyTrusted {
    fn message(&self) -> String {
        let Self { found_in, .. } = self;
        format!("the certificate is already in the store ({found_in}): nothing to do")
    }
}
