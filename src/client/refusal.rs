//! Why a client refuses.

use crate::finding::Fingerprint;
use crate::model::Certificate;
use std::fmt;

/// Why a client refuses, whatever it calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The server presents no certificate.
    NothingPresented,
    /// No path leads to what it trusts: an issuer is missing, or the root is
    /// not among the anchors.
    Untrusted,
    /// The issuer of the server's certificate is in no file, but has an address from which the client
    /// would fetch it.
    IssuerNotRead,
    /// What it trusts ends below a self-signed certificate, and it requires one.
    NoRoot,
    /// Its loader does not read the anchors from the file that it is given.
    AnchorsFile,
    /// The server's certificate is not valid for any of the expected names.
    Name,
    /// The server's certificate has no name that the client reads.
    NoSubjectAltName,
    /// The server's certificate has expired.
    Expired,
    /// A CA certificate of the path has expired.
    IssuerExpired,
    /// A certificate of the path is not valid yet.
    NotYetValid,
    /// A certificate is not for a TLS server.
    Purpose,
    /// A certificate issued another without being a CA certificate.
    NotACa,
    /// The server's certificate is a CA certificate.
    CaAsServer,
    /// A CA's path length is exceeded, or the client's own limit.
    PathLength,
    /// A name is outside those that a CA may issue for.
    NameConstraints,
    /// The policies along the path are not acceptable.
    Policy,
    /// A signature is not valid.
    BadSignature,
    /// A signature is made with a hash that the client no longer accepts.
    WeakSignature,
    /// A key is smaller than the client accepts.
    WeakKey,
    /// An extension cannot be read, or occurs twice.
    MalformedExtension,
    /// A critical extension is unknown.
    UnknownCriticalExtension,
    /// A certificate breaks a rule for issuers that the client enforces.
    Strictness,
    /// It is encoded in a way that the client does not read.
    Encoding,
    /// The client cannot use the server's key in a handshake.
    Handshake,
    /// The server requires a certificate of the client, and none was given.
    ClientCertificate,
    /// The server requires the PROXY protocol before TLS, which the client does not speak.
    ProxyProtocol,
    /// How the client reads such a certificate was not measured.
    NotMeasured,
    /// The serial number is negative, or too long.
    Serial,
    /// The server's certificate is valid for longer than the client accepts.
    Lifetime,
    /// The certificate requires an OCSP answer that the server does not staple.
    NotStapled,
    /// The certificate is of a version that the client does not read.
    Version,
    /// A certificate of the path is revoked, or no current list says whether it is.
    Revoked,
    /// It is not the certificate that the client was given.
    NotPinned,
    /// A signature or key is of an algorithm that the client does not know.
    Algorithm,
    /// The server presents more certificates than the client reads.
    TooMany,
    /// A signature of an algorithm that is not computed here.
    NotComputed,
    /// The search was ended before it had an answer.
    Exhausted,
    /// Something else.
    Other,
}

impl Cause {
    /// Whether certcheck cannot tell.
    pub(super) const fn is_undecided(self) -> bool {
        matches!(
            self,
            Self::NotComputed
                | Self::NotMeasured
                | Self::IssuerNotRead
                | Self::Exhausted
                | Self::ClientCertificate
                | Self::ProxyProtocol
        )
    }

    /// The stage at which the client stops.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Handshake | Self::ClientCertificate | Self::ProxyProtocol => Stage::Handshake,
            Self::Encoding
            | Self::MalformedExtension
            | Self::Serial
            | Self::Version
            | Self::TooMany
            | Self::NotMeasured => Stage::Reads,
            Self::Name | Self::NoSubjectAltName => Stage::Name,
            _ => Stage::Path,
        }
    }

    /// Whether another store could make the client accept.
    pub const fn is_of_trust(self) -> bool {
        matches!(
            self,
            Self::Untrusted | Self::NoRoot | Self::NotPinned | Self::BadSignature
        )
    }
}

/// Where a client stops, in the order of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The two sides agree on no version, suite, group or signature.
    Handshake,
    /// Its parser refuses a certificate.
    Reads,
    /// It finds no path to an anchor.
    Path,
    /// No name of the certificate is the one that it asked for.
    Name,
}

impl Stage {
    /// `handshake`, `reads`, `path` or `name`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Reads => "reads",
            Self::Path => "path",
            Self::Name => "name",
        }
    }
}

/// Why a client refuses, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Why.
    pub cause: Cause,
    /// The client's own words, if they do not depend on its version.
    pub says: String,
    /// The certificate at fault, if there is one.
    pub certificate: Option<Fingerprint>,
    /// Its subject.
    pub subject: Option<String>,
}

impl Refusal {
    pub(super) fn new(cause: Cause, says: impl Into<String>) -> Self {
        Self {
            cause,
            says: says.into(),
            certificate: None,
            subject: None,
        }
    }

    pub(super) fn of(mut self, certificate: &Certificate<'_>) -> Self {
        self.certificate = Some(certificate.sha256());
        self.subject = Some(certificate.subject().to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}
