//! OpenSSL's security level 2, Debian's default, for the certificates that a
//! server loads (`ssl_security_cert`, ssl/t1_lib.c of 3.0): the hash of the
//! signature and the strength of the key must be worth 112 bits.

use crate::encoding::loader::Secured;
use crate::model::{KeyAlgorithm, PublicKey, signature_hash};

/// What the level objects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// `ee key too small`, `ca key too small`: also where the key cannot be read.
    Key,
    /// `ca md too weak`: also where the algorithm is not known.
    Hash,
}

/// Signatures that level 2 takes by their object identifier alone, measured with
/// every identifier that OpenSSL 3.0.19 knows for a signature.
const STRONG: [&[u8]; 16] = [
    // sha256, sha384, sha512, sha224 with RSA
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e",
    // ECDSA with sha224, sha256, sha384, sha512
    b"\x2a\x86\x48\xce\x3d\x04\x03\x01",
    b"\x2a\x86\x48\xce\x3d\x04\x03\x02",
    b"\x2a\x86\x48\xce\x3d\x04\x03\x03",
    b"\x2a\x86\x48\xce\x3d\x04\x03\x04",
    // Ed25519, Ed448
    b"\x2b\x65\x70",
    b"\x2b\x65\x71",
    // DSA with sha224, sha256
    b"\x60\x86\x48\x01\x65\x03\x04\x03\x01",
    b"\x60\x86\x48\x01\x65\x03\x04\x03\x02",
    // sha3-256, sha3-384, sha3-512 with RSA
    b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e",
    b"\x60\x86\x48\x01\x65\x03\x04\x03\x0f",
    b"\x60\x86\x48\x01\x65\x03\x04\x03\x10",
    // SM2 with SM3
    b"\x2a\x81\x1c\xcf\x55\x01\x83\x75",
];

const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// What level 2 objects to in a certificate; `least_rsa_bits` is the server's.
pub(crate) fn objection(certificate: &Secured<'_>, least_rsa_bits: u64) -> Option<Objection> {
    let strong = PublicKey::parse(certificate.public_key).is_ok_and(|key| {
        let bits = key.bits().map(u64::from);
        match key.algorithm() {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => {
                bits.is_some_and(|bits| bits >= least_rsa_bits)
            }
            KeyAlgorithm::Ec(_) => {
                key.has_curve()
                    && bits.is_none_or(|bits| bits >= 224)
                    && key.is_on_curve() != Some(false)
            }
            KeyAlgorithm::Ed25519
            | KeyAlgorithm::Ed448
            | KeyAlgorithm::X25519
            | KeyAlgorithm::X448 => true,
            // What OpenSSL 3.0 does not know has no strength.
            _ => false,
        }
    });
    if !strong {
        return Some(Objection::Key);
    }
    (!certificate.self_issued && !is_strong(certificate)).then_some(Objection::Hash)
}

fn is_strong(certificate: &Secured<'_>) -> bool {
    if certificate.signature != RSA_PSS {
        return STRONG.contains(&certificate.signature.as_slice());
    }
    signature_hash(certificate.algorithm).is_some_and(|hash| !hash.is_broken())
}
