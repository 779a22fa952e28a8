//! `chain.revocation-unknown`: no revocation list says whether a certificate is revoked.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RevocationUnknown = ChainRevocationUnknown Error
    "no revocation list says whether a certificate is revoked"
    page "revocation_unknown.txt"
    {
        /// Its subject.
        subject: String,
        /// Why no list is usable.
        reason: String,
    }
}

impl Rule for RevocationUnknown {
    fn message(&self) -> String {
        let Self { subject, reason } = self;
        format!("certcheck cannot tell whether `{subject}` is revoked: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "add a current revocation list of its issuer with --crl, or use --revocation off",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.3"]
    }
}
