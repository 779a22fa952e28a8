//! `wire.no-modern-version`: the server accepts neither TLS 1.2 nor TLS 1.3.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoModernVersion = WireNoModernVersion Error
    "the server accepts neither TLS 1.2 nor TLS 1.3"
    page "no_modern_version.txt"
    {
        /// The versions that the server accepts.
        versions: Vec<String>,
    }
}

impl Rule for NoModernVersion {
    fn message(&self) -> String {
        let Self { versions } = self;
        format!(
            "the server accepts only {}: current clients cannot connect",
            listed(versions)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "allow only TLSv1.2 and TLSv1.3 on the server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 9325 section 3.1.1"]
    }
}
