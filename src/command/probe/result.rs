//! What a probe answers: data for the reports.

use crate::Time;
use crate::command::inspect::names;
use crate::finding::Fingerprint;
use crate::model::{Certificate, sha256};
use crate::probe::{Answered, Handshake, KeyKind, Observed};
use crate::protocol::Version;

/// What a live server showed.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ProbeResult {
    /// Host and port, as the user gave them.
    pub target: String,
    /// The address that answered.
    pub address: String,
    /// The name that was requested.
    pub server_name: String,
    /// How TLS began; none: immediately.
    pub starttls: Option<&'static str>,
    /// The certificates on the wire, in their order.
    pub presented: Vec<Fingerprint>,
    /// The same, with what is in them.
    pub certificates: Vec<OnTheWire>,
    /// The version that was agreed on.
    pub version: Option<&'static str>,
    /// The cipher suite that was agreed on.
    pub cipher: Option<String>,
    /// Whether the server proved that it has the certificate's key.
    pub key_proven: Option<bool>,
    /// Whether an OCSP response came with the certificate.
    pub stapled: bool,
    /// Whether the server asked for a client's certificate; none: not known.
    pub asks_client: Option<bool>,
    /// Whether it was shown one.
    pub showed_client: bool,
    /// Why the handshake went no further.
    pub failure: Option<String>,
    /// The chain for each kind of key: `presented`, then the others that the server has.
    pub chains: Vec<ChainSeen>,
    /// Each protocol version, oldest first.
    pub versions: Vec<VersionSeen>,
    /// What it answers to the offers of the clients that decide.
    pub clients: Vec<ClientSeen>,
    /// What the wire was checked against.
    pub compared: Vec<Compared>,
    /// Where the certificates were saved.
    pub saved: Option<String>,
}

/// The chain that clients of one kind of key get.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChainSeen {
    /// The kind of the first certificate's key: `RSA`, `ECDSA`, `RSA-PSS`, `EdDSA`.
    pub key: Option<&'static str>,
    /// The certificates, in their order.
    pub certificates: Vec<OnTheWire>,
    /// The version that was agreed on.
    pub version: Option<&'static str>,
    /// The cipher suite that was agreed on.
    pub cipher: Option<String>,
    /// Whether the server proved that it has the certificate's key.
    pub key_proven: Option<bool>,
    /// Whether an OCSP response came with the certificate.
    pub stapled: bool,
    /// Why the handshake went no further.
    pub failure: Option<String>,
}

/// A certificate on the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnTheWire {
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// When its validity begins.
    pub not_before: Option<Time>,
    /// When its validity ends.
    pub not_after: Option<Time>,
    /// Its names.
    pub subject_alt_names: Vec<String>,
}

/// A protocol version, and whether it answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VersionSeen {
    /// The version.
    pub version: &'static str,
    /// Whether it answers; `None`: certcheck could not find out.
    pub answers: Option<bool>,
    /// What the server answered instead.
    pub reason: Option<String>,
}

/// What a client and the server agree on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientSeen {
    /// The client's name.
    pub client: &'static str,
    /// Whether they agree; `None`: certcheck could not find out.
    pub agrees: Option<bool>,
    /// The version that the server chose.
    pub version: Option<&'static str>,
    /// The cipher suite that it chose, by its IANA name or number.
    pub cipher: Option<String>,
    /// The group of the key exchange; `DH-n`: finite-field Diffie-Hellman with a prime of n bits.
    pub group: Option<String>,
    /// What the server answered instead.
    pub reason: Option<String>,
}

/// What the wire was checked against.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compared {
    /// The file, or what a server would send.
    pub against: String,
    /// The certificates expected.
    pub expected: Vec<Fingerprint>,
    /// Whether the wire has the same, in the same order.
    pub same: bool,
}

pub(super) fn version_seen(seen: &Observed) -> VersionSeen {
    VersionSeen {
        version: seen.version.as_str(),
        answers: match seen.answered {
            Answered::Yes => Some(true),
            Answered::No => Some(false),
            Answered::Unknown => None,
        },
        reason: seen.reason.clone(),
    }
}

pub(super) fn chain_seen(handshake: &Handshake) -> ChainSeen {
    let leaf = handshake.certificates.first();
    let leaf = leaf.and_then(|der| Certificate::parse(der).ok());
    ChainSeen {
        key: leaf
            .and_then(|leaf| KeyKind::of(&leaf))
            .map(KeyKind::as_str),
        certificates: handshake
            .certificates
            .iter()
            .map(|der| on_the_wire(der))
            .collect(),
        version: handshake.version.map(Version::as_str),
        cipher: handshake.cipher.clone(),
        key_proven: handshake.key_proven,
        stapled: handshake.stapled,
        failure: handshake.failure.clone(),
    }
}

fn on_the_wire(der: &[u8]) -> OnTheWire {
    let read = Certificate::parse(der).ok();
    let read = read.as_ref();
    OnTheWire {
        sha256: sha256(der),
        subject: read.map_or_else(String::new, |read| read.subject().to_string()),
        issuer: read.map_or_else(String::new, |read| read.issuer().to_string()),
        not_before: read.map(Certificate::not_before),
        not_after: read.map(Certificate::not_after),
        subject_alt_names: read
            .map(|read| names(read.subject_alt_names()))
            .unwrap_or_default(),
    }
}
