//! The key protection of Java's own keystores: of JKS (KeyProtector.java in
//! sun/security/provider of OpenJDK) a keystream of chained SHA-1 digests, and a digest to verify
//! it; of JCEKS (in com/sun/crypto/provider) triple DES.

use super::cipher::Cipher;
use super::hash::Hash;
use super::iterations::check_iterations;
use super::kdf::{jceks, utf16_be};
use super::{Encryption, Refusal, Work};
use crate::model::Malformed;
use crate::model::der::{self, Reader};
use zeroize::Zeroizing;

/// 1.3.6.1.4.1.42.2.17.1.1
pub(super) const JKS_KEY_PROTECTION: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01];

/// 1.3.6.1.4.1.42.2.19.1, of JCEKS keystores.
pub(super) const JCEKS_KEY_PROTECTION: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01];

/// The length of a SHA-1 digest, of the salt before the key, and of the digest after it.
const LENGTH: usize = 20;

fn encryption(scheme: &str, work: Work) -> Encryption {
    Encryption {
        scheme: scheme.to_owned(),
        openssl3_loads: false,
        outdated: true,
        work,
    }
}

/// How the keys of JKS are protected.
pub(super) fn jks_encryption() -> Encryption {
    encryption("JKS key protection (SHA-1)", Work::NONE)
}

/// PBEWithMD5AndTripleDES with its parameters.
#[derive(Debug)]
pub(super) struct Jceks {
    salt: [u8; 8],
    iterations: u64,
}

impl Jceks {
    /// Reads whole parameters: a PBEParameter (RFC 8018 appendix A.3).
    pub(super) fn read(parameters: Option<&[u8]>) -> Result<(Self, Encryption), Malformed> {
        let mut outer = Reader::new(parameters.unwrap_or_default(), "PBEParameter");
        let mut fields = outer.sequence("the parameters")?;
        let salt = fields.octets("the salt")?;
        let iterations = fields.small("the iteration count")?;
        fields.end()?;
        let salt = salt
            .try_into()
            .map_err(|_| fields.error("a salt that does not have 8 bytes"))?;
        let words =
            format!("JCEKS key protection (PBEWithMD5AndTripleDES, {iterations} iterations)");
        let encryption = encryption(&words, Work::iterations(iterations));
        Ok((Self { salt, iterations }, encryption))
    }

    /// Java accepts only ASCII passphrases here (PBEKey.java).
    pub(super) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        Cipher::TripleDes.check_length(ciphertext)?;
        check_iterations(self.iterations)?;
        let derived = jceks(passphrase, self.salt, self.iterations);
        let (key, iv) = derived.split_at_checked(24).unwrap_or_default();
        Cipher::TripleDes.decrypt(key, iv, ciphertext)
    }
}

/// Removes the protection; if the digest does not match, the passphrase is wrong.
pub(super) fn decrypt(passphrase: &[u8], protected: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let parts = protected.split_at_checked(LENGTH).and_then(|(salt, rest)| {
        let (body, check) = rest.split_at_checked(rest.len().checked_sub(LENGTH)?)?;
        Some((salt, body, check))
    });
    let Some((salt, body, check)) = parts else {
        return Err(Refusal::Malformed(Malformed::new(
            "protected key of a Java keystore",
            "it is shorter than its salt and check",
        )));
    };
    let password = utf16_be(passphrase);
    let plain = streamed(&password, salt, body);
    // Only the digest of the plain key tells a right passphrase from a wrong one: the
    // keystream has no padding.
    if Hash::Sha1.digest(&[&password, &plain]).as_slice() == check {
        Ok(plain)
    } else {
        Err(Refusal::WrongPassphrase)
    }
}

/// The bytes XORed with the keystream: applying it twice restores them.
fn streamed(password: &[u8], salt: &[u8], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut digest = Zeroizing::new(salt.to_vec());
    for piece in bytes.chunks(LENGTH) {
        digest = Hash::Sha1.digest(&[password, &digest]);
        out.extend(piece.iter().zip(digest.iter()).map(|(a, b)| a ^ b));
    }
    out
}

/// An EncryptedPrivateKeyInfo as in JKS. Guessing a passphrase costs one SHA-1 for each 20 bytes of
/// the key.
pub(in crate::model) fn protect_jks(
    passphrase: &[u8],
    salt: [u8; LENGTH],
    pkcs8: &[u8],
) -> Vec<u8> {
    let password = utf16_be(passphrase);
    let body = streamed(&password, &salt, pkcs8);
    let check = Hash::Sha1.digest(&[&password, pkcs8]);
    let null = der::element(der::NULL, &[]);
    der::element(
        der::SEQUENCE,
        &[
            &der::algorithm(JKS_KEY_PROTECTION, &null),
            &der::element(der::OCTET_STRING, &[&salt, &body, &check]),
        ],
    )
}
