//! Files that hold other objects: PKCS#7, PKCS#12 and Java's keystores.
//!
//! The contents are returned as DER, to be read like any other: a certificate
//! with [`Certificate::parse`](super::Certificate::parse), a key, encrypted or
//! not, with [`PrivateKey::read`](super::PrivateKey::read).

mod ber;
mod bks;
mod cms;
mod java_fields;
mod java_stream;
mod jks;
mod jks_write;
mod mac;
mod open;
mod pkcs12;
mod pkcs12_write;
mod pkcs7;
mod protection;

pub use cms::ContentType;
pub use jks_write::jks_of;
pub(crate) use open::{Shown, empty};
pub use pkcs12_write::{Seed, encrypted_pkcs8, pkcs12_of};
pub use protection::{CannotOpen, Protection};

use super::{Encryption, KeyForm};
use std::fmt;
use zeroize::Zeroizing;

/// What a PKCS#7 or PKCS#12 file or a Java keystore holds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Container {
    /// The objects, in their order.
    pub objects: Vec<Contained>,
    /// Parts of it that are encrypted and were not opened, for lack of a
    /// passphrase or of the cipher.
    pub closed: Vec<Encryption>,
    /// The result of its integrity check (RFC 7292 section 4, or the digest at the end of a Java
    /// keystore).
    pub integrity: Integrity,
    /// How a PKCS#12 file is protected; `None` for others.
    pub protection: Option<Protection>,
}

/// What a container's message authentication code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Integrity {
    /// It has none.
    Absent,
    /// It has one, but no passphrase was given to compute it with.
    NotChecked,
    /// It has one that is not computed here: an unknown digest or derivation.
    NotComputable,
    /// It has one that does not hold, though the passphrase opens what is inside:
    /// the file was changed, or its code was made with another passphrase.
    Broken,
    /// It is the one that the passphrase yields.
    Holds,
}

/// What an object of a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContainedKind {
    /// An X.509 certificate.
    Certificate,
    /// A certificate revocation list.
    Crl,
    /// A private key, plain or encrypted PKCS#8.
    PrivateKey(KeyForm),
    /// Something else: a secret, an attribute certificate.
    Unknown,
}

/// One object of a container. Its bytes may be a key: they are wiped and not shown.
pub struct Contained {
    kind: ContainedKind,
    der: Zeroizing<Vec<u8>>,
    friendly_name: Option<String>,
    local_key_id: Option<Vec<u8>>,
    /// Whether Java treats it as a trusted certificate.
    is_trusted: bool,
}

impl Contained {
    fn new(kind: ContainedKind, der: &[u8]) -> Self {
        Self {
            kind,
            der: Zeroizing::new(der.to_vec()),
            friendly_name: None,
            local_key_id: None,
            is_trusted: false,
        }
    }

    /// What it is.
    pub const fn kind(&self) -> ContainedKind {
        self.kind
    }

    /// Its DER form; of a private key, the secret.
    pub fn secret_der(&self) -> &[u8] {
        &self.der
    }

    /// The name that PKCS#12 or the keystore gives it (RFC 2985 section 5.5.1), without control
    /// characters and at most 100 characters of it.
    pub fn friendly_name(&self) -> Option<&str> {
        self.friendly_name.as_deref()
    }

    /// What ties a key and its certificate together in PKCS#12 (RFC 2985 section
    /// 5.5.2). It is a label, not a proof.
    pub fn local_key_id(&self) -> Option<&[u8]> {
        self.local_key_id.as_deref()
    }
}

impl fmt::Debug for Contained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contained")
            .field("kind", &self.kind)
            .field("bytes", &self.der.len())
            .field("friendly_name", &self.friendly_name)
            .finish_non_exhaustive()
    }
}
