//! How a key is encrypted, who can open it, and opening it.
//!
//! An attacker may have chosen the numbers in a key file, so certcheck checks the cost of every
//! scheme before it computes anything.

mod cipher;
mod derivation;
mod description;
mod hash;
mod iterations;
mod java;
mod kdf;
mod names;
mod pbes1;
mod pbes2;
mod scheme;
mod seal;
mod traditional;
mod work;

pub(super) use derivation::Derivation;
pub use description::Encryption;
pub(super) use hash::Hash;
pub(super) use iterations::check_iterations;
pub(super) use java::protect_jks;
pub(super) use kdf::{Purpose, bmp_string, pkcs12, utf16_be};
pub(super) use pbes1::bks_key;
pub(super) use scheme::Scheme;
pub(super) use seal::{Random, seal, seal_pkcs8};
pub(super) use traditional::open_traditional;
pub(crate) use work::Work;

use super::der::{self, Reader};
use super::private_key::KeyProblem;
use super::{Malformed, Passphrase};
use zeroize::Zeroizing;

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
    // The scheme is read without a passphrase too: a finding names it, and says which programs
    // could not open it.
    let Some(passphrase) = passphrase else {
        return Err(KeyProblem::Encrypted(encryption));
    };
    match scheme.decrypt(passphrase.secret_bytes(), ciphertext) {
        Ok(plain) => Ok((plain, encryption)),
        Err(refusal) => Err(refusal.into_problem(encryption)),
    }
}
