//! `protocol.empty-set`: no protocol version is left.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EmptySet = ProtocolEmptySet Error
    "no protocol version is left"
    page "empty_set.txt"
    {
        /// Where the program notices: at the configuration test, at start-up, or never.
        noticed: String,
    }
}

impl Rule for EmptySet {
    fn message(&self) -> String {
        let Self { noticed } = self;
        match noticed.strip_prefix("never") {
            Some(rest) => {
                format!("no protocol version is left; the program never notices{rest}")
            }
            None => format!("no protocol version is left; the program notices {noticed}"),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "enable TLSv1.2 and TLSv1.3, and nothing older",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
