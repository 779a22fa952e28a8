//! `protocol.no-modern-version`: neither TLSv1.2 nor TLSv1.3 is enabled.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoModernVersion = ProtocolNoModernVersion Error
    "neither TLSv1.2 nor TLSv1.3 is enabled"
    page "no_modern_version.txt"
    {
        /// The versions that work.
        effective: Vec<String>,
    }
}

impl Rule for NoModernVersion {
    fn message(&self) -> String {
        let Self { effective } = self;
        format!(
            "only {} {}; current clients require TLSv1.2 or TLSv1.3",
            effective.join(", "),
            if effective.len() == 1 {
                "is enabled"
            } else {
                "are enabled"
            }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "enable TLSv1.2 and TLSv1.3, and nothing older",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8996"]
    }
}
