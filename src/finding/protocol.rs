//! Findings about protocol strings.

use super::table::facts;
use super::{Remedy, Subject};

facts! {
    /// What is wrong with a protocol string.
    ProtocolFact {
        IllegalName = "protocol.illegal-name" Error "the string names a protocol that the program does not know" {
            /// The word as the program sees it.
            token: String,
            /// The program's own error text.
            error: String,
        }
        Separator = "protocol.separator" Error "the string's names are not separated as the program demands" {
            /// The word with the wrong separator in it.
            token: String,
            /// The same string with the right separators.
            corrected: String,
        }
        ReplacesEarlier = "protocol.replaces-earlier" Warning
            "a name without + or - throws away what stands before it" {
            /// The name.
            token: String,
            /// The versions that are lost.
            replaced: Vec<String>,
        }
        EmptySet = "protocol.empty-set" Error "no protocol version is left" {
            /// Where the program notices: at the configuration test, at start-up, or never.
            noticed: String,
        }
        HoleClosed = "protocol.hole-closed" Warning
            "versions below a gap in the set do not work" {
            /// The versions that the string asks for.
            configured: Vec<String>,
            /// The versions that work.
            effective: Vec<String>,
        }
        Sslv2 = "protocol.sslv2" Error "SSLv2 is asked for" {
            /// The word.
            token: String,
        }
        Sslv3 = "protocol.sslv3" Error "SSLv3 is asked for" {
            /// The word.
            token: String,
        }
        WeakVersion = "protocol.weak-version" Warning "TLSv1 or TLSv1.1 stays enabled" {
            /// The versions.
            versions: Vec<String>,
        }
        NoModernVersion = "protocol.no-modern-version" Error "neither TLSv1.2 nor TLSv1.3 is enabled" {
            /// The versions that work.
            effective: Vec<String>,
        }
        UndefinedVariable = "protocol.undefined-variable" Warning
            "a variable of the configuration has no value here" {
            /// Its name, without `${` and `}`.
            name: String,
        }
        CannotSay = "protocol.cannot-say" Error "another program has no setting for this set of versions" {
            /// The other program's dialect.
            dialect: String,
            /// The versions that were to be said.
            versions: Vec<String>,
            /// Why it cannot.
            reason: String,
        }
        IgnoredValue = "protocol.ignored-value" Warning "a word has no effect" {
            /// The word.
            token: String,
            /// Why.
            reason: String,
        }
    }
}

impl ProtocolFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::IllegalName { token, error } => {
                format!("`{token}` is not a protocol name here: {error}")
            }
            Self::Separator { token, corrected } => {
                format!("`{token}` is one word to the program; meant was `{corrected}`")
            }
            Self::ReplacesEarlier { token, replaced } if replaced.is_empty() => {
                format!(
                    "`{token}` without + replaces everything before it, which is nothing else here"
                )
            }
            Self::ReplacesEarlier { token, replaced } => {
                format!(
                    "`{token}` without + replaces everything before it, and throws away {}",
                    replaced.join(", ")
                )
            }
            Self::EmptySet { noticed } => match noticed.strip_prefix("never") {
                Some(rest) => {
                    format!("no protocol version is left; the program never notices{rest}")
                }
                None => format!("no protocol version is left; the program notices {noticed}"),
            },
            Self::HoleClosed {
                configured,
                effective,
            } => format!(
                "the string asks for {}, but only {} works: versions below a gap are dropped",
                configured.join(", "),
                effective.join(", ")
            ),
            Self::Sslv2 { token } => {
                format!("`{token}` asks for SSLv2, broken since 1995 (RFC 6176)")
            }
            Self::Sslv3 { token } => {
                format!("`{token}` asks for SSLv3, broken since 2014 (RFC 7568)")
            }
            Self::WeakVersion { versions } => format!(
                "{} {} still enabled, deprecated since 2021",
                versions.join(" and "),
                if versions.len() == 1 { "is" } else { "are" }
            ),
            Self::NoModernVersion { effective } => {
                format!(
                    "only {} works; today's clients demand TLSv1.2 or TLSv1.3",
                    effective.join(", ")
                )
            }
            Self::UndefinedVariable { name } => {
                format!("the variable ${{{name}}} has no value here and stays as it stands")
            }
            Self::CannotSay {
                dialect,
                versions,
                reason,
            } => {
                format!(
                    "{dialect} cannot say exactly `{}`: {reason}",
                    versions.join(" ")
                )
            }
            Self::IgnoredValue { token, reason } => format!("`{token}` has no effect: {reason}"),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self::CannotSay { .. } => Some(Remedy::words("choose a set of versions without a gap")),
            Self::Separator { corrected, .. } => {
                Some(Remedy::words(format!("write `{corrected}`")))
            }
            Self::ReplacesEarlier { token, .. } => {
                Some(Remedy::words(format!("write `+{token}` to add it")))
            }
            Self::IllegalName { .. } => Some(Remedy::words(
                "the names are SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3, and `all` where the program knows it",
            )),
            Self::UndefinedVariable { name } => Some(Remedy::words(format!(
                "give its value with `--define {name}=VALUE`"
            ))),
            Self::IgnoredValue { .. } => {
                Some(Remedy::words("leave it out, or write what was meant"))
            }
            Self::EmptySet { .. }
            | Self::HoleClosed { .. }
            | Self::NoModernVersion { .. }
            | Self::Sslv2 { .. }
            | Self::Sslv3 { .. }
            | Self::WeakVersion { .. } => Some(Remedy::words(
                "enable TLSv1.2 and TLSv1.3, and nothing older",
            )),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::Sslv2 { .. } => vec!["RFC 6176"],
            Self::Sslv3 { .. } => vec!["RFC 7568"],
            Self::WeakVersion { .. } | Self::NoModernVersion { .. } => vec!["RFC 8996"],
            _ => vec!["measured: Apache 2.4.71, OpenSSL 3.0.19"],
        }
    }
}
