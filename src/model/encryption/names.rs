//! The algorithms of encryption schemes, by object identifier.

use super::cipher::Cipher;
use crate::model::der::dotted;

/// What is known about a cipher or a scheme.
pub(super) struct Named {
    /// OpenSSL's long name.
    pub(super) name: String,
    /// Whether OpenSSL 3.0.19 has it in its default provider.
    pub(super) openssl3: bool,
    /// Whether it is known to be outdated: anything but AES, Camellia, ARIA or SM4.
    pub(super) outdated: bool,
    /// How it is computed, if certcheck computes it and its only parameter is a vector.
    pub(super) cipher: Option<Cipher>,
}

/// Content of the identifier, OpenSSL's name, whether OpenSSL 3's default
/// provider has it, whether it is modern, how it is computed. Measured on 3.0.19
/// by writing a key with `-provider legacy` and reading it without.
///
/// Not computed: what only OpenSSL writes, and only on request (Blowfish, CAST5, SEED, SM4, the
/// stream modes of AES). Such keys are too rare to trust another crate for each.
type Row = (&'static [u8], &'static str, bool, bool, Option<Cipher>);
const CIPHERS: &[Row] = &[
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02],
        "AES-128-CBC",
        true,
        true,
        Some(Cipher::Aes128),
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16],
        "AES-192-CBC",
        true,
        true,
        Some(Cipher::Aes192),
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a],
        "AES-256-CBC",
        true,
        true,
        Some(Cipher::Aes256),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07],
        "DES-EDE3-CBC",
        true,
        false,
        Some(Cipher::TripleDes),
    ),
    (
        &[0x2b, 0x0e, 0x03, 0x02, 0x07],
        "DES-CBC",
        false,
        false,
        Some(Cipher::Des),
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x02],
        "RC2-CBC",
        false,
        false,
        None,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x04],
        "RC4",
        false,
        false,
        None,
    ),
    (
        &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x02],
        "BF-CBC",
        false,
        false,
        None,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 0x07, 0x42, 0x0a],
        "CAST5-CBC",
        false,
        false,
        None,
    ),
    (
        &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x44, 0x01, 0x04],
        "SEED-CBC",
        false,
        false,
        None,
    ),
    (
        &[
            0x2a, 0x83, 0x08, 0x8c, 0x9a, 0x4b, 0x3d, 0x01, 0x01, 0x01, 0x02,
        ],
        "CAMELLIA-128-CBC",
        true,
        true,
        Some(Cipher::Camellia128),
    ),
    (
        &[
            0x2a, 0x83, 0x08, 0x8c, 0x9a, 0x4b, 0x3d, 0x01, 0x01, 0x01, 0x03,
        ],
        "CAMELLIA-192-CBC",
        true,
        true,
        Some(Cipher::Camellia192),
    ),
    (
        &[
            0x2a, 0x83, 0x08, 0x8c, 0x9a, 0x4b, 0x3d, 0x01, 0x01, 0x01, 0x04,
        ],
        "CAMELLIA-256-CBC",
        true,
        true,
        Some(Cipher::Camellia256),
    ),
    (
        &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 0x01, 0x01, 0x02],
        "ARIA-128-CBC",
        true,
        true,
        Some(Cipher::Aria128),
    ),
    (
        &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 0x01, 0x01, 0x07],
        "ARIA-192-CBC",
        true,
        true,
        Some(Cipher::Aria192),
    ),
    (
        &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 0x01, 0x01, 0x0c],
        "ARIA-256-CBC",
        true,
        true,
        Some(Cipher::Aria256),
    ),
    (
        &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68, 0x02],
        "SM4-CBC",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x03],
        "AES-128-OFB",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x04],
        "AES-128-CFB",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x17],
        "AES-192-OFB",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x18],
        "AES-192-CFB",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2c],
        "AES-256-CFB",
        true,
        true,
        None,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2b],
        "AES-256-OFB",
        true,
        true,
        None,
    ),
];

/// The same for PEM's DEK-Info, which names ciphers in words. All others that
/// OpenSSL 3.0.19 knows (CAMELLIA, ARIA, SM4, CFB and OFB modes of AES) load.
const LEGACY_WORDS: &[&str] = &[
    "DES-CBC", "DES-CFB", "DES-OFB", "RC2-", "RC4", "BF-", "CAST5-", "SEED-", "IDEA-", "RC5-",
];
const MODERN_WORDS: &[&str] = &["AES-", "CAMELLIA-", "ARIA-", "SM4-", "DES-EDE"];

/// The arcs of AES, Camellia, ARIA and SM4: OpenSSL 3.0.19's default provider loads every mode of
/// them that `openssl pkcs8 -v2` writes (measured).
const FAMILIES: [&[u8]; 4] = [
    &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01],
    &[0x03, 0xa2, 0x31, 0x05, 0x03, 0x01, 0x09],
    &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x6e, 0x01, 0x01],
    &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68],
];

pub(super) fn cipher(identifier: &[u8]) -> Named {
    let known = CIPHERS.iter().find(|(oid, ..)| *oid == identifier);
    match known {
        Some(&(_, name, openssl3, modern, cipher)) => Named {
            name: name.to_owned(),
            openssl3,
            outdated: !modern,
            cipher,
        },
        None => Named {
            name: dotted(identifier),
            // A mode that is not in the table belongs to a cipher that OpenSSL has: it loads the
            // key although nothing here does.
            openssl3: FAMILIES.iter().any(|arc| identifier.starts_with(arc)),
            outdated: false,
            cipher: None,
        },
    }
}

/// Whether OpenSSL 3 opens a traditional key encrypted with the cipher of this name.
pub(super) fn openssl3_loads_word(name: &str) -> bool {
    !LEGACY_WORDS.iter().any(|word| name.starts_with(word))
        && MODERN_WORDS.iter().any(|word| name.starts_with(word))
}

/// Schemes that are named but never opened: none of our crates has MD2.
pub(super) fn scheme(identifier: &[u8]) -> Option<&'static str> {
    match identifier {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 1] => Some("pbeWithMD2AndDES-CBC"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 4] => Some("pbeWithMD2AndRC2-CBC"),
        _ => None,
    }
}
