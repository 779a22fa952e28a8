//! `wire.other-certificate`: the server does not send the expected certificate.

use crate::Time;
use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OtherCertificate = WireOtherCertificate Error
    "the server does not send the expected certificate"
    page "other_certificate.txt"
    {
        /// What the certificate was compared with: a file, or what a server would send.
        against: String,
        /// SHA-256 of the expected certificate.
        expected: Fingerprint,
        /// SHA-256 of the certificate that the server sends.
        seen: Fingerprint,
        /// When the expected certificate expires.
        expected_not_after: Option<Time>,
        /// When the certificate that the server sends expires.
        seen_not_after: Option<Time>,
        /// The likely cause.
        reason: String,
    }
}

impl Rule for OtherCertificate {
    fn message(&self) -> String {
        let Self {
            against, reason, ..
        } = self;
        format!("the server does not send the certificate of {against}: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and check that its settings name this file and that this virtual host answers",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
