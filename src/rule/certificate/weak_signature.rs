//! `certificate.weak-signature`: the certificate's signature uses a broken hash.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    WeakSignature = CertificateWeakSignature Error
    "the certificate's signature uses a broken hash"
    page "weak_signature.txt"
    {
        /// The signature algorithm.
        algorithm: String,
    }
}

impl Rule for WeakSignature {
    fn message(&self) -> String {
        let Self { algorithm } = self;
        format!("the certificate is signed with {algorithm}, which current clients refuse")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("have it reissued with a SHA-256 signature"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 9155", "CA/Browser Forum Baseline Requirements 7.1.3.2"]
    }
}
