//! `cipher.refused`: the program refuses the cipher string.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Refused = CipherRefused Error
    "the program refuses the cipher string"
    page "refused.txt"
    {
        /// The program's own error message.
        error: String,
        /// The word at which it stops; empty if it read to the end.
        token: String,
    }
}

impl Rule for Refused {
    fn message(&self) -> String {
        match self {
            Self { error, token } if token.is_empty() => {
                format!("the program refuses the cipher string: {error}")
            }
            Self { error, token } => {
                format!("the program refuses the cipher string at `{token}`: {error}")
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "name at least one suite that this OpenSSL has: `openssl ciphers -v` lists them",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19"]
    }
}
