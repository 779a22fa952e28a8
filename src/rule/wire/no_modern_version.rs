//! `wire.no-modern-version`: neither TLS 1.2 nor TLS 1.3 answers.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoModernVersion = WireNoModernVersion Error
    "neither TLS 1.2 nor TLS 1.3 answers"
    page "no_modern_version.txt"
    {
        /// The versions that do.
        versions: Vec<String>,
    }
}

impl Rule for NoModernVersion {
    fn message(&self) -> String {
        let Self { versions } = self;
        format!("only {} answer: clients of today refuse", listed(versions))
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "let the server speak TLSv1.2 and TLSv1.3 alone",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
