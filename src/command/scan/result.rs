//! What a scan answers.

use crate::Time;
use crate::finding::Fingerprint;

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spot {
    /// The file.
    pub source: String,
    /// The name of its place within the file: a member of an archive, a value of a Secret.
    pub member: Option<String>,
    /// The object's place among those of the file, counted from 0.
    pub index: usize,
    /// The line on which it begins, where the file has lines.
    pub line: Option<usize>,
}

/// How much there was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Files that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Those of them without certificates, keys or other objects.
    pub other_files: usize,
    /// Objects of all kinds.
    pub objects: usize,
    /// Certificates, each copy counted.
    pub certificates: usize,
    /// Private keys, each copy counted.
    pub private_keys: usize,
    /// Certification requests.
    pub requests: usize,
    /// Certificate revocation lists.
    pub revocation_lists: usize,
    /// PKCS#7 and PKCS#12 files and Java keystores.
    pub containers: usize,
    /// Certificates that have expired.
    pub expired: usize,
    /// Certificates that are valid and expire soon.
    pub expire_soon: usize,
    /// Keys and containers that no passphrase opened.
    pub closed: usize,
    /// Certificates that were not compared with the others: there were too many.
    pub not_compared: usize,
}

/// A certificate, and when it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// The subject's name.
    pub subject: String,
    /// The issuer's name.
    pub issuer: String,
    /// notBefore.
    pub not_before: Time,
    /// notAfter.
    pub not_after: Time,
    /// Whether it has expired, or expires soon.
    pub is_due: bool,
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// Where it occurs first.
    pub spot: Spot,
    /// How many places it is in.
    pub places: usize,
}

/// A private key that no certificate in the tree matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoneKey {
    /// Where it is.
    pub spot: Spot,
    /// Its algorithm.
    pub algorithm: String,
    /// SHA-256 of its SubjectPublicKeyInfo.
    pub spki_sha256: Fingerprint,
}

/// An issuer of certificates in the tree that is not itself in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issuer {
    /// Its name.
    pub name: String,
    /// How many certificates it issued, copies not counted.
    pub certificates: usize,
    /// Where the first of them is.
    pub spot: Spot,
}

/// A key that several certificates have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SharedKey {
    /// SHA-256 of its SubjectPublicKeyInfo.
    pub spki_sha256: Fingerprint,
    /// Its algorithm.
    pub algorithm: String,
    /// How many certificates have it, copies not counted.
    pub certificates: usize,
    /// Where they are; not all, if there are many.
    pub spots: Vec<Spot>,
}

/// A certificate that is in several places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copies {
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// The subject's name.
    pub subject: String,
    /// In how many places.
    pub places: usize,
    /// Those places; not all, if there are many.
    pub spots: Vec<Spot>,
}

/// What was not read, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Why, in words.
    pub what: &'static str,
    /// Whether certificates or keys may be in it.
    pub matters: bool,
    /// How many.
    pub count: usize,
    /// The first of them, some with details.
    pub paths: Vec<(String, Option<String>)>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// How much there was.
    pub counts: Counts,
    /// Certificates, in the order in which they expire; at most 10,000.
    pub endings: Vec<Ending>,
    /// How many certificates are not in that list.
    pub more_endings: usize,
    /// Private keys without a certificate.
    pub lone_keys: Vec<LoneKey>,
    /// Issuers that are not in the tree.
    pub missing_issuers: Vec<Issuer>,
    /// Keys of several certificates.
    pub shared_keys: Vec<SharedKey>,
    /// Certificates in several places.
    pub copies: Vec<Copies>,
    /// How many of each of the four lists above were found, in their order: no list has more
    /// than a thousand.
    pub found: [usize; 4],
    /// What was not read.
    pub skipped: Vec<Skipped>,
}
