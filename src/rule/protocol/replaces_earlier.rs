//! `protocol.replaces-earlier`: a name without + or - discards everything before it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ReplacesEarlier = ProtocolReplacesEarlier Warning
    "a name without + or - discards everything before it"
    page "replaces_earlier.txt"
    {
        /// The name.
        token: String,
        /// The versions that it discards.
        replaced: Vec<String>,
    }
}

impl Rule for ReplacesEarlier {
    fn message(&self) -> String {
        match self {
            Self { token, replaced } if replaced.is_empty() => {
                format!(
                    "`{token}` without + replaces everything before it, but here that changes nothing"
                )
            }
            Self { token, replaced } => {
                format!(
                    "`{token}` without + replaces everything before it and discards {}",
                    replaced.join(", ")
                )
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { token, .. } = self;
        Some(Remedy::words(format!("write `+{token}` to add it")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
