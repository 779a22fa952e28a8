//! How a key is encrypted, who can open it, and opening it.
//!
//! The numbers of a key file may have been chosen by a stranger; every scheme
//! is asked for its cost before anything is computed.

mod cipher;
mod derivation;
mod hash;
mod java;
mod kdf;
mod names;
mod pbes1;
mod pbes2;
mod scheme;
mod traditional;
mod work;

pub(super) use derivation::Derivation;
pub(super) use hash::Hash;
pub(super) use kdf::{Purpose, bmp_string, pkcs12, utf16_be};
pub(super) use pbes1::bks_key;
pub(super) use scheme::{Scheme, check_iterations};
pub(super) use traditional::open_traditional;
pub(crate) use work::Work;

use super::der::{self, Reader};
use super::private_key::KeyProblem;
use super::{Malformed, Passphrase};
use std::fmt;
use zeroize::Zeroizing;

/// How something is encrypted with a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    scheme: String,
    openssl3_loads: bool,
    outdated: bool,
    work: Work,
}

impl Encryption {
    /// One that has no AlgorithmIdentifier of its own.
    pub(super) fn described(scheme: &str, openssl3_loads: bool, outdated: bool) -> Self {
        Self {
            scheme: scheme.to_owned(),
            openssl3_loads,
            outdated,
            work: Work::NONE,
        }
    }

    /// What opening it costs.
    pub(crate) const fn work(&self) -> Work {
        self.work
    }

    /// The scheme in words, with OpenSSL's names of algorithms: `PBES2 (PBKDF2
    /// with hmacWithSHA256, 2048 iterations; AES-256-CBC)`,
    /// `pbeWithMD5AndDES-CBC`, `DEK-Info DES-EDE3-CBC`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Whether OpenSSL 3 opens it with nothing but its default provider
    /// (measured on 3.0.19): everything with DES, RC2, RC4, Blowfish, CAST or
    /// SEED needs the legacy provider, and scrypt may use 32 MiB.
    pub const fn openssl3_loads(&self) -> bool {
        self.openssl3_loads
    }

    /// Whether it is anything but PBES2 with AES (or another modern cipher):
    /// RFC 8018 section 6.1 recommends PBES2 for all new uses, and the
    /// traditional form derives its key with one round of MD5.
    pub const fn is_outdated(&self) -> bool {
        self.outdated
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.scheme)
    }
}

/// Why something encrypted was not opened.
pub(crate) enum Refusal {
    WrongPassphrase,
    NotDecryptable,
    TooCostly(String),
    Malformed(Malformed),
}

impl Refusal {
    pub(super) fn into_problem(self, encryption: Encryption) -> KeyProblem {
        match self {
            Self::WrongPassphrase => KeyProblem::WrongPassphrase(encryption),
            Self::NotDecryptable => KeyProblem::NotDecryptable(encryption),
            Self::TooCostly(reason) => KeyProblem::TooCostly { encryption, reason },
            Self::Malformed(malformed) => KeyProblem::Malformed(malformed),
        }
    }
}

/// What was inside, and how it was encrypted.
pub(super) type Opened = (Zeroizing<Vec<u8>>, Encryption);

/// Opens an EncryptedPrivateKeyInfo (RFC 5958 section 3).
pub(super) fn open_pkcs8(
    der: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<Opened, KeyProblem> {
    let mut outer = Reader::new(der, "EncryptedPrivateKeyInfo");
    let mut fields = outer.sequence("the outer SEQUENCE")?;
    outer.end()?;
    let identifier = fields.expect(der::SEQUENCE, "the encryption algorithm")?;
    let ciphertext = fields.octets("the encrypted key")?;
    fields.end()?;
    let (scheme, encryption) = Scheme::read(identifier.content)?;
    let Some(passphrase) = passphrase else {
        return Err(KeyProblem::Encrypted(encryption));
    };
    match scheme.decrypt(passphrase.secret_bytes(), ciphertext) {
        Ok(plain) => Ok((plain, encryption)),
        Err(refusal) => Err(refusal.into_problem(encryption)),
    }
}
