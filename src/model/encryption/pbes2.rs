//! PBES2 (RFC 8018 section 6.2): a derivation and a cipher.

use super::cipher::Cipher;
use super::derivation::Derivation;
use super::{Encryption, Refusal, names};
use crate::model::Malformed;
use crate::model::der::Reader;
use zeroize::Zeroizing;

pub(super) const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];

/// PBES2 with its parameters.
#[derive(Debug)]
pub(super) struct Pbes2<'a> {
    derivation: Derivation<'a>,
    /// `None` if certcheck does not compute the cipher.
    cipher: Option<(Cipher, &'a [u8])>,
}

impl<'a> Pbes2<'a> {
    pub(super) fn read(parameters: Option<&'a [u8]>) -> Result<(Self, Encryption), Malformed> {
        let mut outer = Reader::new(parameters.unwrap_or_default(), "PBES2-params");
        let mut fields = outer.sequence("the parameters")?;
        let derivation = Derivation::read(&mut fields.sequence("the key derivation")?)?;
        let mut identifier = fields.sequence("the encryption scheme")?;
        fields.end()?;
        let named = names::cipher(identifier.oid("the cipher")?);
        let cipher = match named.cipher {
            Some(cipher) => Some(initialised(cipher, &mut identifier)?),
            None if named.name == RC2 => rc2(&mut identifier)?,
            None => None,
        };
        let encryption = Encryption {
            scheme: format!("PBES2 ({}; {})", derivation.words(), named.name),
            openssl3_loads: named.openssl3 && derivation.openssl3_loads(),
            outdated: named.outdated,
            work: derivation.work(),
        };
        Ok((Self { derivation, cipher }, encryption))
    }

    pub(super) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let (cipher, iv) = self.cipher.ok_or(Refusal::NotDecryptable)?;
        cipher.check_length(ciphertext)?;
        let key = self.derivation.derive(passphrase, cipher.key_length())?;
        cipher.decrypt(&key, iv, ciphertext)
    }
}

/// A cipher with its initialisation vector.
fn initialised<'a>(
    cipher: Cipher,
    fields: &mut Reader<'a>,
) -> Result<(Cipher, &'a [u8]), Malformed> {
    let iv = fields.octets("the initialisation vector")?;
    if iv.len() == cipher.block_length() {
        Ok((cipher, iv))
    } else {
        Err(fields.error("an initialisation vector that is not one block long"))
    }
}

const RC2: &str = "RC2-CBC";

/// RC2-CBC-Parameter (RFC 8018 appendix B.2.3): its version encodes the
/// effective key bits. OpenSSL derives a key of that length.
fn rc2<'a>(fields: &mut Reader<'a>) -> Result<Option<(Cipher, &'a [u8])>, Malformed> {
    let mut parameter = fields.sequence("RC2-CBC-Parameter")?;
    let key_length = match parameter.small("the version")? {
        160 => 5,
        120 => 8,
        58 => 16,
        _ => return Ok(None),
    };
    initialised(Cipher::Rc2 { key_length }, &mut parameter).map(Some)
}
