//! `wire.versions-differ`: other protocol versions answer than the setting says.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    VersionsDiffer = WireVersionsDiffer Warning
    "other protocol versions answer than the setting says"
    page "versions_differ.txt"
    {
        /// The versions that the setting comes to.
        predicted: Vec<String>,
        /// The versions that answer.
        answered: Vec<String>,
    }
}

impl Rule for VersionsDiffer {
    fn message(&self) -> String {
        let Self {
            predicted,
            answered,
        } = self;
        format!(
            "the setting comes to {}, and {} answer",
            listed(predicted),
            listed(answered)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and look for a second setting, or something in front of it that ends TLS",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
