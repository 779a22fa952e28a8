//! `protocol.weak-version`: TLSv1 or TLSv1.1 is still enabled.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    WeakVersion = ProtocolWeakVersion Warning
    "TLSv1 or TLSv1.1 is still enabled"
    page "weak_version.txt"
    {
        /// The versions.
        versions: Vec<String>,
    }
}

impl Rule for WeakVersion {
    fn message(&self) -> String {
        let Self { versions } = self;
        let (verb, which) = match versions.len() {
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        format!(
            "{} {verb} still enabled; RFC 8996 deprecated {which} in 2021",
            versions.join(" and ")
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
