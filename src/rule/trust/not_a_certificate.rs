//! `trust.not-a-certificate`: the file holds something besides certificates, which is not installed.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotACertificate = TrustNotACertificate Warning
    "the file holds something besides certificates, which is not installed"
    page "not_a_certificate.txt"
    {
        /// What it is.
        kind: String,
    }
}

impl Rule for NotACertificate {
    fn message(&self) -> String {
        let Self { kind } = self;
        format!("this is no certificate but a {kind}: it is not installed")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "a file of anchors should hold certificates alone: give the CA's own file",
        ))
    }
}
