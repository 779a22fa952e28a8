//! What a server and a client agree on, or why they do not.

use super::group::Group;
use super::scheme::Scheme;
use crate::cipher::Suite;
use crate::protocol::Version;
use std::fmt;

/// How the shared secret is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exchange {
    /// In a named group.
    Group(Group),
    /// Finite-field Diffie-Hellman with a prime of this many bits.
    Dh(u32),
    /// RSA key transport.
    Rsa,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(group) => group.fmt(f),
            Self::Dh(bits) => write!(f, "DH-{bits}"),
            Self::Rsa => f.write_str("none (RSA key exchange)"),
        }
    }
}

/// What both sides agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The version.
    pub version: Version,
    /// The suite.
    pub suite: &'static Suite,
    /// With what the secret is made.
    pub exchange: Exchange,
    /// Which of the server's keys is used: its place in the offer.
    pub key: usize,
    /// The signature of the handshake; `None` for RSA key transport and for
    /// TLS 1.1 and older.
    pub scheme: Option<Scheme>,
    /// Whether the server first asks for another key share (TLS 1.3).
    pub hello_retry: bool,
    /// Whether both chose HTTP/2.
    pub http2: bool,
}

/// Why the handshake fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// No version in common, at this security level and with these keys.
    Version,
    /// No suite in common that fits a key.
    Suite,
    /// No group in common.
    Group,
    /// No signature in common that fits a key.
    Signature,
    /// The parameters of Diffie-Hellman are too short for the server's level.
    DhTooShort,
    /// The certificates are too weak for the level that holds when they are sent.
    CertificateTooWeak,
    /// The server requires a certificate of the client, which has none.
    ClientCertificate,
    /// The server has to ask the client for a certificate, and accepts no signature of one.
    CertificateRequest,
    /// The server's key requires a longer salt than TLS signatures have.
    SaltTooShort,
    /// After a HelloRetryRequest the server chooses another suite: by then it knows the name, and the
    /// settings of the named server apply.
    SuiteAfterRetry,
    /// The server's versions have a gap, and no suite fits those below it.
    SuiteBelowGap,
    /// No suite in common that fits a key, and OpenSSL does not use an EC key because it finds
    /// the certificate invalid.
    InvalidCertificate,
}

impl Failure {
    /// The alert that OpenSSL sends.
    pub const fn alert(self) -> &'static str {
        match self {
            Self::Version => "protocol_version",
            // OpenSSL reports a certificate or key that it cannot use as its own fault, and every
            // other failure as a fault of the two offers.
            Self::CertificateTooWeak | Self::SaltTooShort | Self::CertificateRequest => {
                "internal_error"
            }
            Self::SuiteAfterRetry => "illegal_parameter",
            _ => "handshake_failure",
        }
    }

    /// The reason that OpenSSL writes into the server's log.
    pub const fn openssl_reason(self) -> &'static str {
        match self {
            Self::Version => "unsupported protocol",
            Self::Suite | Self::InvalidCertificate => "no shared cipher",
            Self::Group => "no suitable key share",
            Self::Signature | Self::CertificateRequest => "no suitable signature algorithm",
            Self::DhTooShort => "dh key too small",
            Self::CertificateTooWeak => "ee key too small",
            Self::ClientCertificate => "peer did not return a certificate",
            Self::SaltTooShort => "pss saltlen too small",
            Self::SuiteBelowGap => "no ciphers available",
            Self::SuiteAfterRetry => "bad cipher",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "no protocol version in common",
            Self::Suite => "no cipher suite in common",
            Self::Group => "no group in common",
            Self::Signature => "no signature algorithm in common",
            Self::DhTooShort => "the Diffie-Hellman parameters are too short",
            Self::CertificateTooWeak => "the certificate is too weak for the security level",
            Self::ClientCertificate => "the server requires a client certificate",
            Self::CertificateRequest => {
                "the server requests a client certificate, but accepts no signature algorithm of this version for it"
            }
            Self::SaltTooShort => "the key requires a longer salt than TLS uses",
            Self::SuiteBelowGap => "no cipher suite for the versions below the gap",
            Self::SuiteAfterRetry => {
                "the named server chooses another cipher suite than the default server did in its HelloRetryRequest"
            }
            Self::InvalidCertificate => {
                "OpenSSL cannot read an extension of the certificate and does not use its EC key"
            }
        })
    }
}
