//! The types that make up every finding: code, severity, subject, remedy, and the
//! shapes of its facts. What each code says is in [`crate::rule`].

mod code;
mod remedy;
mod shell;
pub(crate) mod value;

pub use code::{Code, UnknownCode};
pub(crate) use remedy::beside;
pub use remedy::{Need, Proof, Remedy, Then};
pub(crate) use shell::quote;
pub(crate) use value::hex;
pub use value::{Fingerprint, Shape, Value};

use crate::source::Lines;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Works today, but some clients refuse, it ends soon, or the
    /// administrator surely did not mean it.
    Warning,
    /// The server will not start with it, or a mainstream client refuses now.
    Error,
}

impl Severity {
    /// `error`, `warning` or `notice`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Which part of an input a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// The whole file.
    File,
    /// One PEM section, or one DER object, whatever it holds.
    Section,
    /// A certificate.
    Certificate,
    /// A private key.
    PrivateKey,
    /// A public key.
    PublicKey,
    /// A certification request (PKCS#10).
    Csr,
    /// A certificate revocation list.
    Crl,
    /// A protocol string, or a token of it.
    ProtocolString,
    /// A cipher string, or a word of it.
    CipherString,
    /// The options of a command, or the settings of a server.
    Setting,
}

impl Part {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Section => "section",
            Self::Certificate => "certificate",
            Self::PrivateKey => "private-key",
            Self::PublicKey => "public-key",
            Self::Csr => "csr",
            Self::Crl => "crl",
            Self::ProtocolString => "protocol-string",
            Self::CipherString => "cipher-string",
            Self::Setting => "setting",
        }
    }
}

/// What a finding is about, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The input as the user named it.
    pub source: String,
    /// Which part of it.
    pub part: Part,
    /// The object's place among the input's objects, counted from 0.
    pub index: usize,
    /// The lines it is on, where the input has lines.
    pub lines: Option<Lines>,
}

impl Subject {
    /// The whole input called `source`.
    pub fn file(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            part: Part::File,
            index: 0,
            lines: None,
        }
    }
}

/// The line that a finding is about, and the word in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The number of the line, from 1.
    pub line: usize,
    /// The line, without its line ending.
    pub text: String,
    /// Where the word begins, in bytes of `text`.
    pub start: usize,
    /// The word's length in bytes.
    pub length: usize,
}
