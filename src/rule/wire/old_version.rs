//! `wire.old-version`: the server accepts a protocol version that is no longer safe.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OldVersion = WireOldVersion Warning
    "the server accepts a protocol version that is no longer safe"
    page "old_version.txt"
    {
        /// The versions that the server accepts.
        versions: Vec<String>,
    }
}

impl Rule for OldVersion {
    fn message(&self) -> String {
        let Self { versions } = self;
        format!("the server accepts {}", listed(versions))
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "allow only TLSv1.2 and TLSv1.3 on the server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8996", "RFC 7568"]
    }
}
