//! `certificate.not-a-ca`: a certificate that should be a CA certificate is not marked as one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotACa = CertificateNotACa Warning
    "a certificate that should be a CA certificate is not marked as one"
    page "not_a_ca.txt"
    {
        /// What it lacks.
        reason: String,
    }
}

impl Rule for NotACa {
    fn message(&self) -> String {
        let Self { reason } = self;
        format!("this certificate cannot issue other certificates: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("use the issuer's CA certificate"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.9"]
    }
}
