//! `wire.old-version`: a protocol version answers that is no longer safe.

use super::listed;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OldVersion = WireOldVersion Warning
    "a protocol version answers that is no longer safe"
    page "old_version.txt"
    {
        /// The versions.
        versions: Vec<String>,
    }
}

impl Rule for OldVersion {
    fn message(&self) -> String {
        let Self { versions } = self;
        format!("{} answer", listed(versions))
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "let the server speak TLSv1.2 and TLSv1.3 alone",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8996", "RFC 7568"]
    }
}
