//! OpenSSL's security level for the certificates that a server loads
//! (`ssl_security_cert`, ssl/t1_lib.c of 3.0): the hash of the signature and the
//! strength of the key must reach the level's bits, 112 at Debian's level 2.

use crate::cipher::SecurityLevel;
use crate::encoding::loader::{Secured, with_shortest_lengths};
use crate::handshake::modulus_bits;
use crate::model::der::plain::{Reader, SEQUENCE, only};
use crate::model::{
    AlgorithmIdentifier, Hash, KeyAlgorithm, PublicKey, openssl_signature, order_bits,
    signature_hash,
};

/// What a server requires of the certificates that it loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strength {
    /// The security level when it loads them.
    pub(crate) level: SecurityLevel,
    /// The smallest RSA or DSA key.
    pub(crate) least_rsa_bits: u64,
}

impl Strength {
    /// What a level requires, and no more.
    pub(crate) fn of(level: SecurityLevel) -> Self {
        // The steps of modulus_bits().
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

/// Whether a level permits a key of this size: strength rises in steps for RSA and DSA, and is half
/// the size of a curve's order.
pub(crate) fn permits(level: SecurityLevel, algorithm: &KeyAlgorithm, bits: u64) -> bool {
    match algorithm {
        KeyAlgorithm::Ec(_) => bits / 2 >= u64::from(level.bits()),
        _ => bits >= Strength::of(level).least_rsa_bits,
    }
}

/// What the level objects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// `ee key too small`, `ca key too small`: even if the key cannot be read.
    Key,
    /// `ca md too weak`: even if the algorithm is not known.
    Hash,
}

const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// The objection to a certificate, if any.
pub(crate) fn objection(certificate: &Secured<'_>, demanded: Strength) -> Option<Objection> {
    let level = demanded.level.bits();
    // OpenSSL accepts lengths that are not as short as DER requires.
    let shorter = match PublicKey::parse(certificate.public_key) {
        Ok(_) => None,
        Err(_) => with_shortest_lengths(certificate.public_key),
    };
    let public_key = shorter
        .as_deref()
        .map_or(certificate.public_key, Vec::as_slice);
    let strong = has_readable_parameters(public_key)
        && PublicKey::parse(public_key).is_ok_and(|key| {
            let bits = key.bits();
            match key.algorithm() {
                KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => {
                    bits.is_some_and(|bits| {
                        u64::from(bits) >= demanded.least_rsa_bits && modulus_bits(bits) >= level
                    })
                }
                // Half the size of the group's order; 521 bits count as 256.
                KeyAlgorithm::Ec(curve) => {
                    key.has_curve()
                        && order_bits(curve).is_some_and(|bits| (bits / 2).min(256) >= level)
                        && key.is_on_curve() != Some(false)
                }
                KeyAlgorithm::Ed25519 | KeyAlgorithm::X25519 => level <= 128,
                KeyAlgorithm::Ed448 | KeyAlgorithm::X448 => level <= 224,
                // Keys that OpenSSL 3.0 does not know have no strength.
                _ => false,
            }
        });
    if !strong {
        return Some(Objection::Key);
    }
    let self_signed =
        // `EXFLAG_SS` depends only on names: the signature of a self-issued certificate is not
        // verified for this.
        certificate.self_issued && openssl_signature(&certificate.signature).is_some();
    let hash_is_weak = !self_signed && signature_bits(certificate) < level;
    hash_is_weak.then_some(Objection::Hash)
}

/// Parameters of a key for RSASSA-PSS are a SEQUENCE, or absent: with NULL, OpenSSL reports `decode
/// error` and finds no key (measured).
fn has_readable_parameters(public_key: &[u8]) -> bool {
    let algorithm = only(public_key, SEQUENCE)
        .and_then(|content| AlgorithmIdentifier::read(&mut Reader::new(content)));
    algorithm.is_ok_and(|algorithm| {
        let sequence = |parameters: &[u8]| parameters.first() == Some(&SEQUENCE);
        algorithm.oid().as_bytes() != RSA_PSS || algorithm.parameters().is_none_or(sequence)
    })
}

/// Bits of security of a certificate's signature, 0 for one that is not known.
fn signature_bits(certificate: &Secured<'_>) -> u32 {
    if certificate.signature != RSA_PSS {
        return openssl_signature(&certificate.signature).unwrap_or_default();
    }
    match signature_hash(certificate.algorithm) {
        Some(Hash::Sha224) => 112,
        Some(Hash::Sha256) => 128,
        Some(Hash::Sha384) => 192,
        Some(Hash::Sha512) => 256,
        Some(_) => 0,
        None => other_hash_bits(certificate.algorithm).unwrap_or_default(),
    }
}

/// The bits of RSASSA-PSS with SHA-512/224 or SHA-512/256, which OpenSSL does not know with PKCS#1
/// v1.5, or with SHA-3 (measured: nginx 1.22.1 on OpenSSL 3.0.19).
fn other_hash_bits(algorithm: &[u8]) -> Option<u32> {
    let whole = AlgorithmIdentifier::read(&mut Reader::new(algorithm)).ok()?;
    let mut parameters = Reader::new(only(whole.parameters()?, SEQUENCE).ok()?);
    let hash = AlgorithmIdentifier::read(&mut Reader::new(parameters.expect(0xa0).ok()?)).ok()?;
    let number = hash
        .oid()
        .as_bytes()
        .strip_prefix(b"\x60\x86\x48\x01\x65\x03\x04\x02")?;
    match number {
        [5 | 7] => Some(112),
        [6 | 8] => Some(128),
        [9] => Some(192),
        [10] => Some(256),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Objection, Strength, objection};
    use crate::cipher::SecurityLevel;
    use crate::encoding::loader::Secured;

    /// A SubjectPublicKeyInfo with a point of `field` bytes on the curve `oid`.
    fn key(oid: &[u8], field: usize) -> Vec<u8> {
        let tlv = |tag: u8, content: &[u8]| {
            let length = u8::try_from(content.len()).unwrap_or(0x7f);
            [&[tag, length], content].concat()
        };
        let algorithm = [tlv(6, b"\x2a\x86\x48\xce\x3d\x02\x01"), tlv(6, oid)].concat();
        let point = [&[0, 4][..], &vec![1; 2 * field]].concat();
        tlv(0x30, &[tlv(0x30, &algorithm), tlv(3, &point)].concat())
    }

    #[test]
    fn curves_that_are_not_computed_have_their_size() {
        let of = |oid: &[u8], field: usize, level: u8| {
            let key = key(oid, field);
            let certificate = Secured {
                public_key: &key,
                signature: b"\x2a\x86\x48\xce\x3d\x04\x03\x02".to_vec(),
                algorithm: &[],
                self_issued: true,
            };
            let level = SecurityLevel::new(level).map(Strength::of);
            level.and_then(|level| objection(&certificate, level))
        };
        let p192 = b"\x2a\x86\x48\xce\x3d\x03\x01\x01";
        assert_eq!(of(p192, 24, 1), None);
        // secp160r1 has an order of 161 bits; a curve that OpenSSL does not know has none.
        assert_eq!(of(b"\x2b\x81\x04\x00\x08", 20, 1), None);
        assert_eq!(of(b"\x2a\x03\x04", 32, 0), Some(Objection::Key));
        // nginx 1.22.1 on OpenSSL 3.0.19: `ca key too small` at level 2.
        assert_eq!(of(p192, 24, 2), Some(Objection::Key));
        // secp160r1, prime192v2, not a curve of OpenSSL's.
        assert_eq!(of(b"\x2b\x81\x04\x00\x08", 20, 2), Some(Objection::Key));
        assert_eq!(
            of(b"\x2a\x86\x48\xce\x3d\x03\x01\x02", 24, 2),
            Some(Objection::Key)
        );
        assert_eq!(of(b"\x2a\x03\x04", 32, 2), Some(Objection::Key));
        // prime239v1, brainpoolP320r1.
        assert_eq!(of(b"\x2a\x86\x48\xce\x3d\x03\x01\x04", 30, 2), None);
        let brainpool = b"\x2b\x24\x03\x03\x02\x08\x01\x01\x09";
        assert_eq!(of(brainpool, 40, 3), None);
        assert_eq!(of(brainpool, 40, 4), Some(Objection::Key));
    }
}
