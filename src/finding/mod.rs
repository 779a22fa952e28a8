//! What was found: a code, the facts behind it, where, how bad, and what to do.
//!
//! Code, default severity, message and remedy are functions of the
//! [`Evidence`]; nothing else is stored, so they cannot disagree. Messages
//! are for people and may change; codes and the fields of the evidence do not.

mod certificate;
mod chain;
mod cipher;
mod code;
mod config;
mod encoding;
mod handshake;
mod key;
mod protocol;
mod remedy;
mod shell;
mod table;
mod trust;
mod value;
mod wire;

pub use certificate::CertificateFact;
pub use chain::ChainFact;
pub use cipher::CipherFact;
pub use code::{Code, CodeInfo};
pub use config::ConfigFact;
pub use encoding::EncodingFact;
pub use handshake::HandshakeFact;
pub use key::KeyFact;
pub use protocol::ProtocolFact;
pub use remedy::{Need, Remedy, Then};
pub(crate) use shell::quote;
pub use trust::TrustFact;
pub(crate) use value::hex;
pub use value::{Fingerprint, Shape, Value};
pub use wire::WireFact;

use crate::shown::without_keys;
use crate::source::Lines;
use std::borrow::Cow;

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

/// What a finding is about, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The input as the user named it.
    pub source: String,
    /// Which part of it.
    pub part: Part,
    /// The object's place among the input's objects, counted from 0.
    pub index: usize,
    /// The lines it stands on, where the input has lines.
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

/// The typed facts behind a finding, by area.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// How the bytes are encoded.
    EncodingFact(EncodingFact),
    /// Private keys and what belongs to them.
    KeyFact(KeyFact),
    /// A certificate by itself.
    CertificateFact(CertificateFact),
    /// Certificates in relation to one another and to trust anchors.
    ChainFact(ChainFact),
    /// A cipher string.
    CipherFact(CipherFact),
    /// A handshake of a server with its clients.
    HandshakeFact(HandshakeFact),
    /// A protocol string.
    ProtocolFact(ProtocolFact),
    /// Settings and options.
    ConfigFact(ConfigFact),
    /// What is put into a trust store.
    TrustFact(TrustFact),
    /// A live server.
    WireFact(WireFact),
}

macro_rules! each_area {
    ($evidence:expr, $facts:ident => $body:expr) => {
        match $evidence {
            Evidence::EncodingFact($facts) => $body,
            Evidence::KeyFact($facts) => $body,
            Evidence::CertificateFact($facts) => $body,
            Evidence::ChainFact($facts) => $body,
            Evidence::CipherFact($facts) => $body,
            Evidence::HandshakeFact($facts) => $body,
            Evidence::ProtocolFact($facts) => $body,
            Evidence::ConfigFact($facts) => $body,
            Evidence::TrustFact($facts) => $body,
            Evidence::WireFact($facts) => $body,
        }
    };
}

impl Evidence {
    /// The code under which it is reported.
    pub fn code(&self) -> Code {
        each_area!(self, facts => facts.code())
    }

    /// Name and value of every fact.
    pub fn fields(&self) -> Vec<(&'static str, Value)> {
        each_area!(self, facts => facts.fields())
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The facts.
    pub evidence: Evidence,
    /// Where.
    pub subject: Subject,
    /// How serious it is here.
    pub severity: Severity,
    /// What it means for the server or client in question, where that is known.
    pub consequence: Option<String>,
    /// Whether something in its file is lost, so that nothing can write the file anew.
    pub irreparable: bool,
}

impl Finding {
    /// A finding with its code's default severity.
    pub fn new(evidence: impl Into<Evidence>, subject: Subject) -> Self {
        let evidence = evidence.into();
        let severity = evidence.code().info().severity;
        Self {
            evidence,
            subject,
            severity,
            consequence: None,
            irreparable: false,
        }
    }

    /// The same finding, as serious as the context makes it.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with what it means here.
    #[must_use]
    pub fn because(mut self, consequence: impl Into<String>) -> Self {
        self.consequence = Some(without_keys(&consequence.into()).into_owned());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.evidence.code()
    }

    /// One sentence for people: what is wrong, with the facts in it.
    pub fn message(&self) -> String {
        let message = each_area!(&self.evidence, facts => facts.message());
        without_keys(&message).into_owned()
    }

    /// What to do about it, where something can be done.
    ///
    /// What came on standard input, or from a file whose name a shell line
    /// cannot show, has no file for a command to name.
    pub fn remedy(&self) -> Option<Remedy> {
        let mut remedy = each_area!(&self.evidence, facts => facts.remedy(&self.subject))?;
        remedy.text = without_keys(&remedy.text).into_owned();
        // Nor can a command be typed in which something is not shown.
        remedy
            .commands
            .retain(|command| matches!(without_keys(command), Cow::Borrowed(_)));
        // It would refuse, and say what is lost.
        if self.irreparable
            && remedy
                .commands
                .iter()
                .any(|it| it.contains("certcheck convert "))
        {
            remedy.commands.clear();
            remedy.then = None;
        }
        let name = &self.subject.source;
        // What is on the wire is no file either.
        if name == "-"
            || name.starts_with("tls://")
            || name.contains(char::is_control)
            || name.contains('\u{fffd}')
        {
            remedy.commands.clear();
            remedy.needs.clear();
            remedy.then = None;
        }
        Some(remedy)
    }

    /// The clauses and measurements that make it a finding.
    pub fn references(&self) -> Vec<&'static str> {
        each_area!(&self.evidence, facts => facts.references())
    }
}
