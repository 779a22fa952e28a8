//! `protocol.ignored-value`: a word has no effect.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IgnoredValue = ProtocolIgnoredValue Warning
    "a word has no effect"
    page "ignored_value.txt"
    {
        /// The word.
        token: String,
        /// Why it has no effect.
        reason: String,
    }
}

impl Rule for IgnoredValue {
    fn message(&self) -> String {
        let Self { token, reason } = self;
        format!("`{token}` has no effect: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(if self.token.starts_with(['-', '!']) {
            "leave it as it is: it is harmless, and it counts where the library has that version"
        } else {
            "remove it, or correct it"
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
