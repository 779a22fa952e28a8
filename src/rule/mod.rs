//! The rules: one code, one file.
//!
//! A rule's file declares the code, its severity, its summary and its typed
//! facts, and contains the text for the reader: message, remedy, references. Its
//! page for `explain` is the text file of the same name in the same directory.
//! The code itself is listed in [`crate::finding::Code`].

pub mod assemble;
pub mod certificate;
pub mod chain;
pub mod cipher;
pub mod config;
pub mod encoding;
mod finding;
pub mod handshake;
pub mod key;
pub mod protocol;
pub mod receipt;
pub mod renewal;
mod table;
pub mod trust;
pub mod waiver;
pub mod wire;

pub use assemble::AssembleFact;
pub use certificate::CertificateFact;
pub use chain::ChainFact;
pub use cipher::CipherFact;
pub use config::ConfigFact;
pub use encoding::EncodingFact;
pub use finding::Finding;
pub use handshake::HandshakeFact;
pub use key::KeyFact;
pub use protocol::ProtocolFact;
pub use receipt::ReceiptFact;
pub use renewal::RenewalFact;
pub(crate) use table::{facts, rule};
pub use trust::TrustFact;
pub use waiver::WaiverFact;
pub use wire::WireFact;

use crate::finding::{Code, Remedy, Severity, Shape, Subject, Value};

/// What a rule's declaration says about its code.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// How serious it is, unless the context changes that.
    pub severity: Severity,
    /// One line: what was found.
    pub summary: &'static str,
    /// Names and shapes of the facts in the evidence.
    pub fields: &'static [(&'static str, Shape)],
    /// The page for `explain`, as `command::reference` reads it.
    pub(crate) page: &'static str,
}

/// What [`rule!`] generates for the facts of a code.
pub(crate) trait Declared {
    /// Code, severity, summary, fields and page.
    const INFO: CodeInfo;

    /// Name and value of every fact, in the order of declaration.
    fn fields(&self) -> Vec<(&'static str, Value)>;
}

/// What a rule tells the reader.
pub(crate) trait Rule: Declared {
    /// One sentence: what is wrong, with the facts in it.
    fn message(&self) -> String;

    /// What to do about it, if anything can be done.
    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        None
    }

    /// The clauses and measurements on which it rests.
    fn references(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// The typed facts of a finding, by area.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// How the bytes are encoded.
    EncodingFact(EncodingFact),
    /// Private keys and what belongs to them.
    KeyFact(KeyFact),
    /// A single certificate.
    CertificateFact(CertificateFact),
    /// Certificates in relation to one another and to trust anchors.
    ChainFact(ChainFact),
    /// A protocol string.
    ProtocolFact(ProtocolFact),
    /// A cipher string.
    CipherFact(CipherFact),
    /// A handshake of a server with its clients.
    HandshakeFact(HandshakeFact),
    /// Settings and options.
    ConfigFact(ConfigFact),
    /// Certificates to install in a trust store.
    TrustFact(TrustFact),
    /// A live server.
    WireFact(WireFact),
    /// A certificate that replaces another.
    RenewalFact(RenewalFact),
    /// A receipt of a preflight.
    ReceiptFact(ReceiptFact),
    /// A waiver of a configuration file.
    WaiverFact(WaiverFact),
    /// What is missing to assemble a server's files.
    AssembleFact(AssembleFact),
}

macro_rules! each_area {
    ($evidence:expr, $facts:ident => $body:expr) => {
        match $evidence {
            Evidence::EncodingFact($facts) => $body,
            Evidence::KeyFact($facts) => $body,
            Evidence::CertificateFact($facts) => $body,
            Evidence::ChainFact($facts) => $body,
            Evidence::ProtocolFact($facts) => $body,
            Evidence::CipherFact($facts) => $body,
            Evidence::HandshakeFact($facts) => $body,
            Evidence::ConfigFact($facts) => $body,
            Evidence::TrustFact($facts) => $body,
            Evidence::WireFact($facts) => $body,
            Evidence::RenewalFact($facts) => $body,
            Evidence::ReceiptFact($facts) => $body,
            Evidence::WaiverFact($facts) => $body,
            Evidence::AssembleFact($facts) => $body,
        }
    };
}

impl Evidence {
    /// The row of the table of codes.
    pub fn info(&self) -> &'static CodeInfo {
        each_area!(self, facts => facts.info())
    }

    /// The code under which it is reported.
    pub fn code(&self) -> Code {
        self.info().code
    }

    /// Name and value of every fact.
    pub fn fields(&self) -> Vec<(&'static str, Value)> {
        each_area!(self, facts => facts.fields())
    }

    pub(crate) fn message(&self) -> String {
        each_area!(self, facts => facts.message())
    }

    pub(crate) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        each_area!(self, facts => facts.remedy(subject))
    }

    pub(crate) fn references(&self) -> Vec<&'static str> {
        each_area!(self, facts => facts.references())
    }
}

/// The declarations of every rule, in the order of [`Code::ALL`].
const AREAS: &[&[CodeInfo]] = &[
    EncodingFact::TABLE,
    KeyFact::TABLE,
    CertificateFact::TABLE,
    ChainFact::TABLE,
    ProtocolFact::TABLE,
    CipherFact::TABLE,
    HandshakeFact::TABLE,
    ConfigFact::TABLE,
    TrustFact::TABLE,
    WireFact::TABLE,
    RenewalFact::TABLE,
    ReceiptFact::TABLE,
    WaiverFact::TABLE,
    AssembleFact::TABLE,
];

impl CodeInfo {
    /// Every declaration, area by area.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        AREAS.iter().flat_map(|rows| rows.iter())
    }
}

impl Code {
    /// What the code's rule declares: severity, summary, facts.
    pub fn info(self) -> &'static CodeInfo {
        // Never used: a test ensures that every code has a rule.
        const UNDECLARED: CodeInfo = CodeInfo {
            code: Code::EncodingNothingFound,
            severity: Severity::Error,
            summary: "",
            fields: &[],
            page: "",
        };
        CodeInfo::all()
            .find(|info| info.code == self)
            .unwrap_or(&UNDECLARED)
    }
}

#[cfg(test)]
mod tests;
