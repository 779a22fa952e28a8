//! `chain.bad-signature`: the key of the named issuer did not sign the certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    BadSignature = ChainBadSignature Error
    "the key of the named issuer did not sign the certificate"
    page "bad_signature.txt"
    {
        /// The subject of the certificate.
        subject: String,
        /// The issuer's name, which both certificates give.
        issuer_name: String,
        /// Why the signature does not verify.
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
            "`{subject}` names `{issuer_name}` as its issuer, but that certificate's key did not sign it: {reason}"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "get the CA's other certificate of the same name, the one whose key signed this certificate",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1.3"]
    }
}
