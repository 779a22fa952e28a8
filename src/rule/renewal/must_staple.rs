//! `renewal.must-staple`: the new certificate requires OCSP stapling, and the old one did not.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MustStaple = RenewalMustStaple Warning
    "the new certificate requires OCSP stapling, and the old one did not"
    page "must_staple.txt"
    {
        /// Its subject.
        subject: String,
    }
}

impl Rule for MustStaple {
    fn message(&self) -> String {
        let Self { subject } = self;
        format!(
            "`{subject}` now requires a stapled OCSP response (must-staple); the old certificate did not"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "switch OCSP stapling on in the server first, or have the certificate reissued without must-staple",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7633 section 4.2.3.1"]
    }
}
