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
        /// The word that was probably meant; empty if no word is similar.
        meant: String,
    }
}

impl Rule for UnknownWord {
    fn message(&self) -> String {
        match self {
            Self { token, meant } if meant.is_empty() => {
                format!("the program does not know `{token}` and silently ignores it")
            }
            Self { token, meant } => {
                format!(
                    "the program does not know `{token}` and silently ignores it; `{meant}` exists"
                )
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
