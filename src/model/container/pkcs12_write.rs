//! Writes PKCS#12 (RFC 7292): one key, its certificate and the chain.
//!
//! AES-256 and PBKDF2 with HMAC-SHA256 for key and certificates, HMAC-SHA256 over all:
//! OpenSSL 1.1 and 3, Java 8u301 and later, GnuTLS and Windows 10 1709 read it.

use crate::model::Passphrase;
use crate::model::PrivateKey;
use crate::model::der;
use crate::model::encryption::{Hash, Purpose, Random, bmp_string, pkcs12, seal, seal_pkcs8};
use zeroize::Zeroizing;

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
const KEY_BAG: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
];
const CERTIFICATE_BAG: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03,
];
const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const BMP_STRING: u8 = 0x1e;
/// For the code over all: Java's default.
const MAC_ITERATIONS: u32 = 10_000;

/// Random bytes for one encryption or file, from the system's source.
pub type Seed = [u8; 80];

/// An encrypted PKCS#8 key (`ENCRYPTED PRIVATE KEY`) under a passphrase; `None` if the key is
/// not proven.
pub fn encrypted_pkcs8(key: &PrivateKey, passphrase: &Passphrase, seed: &Seed) -> Option<Vec<u8>> {
    let pkcs8 = key.to_pkcs8()?;
    seal_pkcs8(passphrase.secret_bytes(), random(seed, 0), &pkcs8)
}

/// A PKCS#12 file: the key, its certificate (the first), the chain after it; `name` is what
/// Java calls the alias. `None` if the key is not proven.
pub fn pkcs12_of(
    key: &PrivateKey,
    certificates: &[&[u8]],
    name: &str,
    passphrase: &Passphrase,
    seed: &Seed,
) -> Option<Zeroizing<Vec<u8>>> {
    let secret = passphrase.secret_bytes();
    let pkcs8 = key.to_pkcs8()?;
    let shrouded = seal_pkcs8(secret, random(seed, 0), &pkcs8)?;
    // Java and Windows pair a key with its certificate by localKeyId, which must be equal in both
    // bags. Its value is free; OpenSSL uses the SHA-1 of the certificate, so this does too.
    let id = Hash::Sha1.digest(&[certificates.first()?]);
    let own = attributes(&[
        attribute(FRIENDLY_NAME, &bmp(name)),
        attribute(LOCAL_KEY_ID, &der::element(der::OCTET_STRING, &[&id])),
    ]);
    let key_bag = bag(KEY_BAG, &shrouded, &own);
    let mut certificate_bags = Vec::new();
    for (place, certificate) in certificates.iter().enumerate() {
        let octets = der::element(der::OCTET_STRING, &[certificate]);
        let value = der::element(
            der::SEQUENCE,
            &[
                &der::element(der::OID, &[X509]),
                &der::element(der::context(0), &[&octets]),
            ],
        );
        let attributes = if place == 0 { own.as_slice() } else { &[] };
        certificate_bags.push(bag(CERTIFICATE_BAG, &value, attributes));
    }
    let bags: Vec<&[u8]> = certificate_bags.iter().map(Vec::as_slice).collect();
    let certificates = der::element(der::SEQUENCE, &bags);
    // Bytes 0 to 31 of the seed encrypt the key and 32 to 63 the certificates: no salt and no IV
    // is used twice under one passphrase.
    let (algorithm, sealed) = seal(secret, random(seed, 32), &certificates)?;
    let encrypted = der::element(
        der::SEQUENCE,
        &[
            &der::integer(&[]),
            &der::element(
                der::SEQUENCE,
                &[
                    &der::element(der::OID, &[DATA]),
                    &algorithm,
                    &der::element(der::context_primitive(0), &[&sealed]),
                ],
            ),
        ],
    );
    let safe = der::element(
        der::SEQUENCE,
        &[
            &content(ENCRYPTED_DATA, &encrypted),
            &data(&der::element(der::SEQUENCE, &[&key_bag])),
        ],
    );
    // The remaining 16 bytes are the salt of the authentication code.
    let mac = mac(secret, seed.get(64..)?, &safe);
    Some(Zeroizing::new(der::element(
        der::SEQUENCE,
        &[&der::integer(&[3]), &data(&safe), &mac],
    )))
}

fn random(seed: &Seed, at: usize) -> Random {
    let mut random = Random {
        salt: [0; 16],
        iv: [0; 16],
    };
    let mut bytes = seed.iter().skip(at);
    for to in random.salt.iter_mut().chain(&mut random.iv) {
        *to = bytes.next().copied().unwrap_or_default();
    }
    random
}

fn bmp(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    der::element(BMP_STRING, &[&units])
}

fn attribute(oid: &[u8], value: &[u8]) -> Vec<u8> {
    der::element(
        der::SEQUENCE,
        &[
            &der::element(der::OID, &[oid]),
            &der::element(der::SET, &[value]),
        ],
    )
}

/// The `SET OF` in DER: its elements in the order of their bytes.
fn attributes(all: &[Vec<u8>]) -> Vec<u8> {
    let mut all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    all.sort_unstable();
    der::element(der::SET, &all)
}

fn bag(oid: &[u8], value: &[u8], attributes: &[u8]) -> Vec<u8> {
    der::element(
        der::SEQUENCE,
        &[
            &der::element(der::OID, &[oid]),
            &der::element(der::context(0), &[value]),
            attributes,
        ],
    )
}

/// A ContentInfo.
fn content(oid: &[u8], value: &[u8]) -> Vec<u8> {
    der::element(
        der::SEQUENCE,
        &[
            &der::element(der::OID, &[oid]),
            &der::element(der::context(0), &[value]),
        ],
    )
}

fn data(value: &[u8]) -> Vec<u8> {
    content(DATA, &der::element(der::OCTET_STRING, &[value]))
}

/// MacData (RFC 7292 section 4).
fn mac(passphrase: &[u8], salt: &[u8], content: &[u8]) -> Vec<u8> {
    let hash = Hash::Sha256;
    let key = pkcs12(
        hash,
        Purpose::Mac,
        &bmp_string(passphrase),
        salt,
        MAC_ITERATIONS.into(),
        hash.length(),
    );
    let code = hash.hmac(&key, content);
    let algorithm = der::algorithm(SHA256, &der::element(der::NULL, &[]));
    let digest = der::element(der::OCTET_STRING, &[&code]);
    der::element(
        der::SEQUENCE,
        &[
            &der::element(der::SEQUENCE, &[&algorithm, &digest]),
            &der::element(der::OCTET_STRING, &[salt]),
            // RFC 7292 section 4 has 1 as the default, so a larger number must be written.
            &der::integer(&MAC_ITERATIONS.to_be_bytes()),
        ],
    )
}
