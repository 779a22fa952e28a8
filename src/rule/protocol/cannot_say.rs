//! `protocol.cannot-say`: another program has no setting for this set of versions.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    CannotSay = ProtocolCannotSay Error
    "another program has no setting for this set of versions"
    page "cannot_say.txt"
    {
        /// The other program's dialect.
        dialect: String,
        /// The versions to express.
        versions: Vec<String>,
        /// Why it cannot express them.
        reason: String,
    }
}

impl Rule for CannotSay {
    fn message(&self) -> String {
        let Self {
            dialect,
            versions,
            reason,
        } = self;
        format!(
            "{dialect} cannot express exactly `{}`: {reason}",
            versions.join(" ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("choose a set of versions without a gap"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
