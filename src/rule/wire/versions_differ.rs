//! `wire.versions-differ`: the protocol versions that the server accepts are not those that the setting allows.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    VersionsDiffer = WireVersionsDiffer Warning
    "the protocol versions that the server accepts are not those that the setting allows"
    page "versions_differ.txt"
    {
        /// The versions that the setting allows.
        predicted: Vec<String>,
        /// The versions that the server accepts.
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
            "the setting allows {}, but the server accepts {}",
            listed(predicted),
            listed(answered)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and look for a second setting or a TLS proxy in front of the server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.2.1"]
    }
}
