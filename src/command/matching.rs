//! Which keys, certificates and requests belong together.

use crate::finding::Fingerprint;

/// The groups that belong together, and what belongs to nothing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Matching {
    /// Objects that share a key, proven.
    pub groups: Vec<Group>,
    /// Objects that share their key with no other.
    pub unmatched: Vec<Member>,
}

/// Objects that share a key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// SHA-256 of the key's SubjectPublicKeyInfo.
    pub spki_sha256: Fingerprint,
    /// The key's algorithm.
    pub algorithm: String,
    /// The objects, in the order of the inputs.
    pub members: Vec<Member>,
}

/// An object that holds a key, or half of one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The file as the user named it.
    pub source: String,
    /// The object's place in its file, counted from 0.
    pub index: usize,
    /// `certificate`, `private-key`, `public-key` or `csr`.
    pub kind: &'static str,
}
