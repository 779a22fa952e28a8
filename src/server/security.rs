//! OpenSSL's security level for the certificates that a server loads
//! (`ssl_security_cert`, ssl/t1_lib.c of 3.0): the hash of the signature and the
//! strength of the key must be worth the bits of the level, 112 at Debian's level 2.

use crate::cipher::SecurityLevel;
use crate::encoding::loader::{Secured, with_shortest_lengths};
use crate::handshake::modulus_bits;
use crate::model::{Hash, KeyAlgorithm, PublicKey, signature_hash};

/// What a server demands of the certificates that it loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strength {
    /// The security level when it loads them.
    pub(crate) level: SecurityLevel,
    /// The smallest RSA or DSA key.
    pub(crate) least_rsa_bits: u64,
}

impl Strength {
    /// What a level demands, and no more.
    pub(crate) fn of(level: SecurityLevel) -> Self {
        // Where modulus_bits() steps.
        let least_rsa_bits = match level.number() {
            0 => 0,
            1 => 920,
            2 => 1963,
            3 => 2672,
            4 => 7680,
            _ => 15360,
        };
        Self {
            level,
            least_rsa_bits,
        }
    }
}

/// What the level objects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// `ee key too small`, `ca key too small`: also where the key cannot be read.
    Key,
    /// `ca md too weak`: also where the algorithm is not known.
    Hash,
}

/// Signatures by their object identifier, and the bits of security that OpenSSL
/// 3.0.19 counts for each: all other identifiers that it knows for a signature have
/// fewer than level 1 asks for.
const SIGNATURES: [(&[u8], u32); 16] = [
    // sha256, sha384, sha512, sha224 with RSA
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 128),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", 192),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", 256),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", 112),
    // ECDSA with sha224, sha256, sha384, sha512
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x01", 112),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", 128),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", 192),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", 256),
    // Ed25519, Ed448
    (b"\x2b\x65\x70", 128),
    (b"\x2b\x65\x71", 224),
    // DSA with sha224, sha256
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x01", 112),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x02", 128),
    // sha3-256, sha3-384, sha3-512 with RSA
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e", 128),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x0f", 192),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x10", 256),
    // SM2 with SM3
    (b"\x2a\x81\x1c\xcf\x55\x01\x83\x75", 128),
];

const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// What is objected to in a certificate.
pub(crate) fn objection(certificate: &Secured<'_>, demanded: Strength) -> Option<Objection> {
    let level = demanded.level.bits();
    // OpenSSL reads lengths that are not as short as DER wants them.
    let shorter = match PublicKey::parse(certificate.public_key) {
        Ok(_) => None,
        Err(_) => with_shortest_lengths(certificate.public_key),
    };
    let public_key = shorter
        .as_deref()
        .map_or(certificate.public_key, Vec::as_slice);
    let strong = PublicKey::parse(public_key).is_ok_and(|key| {
        let bits = key.bits();
        match key.algorithm() {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => {
                bits.is_some_and(|bits| {
                    u64::from(bits) >= demanded.least_rsa_bits && modulus_bits(bits) >= level
                })
            }
            // Half the size of the group's order; 521 bits count as 256.
            KeyAlgorithm::Ec(_) => {
                key.has_curve()
                    && bits.is_none_or(|bits| (bits / 2).min(256) >= level)
                    && key.is_on_curve() != Some(false)
            }
            KeyAlgorithm::Ed25519 | KeyAlgorithm::X25519 => level <= 128,
            KeyAlgorithm::Ed448 | KeyAlgorithm::X448 => level <= 224,
            // What OpenSSL 3.0 does not know has no strength.
            _ => false,
        }
    });
    if !strong {
        return Some(Objection::Key);
    }
    let hash_is_weak = !certificate.self_issued && signature_bits(certificate) < level;
    hash_is_weak.then_some(Objection::Hash)
}

/// Bits of security of a certificate's signature, 0 for one that is not known.
fn signature_bits(certificate: &Secured<'_>) -> u32 {
    if certificate.signature != RSA_PSS {
        let found = SIGNATURES
            .iter()
            .find(|(identifier, _)| certificate.signature == *identifier);
        return found.map_or(0, |(_, bits)| *bits);
    }
    match signature_hash(certificate.algorithm) {
        Some(Hash::Sha224) => 112,
        Some(Hash::Sha256) => 128,
        Some(Hash::Sha384) => 192,
        Some(Hash::Sha512) => 256,
        _ => 0,
    }
}
