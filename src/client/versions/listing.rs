//! The table of versions for documents and for programs that read it.

use super::table::{PROGRAMS, RULES};
use super::{Axis, Value};
use std::borrow::Cow;

/// A program whose versions certcheck knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownProgram {
    /// The clients that are this program.
    pub clients: &'static [&'static str],
    /// What people call it.
    pub title: &'static str,
    /// The oldest version about which something is known.
    pub oldest: &'static str,
    /// The version that is meant if none is named.
    pub base: &'static str,
    /// The versions that were run.
    pub measured: &'static [&'static str],
}

impl KnownProgram {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        PROGRAMS.iter().map(|program| Self {
            clients: program.clients,
            title: program.title,
            oldest: program.oldest,
            base: program.base,
            measured: program.measured,
        })
    }
}

/// A rule of clients that changes with their version, or with that of their OpenSSL.
///
/// ```
/// use certcheck::client::Change;
/// let mut of_java = Change::all().filter(|change| change.clients.contains(&"java"));
/// assert!(of_java.any(|change| change.what.contains("Ed25519")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The clients that it is about.
    pub clients: &'static [&'static str],
    /// Whether the versions are those of their OpenSSL.
    pub of_openssl: bool,
    /// What changes.
    pub what: &'static str,
    /// Its value from each version on, the oldest first.
    pub values: Vec<(&'static str, Cow<'static, str>)>,
    /// The source of this knowledge.
    pub source: &'static str,
}

impl Change {
    /// All of them, program by program.
    pub fn all() -> impl Iterator<Item = Self> {
        RULES.iter().map(|rule| Self {
            clients: rule.clients,
            of_openssl: rule.axis == Axis::OpenSsl,
            what: rule.what,
            values: rule
                .values
                .iter()
                .map(|(since, value)| (*since, value.words()))
                .collect(),
            source: rule.source,
        })
    }
}

impl Value {
    /// The value in words, for a table.
    fn words(self) -> Cow<'static, str> {
        match self {
            Self::Profile => "as without a version".into(),
            Self::Level(level) => format!("level {level}").into(),
            Self::Hello(hello) => format!("as {}", hello.program).into(),
            Self::LeastRsa(0) => "no".into(),
            Self::LeastRsa(bits) => format!("{bits} bits").into(),
            Self::Addresses(counts)
            | Self::Flags {
                partial: counts, ..
            } => yes(counts).into(),
            Self::Fact(word, _) => word.into(),
        }
    }
}

const fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
