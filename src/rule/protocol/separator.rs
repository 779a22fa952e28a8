//! `protocol.separator`: the string's names are not separated as the program demands.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Separator = ProtocolSeparator Error
    "the string's names are not separated as the program demands"
    page "separator.txt"
    {
        /// The word with the wrong separator in it.
        token: String,
        /// The same string with the right separators.
        corrected: String,
    }
}

impl Rule for Separator {
    fn message(&self) -> String {
        let Self { token, corrected } = self;
        format!("`{token}` is one word to the program; meant was `{corrected}`")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { corrected, .. } = self;
        Some(Remedy::words(format!("write `{corrected}`")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
