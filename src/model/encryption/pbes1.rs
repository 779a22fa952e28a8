//! The outdated schemes: PBES1 (RFC 8018 section 6.1) and PKCS#12 PBE (RFC 7292 appendix C).

use super::cipher::Cipher;
use super::hash::Hash;
use super::iterations::check_iterations;
use super::kdf::{self, Purpose};
use super::{Encryption, Refusal, Work};
use crate::model::Malformed;
use crate::model::der::Reader;
use zeroize::Zeroizing;

#[derive(Clone, Copy, Debug)]
enum Derivation {
    /// PBKDF1: key and initialisation vector from one digest.
    Pbkdf1(Hash),
    /// RFC 7292 appendix B with SHA-1.
    Pkcs12,
}

/// A scheme with its parameters.
#[derive(Debug)]
pub(super) struct Pbes1<'a> {
    derivation: Derivation,
    cipher: Cipher,
    salt: &'a [u8],
    iterations: u64,
}

const DES: Cipher = Cipher::Des;
const RC2_64: Cipher = Cipher::Rc2 { key_length: 8 };

/// Last arc of the identifier, OpenSSL's name, how it works, and whether OpenSSL
/// 3.0.19 opens it with the default provider (measured).
type Row = (u8, &'static str, Derivation, Cipher, bool);

/// pkcs-5 (1.2.840.113549.1.5).
const PKCS5: &[Row] = &[
    (
        3,
        "pbeWithMD5AndDES-CBC",
        Derivation::Pbkdf1(Hash::Md5),
        DES,
        false,
    ),
    (
        6,
        "pbeWithMD5AndRC2-CBC",
        Derivation::Pbkdf1(Hash::Md5),
        RC2_64,
        false,
    ),
    (
        10,
        "pbeWithSHA1AndDES-CBC",
        Derivation::Pbkdf1(Hash::Sha1),
        DES,
        false,
    ),
    (
        11,
        "pbeWithSHA1AndRC2-CBC",
        Derivation::Pbkdf1(Hash::Sha1),
        RC2_64,
        false,
    ),
];

/// pkcs-12PbeIds (1.2.840.113549.1.12.1).
const PKCS12: &[Row] = &[
    (
        1,
        "pbeWithSHA1And128BitRC4",
        Derivation::Pkcs12,
        Cipher::Rc4,
        false,
    ),
    (
        2,
        "pbeWithSHA1And40BitRC4",
        Derivation::Pkcs12,
        Cipher::Rc4Short,
        false,
    ),
    (
        3,
        "pbeWithSHA1And3-KeyTripleDES-CBC",
        Derivation::Pkcs12,
        Cipher::TripleDes,
        true,
    ),
    (
        4,
        "pbeWithSHA1And2-KeyTripleDES-CBC",
        Derivation::Pkcs12,
        Cipher::DoubleDes,
        true,
    ),
    (
        5,
        "pbeWithSHA1And128BitRC2-CBC",
        Derivation::Pkcs12,
        Cipher::Rc2 { key_length: 16 },
        false,
    ),
    (
        6,
        "pbeWithSHA1And40BitRC2-CBC",
        Derivation::Pkcs12,
        Cipher::Rc2 { key_length: 5 },
        false,
    ),
];

impl<'a> Pbes1<'a> {
    /// The scheme of this identifier, if it is one of these.
    pub(super) fn read(
        identifier: &[u8],
        parameters: Option<&'a [u8]>,
    ) -> Result<Option<(Self, Encryption)>, Malformed> {
        let (rows, last) = match identifier {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, last] => (PKCS5, last),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, last] => (PKCS12, last),
            _ => return Ok(None),
        };
        let Some((_, name, derivation, cipher, openssl3)) =
            rows.iter().find(|(arc, ..)| arc == last)
        else {
            return Ok(None);
        };
        let mut outer = Reader::new(parameters.unwrap_or_default(), "PBEParameter");
        let mut fields = outer.sequence("the parameters")?;
        let salt = fields.octets("the salt")?;
        let iterations = fields.small("the iteration count")?;
        fields.end()?;
        let encryption = Encryption {
            scheme: (*name).to_owned(),
            openssl3_loads: *openssl3,
            outdated: true,
            work: Work::iterations(iterations),
        };
        let scheme = Self {
            derivation: *derivation,
            cipher: *cipher,
            salt,
            iterations,
        };
        Ok(Some((scheme, encryption)))
    }

    pub(super) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        self.cipher.check_length(ciphertext)?;
        check_iterations(self.iterations)?;
        let hash = match self.derivation {
            Derivation::Pbkdf1(hash) => hash,
            Derivation::Pkcs12 => return self.decrypt_pkcs12(passphrase, ciphertext),
        };
        // RFC 8018 section 6.1.1: of the 16 bytes the first eight are the key, the others the
        // initialisation vector.
        let derived = kdf::pbkdf1(hash, passphrase, self.salt, self.iterations);
        let part = |from, to| derived.get(from..to).unwrap_or_default();
        self.cipher.decrypt(part(0, 8), part(8, 16), ciphertext)
    }

    fn decrypt_pkcs12(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let open = |password: &[u8]| {
            let derive = |purpose, length| {
                let salt = self.salt;
                kdf::pkcs12(Hash::Sha1, purpose, password, salt, self.iterations, length)
            };
            // RFC 7292 appendix B.3: ID 1 is for the key, 2 for the initialisation vector, 3 for
            // the MAC.
            let key = derive(Purpose::Key, self.cipher.key_length());
            let iv = derive(Purpose::Iv, self.cipher.block_length());
            self.cipher.decrypt(&key, &iv, ciphertext)
        };
        let opened = open(&kdf::bmp_string(passphrase));
        // An empty passphrase is two zeros or, for GnuTLS's `--null-password` and OpenSSL's NULL,
        // no bytes at all. What is inside is a SEQUENCE.
        let fits = |plain: &Result<Zeroizing<Vec<u8>>, Refusal>| matches!(plain, Ok(plain) if plain.first() == Some(&crate::model::der::SEQUENCE));
        if !passphrase.is_empty() || fits(&opened) {
            return opened;
        }
        Some(open(&[])).filter(fits).unwrap_or(opened)
    }
}

/// Opens what Bouncy Castle sealed for its BKS keystore: triple DES with RFC 7292's derivation,
/// from a password that is already UTF-16.
pub(in crate::model) fn bks_key(
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    Cipher::TripleDes.check_length(ciphertext)?;
    check_iterations(iterations)?;
    let derive =
        |purpose, length| kdf::pkcs12(Hash::Sha1, purpose, password, salt, iterations, length);
    let (key, iv) = (derive(Purpose::Key, 24), derive(Purpose::Iv, 8));
    Cipher::TripleDes.decrypt(&key, &iv, ciphertext)
}
