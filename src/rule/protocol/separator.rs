//! `protocol.separator`: the names in the string have the wrong separator.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Separator = ProtocolSeparator Error
    "the names in the string have the wrong separator"
    page "separator.txt"
    {
        /// The word that contains the wrong separator.
        token: String,
        /// The same string with the right separators.
        corrected: String,
    }
}

impl Rule for Separator {
    fn message(&self) -> String {
        let Self { token, corrected } = self;
        format!("the program reads `{token}` as one word; the correct string is `{corrected}`")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { corrected, .. } = self;
        Some(Remedy::words(format!("write `{corrected}`")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"]
    }
}
