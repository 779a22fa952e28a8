//! `trust.already-trusted`: the certificate is in the store already.

use crate::finding::Fingerprint;
use crate::rule::{Rule, rule};

rule! {
    AlreadyTrusted = TrustAlreadyTrusted Notice
    "the certificate is in the store already"
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
        format!("it is in the store already ({found_in}): nothing to do")
    }
}
