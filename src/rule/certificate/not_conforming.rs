//! `certificate.not-conforming`: a certificate breaks a rule for issuers that the profile holds it to.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotConforming = CertificateNotConforming Error
    "a certificate breaks a rule for issuers that the profile holds it to"
    page "not_conforming.txt"
    {
        /// Its subject.
        subject: String,
        /// The rule that it breaks.
        reason: String,
        /// Where the rule stands.
        clause: String,
    }
}

impl Rule for NotConforming {
    fn message(&self) -> String {
        let Self {
            subject,
            reason,
            clause,
        } = self;
        format!("`{subject}` is not as it should be: {reason} ({clause})")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it issued again by a CA that keeps the rule",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4"]
    }
}
