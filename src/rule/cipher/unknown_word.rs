//! `cipher.unknown-word`: the program ignores a word of the cipher string.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownWord = CipherUnknownWord Warning
    "the program ignores a word of the cipher string"
    page "unknown_word.txt"
    {
        /// The word.
        token: String,
        /// What it probably was to be; empty where nothing is near.
        meant: String,
    }
}

impl Rule for UnknownWord {
    fn message(&self) -> String {
        match self {
            Self { token, meant } if meant.is_empty() => {
                format!("`{token}` is unknown, and is ignored without a word")
            }
            Self { token, meant } => {
                format!("`{token}` is unknown, and is ignored without a word; `{meant}` exists")
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self { meant, .. } if !meant.is_empty() => {
                Some(Remedy::words(format!("write `{meant}`")))
            }
            Self { .. } => Some(Remedy::words("remove the word, or correct it")),
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19"]
    }
}
