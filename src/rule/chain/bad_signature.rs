//! `chain.bad-signature`: a certificate was not signed by the key of the issuer given.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    BadSignature = ChainBadSignature Error
    "a certificate was not signed by the key of the issuer given"
    page "bad_signature.txt"
    {
        /// The subject of the certificate.
        subject: String,
        /// The name that both claim.
        issuer_name: String,
        /// Why the signature does not hold.
        reason: String,
    }
}

impl Rule for BadSignature {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer_name,
            reason,
        } = self;
        format!(
            "`{subject}` names `{issuer_name}` as its issuer, but was not signed by that certificate's key: {reason}"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "the CA has another certificate of the same name: get the one that goes with this certificate",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1.3"]
    }
}
