//! `chain.not-a-ca`: a certificate that is not a CA certificate issued another.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotACa = ChainNotACa Error
    "a certificate that is not a CA certificate issued another"
    page "not_a_ca.txt"
    {
        /// Its subject.
        subject: String,
        /// What it lacks.
        reason: String,
    }
}

impl Rule for NotACa {
    fn message(&self) -> String {
        let Self { subject, reason } = self;
        format!("`{subject}` issued another certificate, but {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have the certificate issued by a CA that is allowed to issue it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.9"]
    }
}
