//! `wire.other-certificate`: the certificate on the wire is not the one expected.

use crate::Time;
use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OtherCertificate = WireOtherCertificate Error
    "the certificate on the wire is not the one expected"
    page "other_certificate.txt"
    {
        /// What it was held against: a file, or what a server would send.
        against: String,
        /// SHA-256 of the certificate expected.
        expected: Fingerprint,
        /// SHA-256 of the certificate on the wire.
        seen: Fingerprint,
        /// When the one expected ends.
        expected_not_after: Option<Time>,
        /// When the one on the wire ends.
        seen_not_after: Option<Time>,
        /// What that looks like.
        reason: String,
    }
}

impl Rule for OtherCertificate {
    fn message(&self) -> String {
        let Self {
            against, reason, ..
        } = self;
        format!("the certificate on the wire is not that of {against}: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, see that its settings name this file, and that this is its virtual host",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
