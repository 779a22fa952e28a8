//! What changes when a certificate is replaced.

use crate::Time;
use crate::client::Verdict;
use crate::finding::Fingerprint;
use std::borrow::Cow;

/// What changes, and whether it is safe.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DiffResult {
    /// The certificate that is replaced.
    pub old: Side,
    /// The one that replaces it.
    pub new: Side,
    /// Whether both are the same certificate.
    pub same: bool,
    /// Names of the old certificate that the new one does not cover.
    pub lost: Vec<String>,
    /// Names of the new certificate that the old one does not cover.
    pub won: Vec<String>,
    /// Whether the keys are the same.
    pub same_key: bool,
    /// Purposes and usages that only the old certificate has.
    pub purposes_lost: Vec<String>,
    /// What each client says about the old and the new one; those that decide come first.
    pub verdicts: Vec<VerdictChange>,
    /// Certificates to install in clients that accept the old one and not the new one.
    pub anchors_needed: Vec<Fingerprint>,
    /// How the trust stores that were named judge the replacement.
    pub stores: Vec<StoreSeen>,
    /// Whether it is safe: nothing that decides is lost, and nothing is undecided.
    pub safe: bool,
}

/// What a client says about both certificates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerdictChange {
    /// The client's name.
    pub client: Cow<'static, str>,
    /// Whether the answer depends on it.
    pub decides: bool,
    /// Its verdict on the old one.
    pub old: Verdict,
    /// Its verdict on the new one.
    pub new: Verdict,
    /// Why it does not accept the new one.
    pub reason: Option<String>,
}

impl VerdictChange {
    /// Whether the client accepts only the old certificate.
    pub fn is_lost(&self) -> bool {
        self.old == Verdict::Accepts && self.new != Verdict::Accepts
    }
}

/// A trust store, and how it judges the replacement.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct StoreSeen {
    /// Its name.
    pub store: String,
    /// Whether it holds the old certificate itself, or one with its key.
    pub pins_old: bool,
    /// Whether it holds the new certificate itself, or one with its key.
    pub pins_new: bool,
    /// The clients that accept the old certificate with this store, and not the new one.
    pub lost: Vec<Cow<'static, str>>,
}

/// What must be known about a certificate that replaces another or is replaced.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Side {
    /// The input that it is in.
    pub source: String,
    /// SHA-256 of the certificate; `None` if none can be read.
    pub sha256: Option<Fingerprint>,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its names, as `inspect` writes them.
    pub names: Vec<String>,
    /// The key's algorithm.
    pub algorithm: String,
    /// The key's size.
    pub bits: Option<u64>,
    /// The issuer's signature algorithm.
    pub signature_algorithm: String,
    /// The first moment of its validity.
    pub not_before: Option<Time>,
    /// The last one.
    pub not_after: Option<Time>,
    /// Its key's usages.
    pub key_usage: Vec<String>,
    /// Its purposes.
    pub extended_key_usage: Vec<String>,
    /// Whether it requires a stapled OCSP response.
    pub must_staple: bool,
    /// SHA-256 of its SubjectPublicKeyInfo: what pins contain (RFC 7469), in base64 there.
    pub spki_sha256: Option<Fingerprint>,
    /// The data of TLSA records for it and for the issuers that are sent (RFC 6698).
    pub tlsa: Vec<String>,
    /// What the server sends, upwards from the certificate.
    pub path: Vec<InPath>,
    /// Further certificates for the same server, with other kinds of key.
    pub beside: Vec<Fingerprint>,
}

/// A certificate of the path.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InPath {
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// Its subject.
    pub subject: String,
}
