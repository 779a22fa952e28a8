//! Findings about cipher strings.

use super::table::facts;
use super::{Remedy, Subject};
use crate::shown::article;

facts! {
    /// What is wrong with a cipher string.
    CipherFact {
        Refused = "cipher.refused" Error "the program refuses the cipher string" {
            /// The program's own error text.
            error: String,
            /// The word at which it stops; empty where it read to the end.
            token: String,
        }
        NothingAtLevel = "cipher.nothing-at-level" Warning "the security level forbids every suite of the string" {
            /// The security level.
            level: u64,
            /// The suites that it forbids.
            forbidden: Vec<String>,
        }
        UnknownWord = "cipher.unknown-word" Warning "the program ignores a word of the cipher string" {
            /// The word.
            token: String,
            /// What it probably was to be; empty where nothing is near.
            meant: String,
        }
        Weak = "cipher.weak" Warning "the cipher string allows weak suites" {
            /// Why they are weak.
            weakness: String,
            /// The suites.
            suites: Vec<String>,
        }
        CutOff = "cipher.cut-off" Warning "no suite of the string is left that a mainstream client knows" {
            /// The type of the server's key.
            key: String,
            /// The clients that share no suite for TLS 1.2.
            clients: Vec<String>,
        }
    }
}

impl CipherFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::Refused { error, token } if token.is_empty() => {
                format!("the cipher string is refused: {error}")
            }
            Self::Refused { error, token } => {
                format!("the cipher string is refused at `{token}`: {error}")
            }
            Self::NothingAtLevel { level, .. } => format!(
                "security level {level} forbids every suite of the string: no handshake of TLS 1.2 or older succeeds"
            ),
            Self::UnknownWord { token, meant } if meant.is_empty() => {
                format!("`{token}` is unknown, and is ignored without a word")
            }
            Self::UnknownWord { token, meant } => {
                format!("`{token}` is unknown, and is ignored without a word; `{meant}` exists")
            }
            Self::Weak { weakness, suites } => format!(
                "the string allows {} {} with {weakness}",
                suites.len(),
                if suites.len() == 1 { "suite" } else { "suites" }
            ),
            Self::CutOff { key, clients } => format!(
                "with {} {key} key, {} {} no suite of the string for TLS 1.2",
                article(key),
                clients.join(", "),
                if clients.len() == 1 {
                    "shares"
                } else {
                    "share"
                }
            ),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self::Refused { .. } => Some(Remedy::words(
                "name at least one suite that this OpenSSL has: `openssl ciphers -v` lists them",
            )),
            Self::NothingAtLevel { .. } => Some(Remedy::words(
                "add suites with forward secrecy and AEAD, such as ECDHE+AESGCM",
            )),
            Self::UnknownWord { meant, .. } if !meant.is_empty() => {
                Some(Remedy::words(format!("write `{meant}`")))
            }
            Self::UnknownWord { .. } => Some(Remedy::words("remove the word, or correct it")),
            Self::Weak { weakness, .. } => Some(Remedy::words(match weakness.as_str() {
                "no encryption" => "add `!eNULL`",
                "no authentication" => "add `!aNULL`",
                "MD5" => "add `!MD5`",
                "no forward secrecy" => "add `!kRSA`",
                _ => "use AEAD suites alone: ECDHE+AESGCM:ECDHE+CHACHA20",
            })),
            Self::CutOff { .. } => Some(Remedy::words(
                "add ECDHE+AESGCM, or make sure that these clients reach TLS 1.3",
            )),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::Weak { .. } => vec!["RFC 9325 section 4.2"],
            _ => vec!["measured: OpenSSL 3.0.19"],
        }
    }
}
