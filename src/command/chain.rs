//! Whether a chain is in order and whole, and what is missing.

use crate::finding::Fingerprint;

/// What is sent, what it leads to, and what is missing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ChainResult {
    /// The certificates that the server would send, in their order.
    pub presented: Vec<Fingerprint>,
    /// The paths that were found from the server's certificate upwards.
    pub paths: Vec<Path>,
    /// Whether no certificate between the server's own and a root is missing.
    pub complete: bool,
    /// The issuers that are in none of the files.
    pub missing: Vec<Missing>,
    /// The certificates in the order in which they should stand.
    pub corrected: Vec<Fingerprint>,
}

/// A path from the server's certificate upwards.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Path {
    /// The certificates, the server's own first.
    pub certificates: Vec<Fingerprint>,
    /// `trust-anchor`, `self-signed`, `below-root` or `gap`.
    pub ends_in: &'static str,
}

/// An issuer that is in none of the files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Missing {
    /// The certificate that lacks it.
    pub issuer_of: Fingerprint,
    /// Its name.
    pub issuer_name: String,
    /// Where it can be had.
    pub aia: Vec<String>,
}
