//! `certificate.not-conforming`: a certificate breaks a rule for issuers that the profile enforces.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotConforming = CertificateNotConforming Error
    "a certificate breaks a rule for issuers that the profile enforces"
    page "not_conforming.txt"
    {
        /// Its subject.
        subject: String,
        /// The rule that it breaks.
        reason: String,
        /// The document and section that contain the rule.
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
        format!("`{subject}` breaks a rule for issuers: {reason} ({clause})")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it reissued by a CA that follows the rule",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4"]
    }
}
