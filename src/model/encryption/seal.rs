//! Encrypts with a passphrase: PBES2 (RFC 8018 section 6.2) with PBKDF2, HMAC-SHA256 and
//! AES-256 in CBC mode, which OpenSSL, Java 8u301, Go, GnuTLS and Windows 10 1709 open.

use super::hash::Hash;
use crate::model::der;
use aes::Aes256;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use zeroize::Zeroizing;

/// OpenSSL's and Java's defaults (2,048 and 10,000) make guessing cheap; this takes 50 ms.
const ITERATIONS: u32 = 100_000;

const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const HMAC_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
const AES_256_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];

/// Salt and initialisation vector, from a source of random numbers.
#[derive(Clone, Copy)]
pub(in crate::model) struct Random {
    pub(in crate::model) salt: [u8; 16],
    pub(in crate::model) iv: [u8; 16],
}

/// The AlgorithmIdentifier and the ciphertext.
pub(in crate::model) fn seal(
    passphrase: &[u8],
    random: Random,
    plain: &[u8],
) -> Option<(Vec<u8>, Vec<u8>)> {
    let Random { salt, iv } = random;
    let key = Hash::Sha256.pbkdf2(passphrase, &salt, ITERATIONS, 32);
    let encryptor = Encryptor::<Aes256>::new_from_slices(&key, &iv).ok()?;
    let mut buffer = Zeroizing::new(vec![0; plain.len() + 16]);
    buffer.get_mut(..plain.len())?.copy_from_slice(plain);
    let sealed = encryptor
        .encrypt_padded_mut::<Pkcs7>(&mut buffer, plain.len())
        .ok()?
        .to_vec();
    let null = der::element(der::NULL, &[]);
    let salt = der::element(der::OCTET_STRING, &[&salt]);
    let iterations = der::integer(&ITERATIONS.to_be_bytes());
    let prf = der::algorithm(HMAC_SHA256, &null);
    let parameters = der::element(der::SEQUENCE, &[&salt, &iterations, &prf]);
    let derivation = der::algorithm(PBKDF2, &parameters);
    let cipher = der::algorithm(AES_256_CBC, &der::element(der::OCTET_STRING, &[&iv]));
    let parameters = der::element(der::SEQUENCE, &[&derivation, &cipher]);
    Some((der::algorithm(PBES2, &parameters), sealed))
}

/// An EncryptedPrivateKeyInfo (RFC 5958 section 3) of PKCS#8.
pub(in crate::model) fn seal_pkcs8(
    passphrase: &[u8],
    random: Random,
    pkcs8: &[u8],
) -> Option<Vec<u8>> {
    let (algorithm, sealed) = seal(passphrase, random, pkcs8)?;
    let sealed = der::element(der::OCTET_STRING, &[&sealed]);
    Some(der::element(der::SEQUENCE, &[&algorithm, &sealed]))
}
