//! ECDSA on the curves that the backend computes.

use super::{Before, SignatureProblem, by, hashed, malformed};
use crate::model::{Hash, KeyInfo, Signed};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{self as backend, UnparsedPublicKey, VerificationAlgorithm};

pub(super) fn verify(
    before: Before<'_>,
    key: &KeyInfo<'_>,
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let unsupported = |what: String| Err(SignatureProblem::Unsupported { algorithm: what });
    // Named curves only (RFC 5480 2.1.1): explicit parameters let an attacker
    // choose the curve, CVE-2020-0601.
    let curve = match key.algorithm.parameters() {
        Some(b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07") => Curve::P256,
        Some(b"\x06\x05\x2b\x81\x04\x00\x22") => Curve::P384,
        Some(b"\x06\x05\x2b\x81\x04\x00\x23") => Curve::P521,
        Some([0x06, ..]) => {
            return unsupported("ECDSA on another curve than P-256, P-384, P-521".into());
        }
        Some(_) => return unsupported("an EC key with explicit parameters".into()),
        None => return Err(malformed("an EC key names no curve")),
    };
    let backend = match (curve, hash) {
        (Curve::P256, Hash::Sha256) => by!(ECDSA_P256_SHA256_ASN1),
        (Curve::P384, Hash::Sha384) => by!(ECDSA_P384_SHA384_ASN1),
        (Curve::P521, Hash::Sha512) => by!(ECDSA_P521_SHA512_ASN1),
        (Curve::P256, Hash::Sha384) => by!(ECDSA_P256_SHA384_ASN1),
        (Curve::P256, Hash::Sha512) => by!(ECDSA_P256_SHA512_ASN1),
        (Curve::P384, Hash::Sha512) => by!(ECDSA_P384_SHA512_ASN1),
        _ => {
            let signed = Signed {
                algorithm: hash.name(),
                key: &[curve.name(), key.key].concat(),
                message,
                signature,
            };
            return before.or(signed, || {
                padded_ecdsa(curve, key.key, hash, message, signature)
            });
        }
    };
    before.check(backend, key.key, message, signature)
}

#[derive(Clone, Copy)]
enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::P256 => b"P-256",
            Self::P384 => b"P-384",
            Self::P521 => b"P-521",
        }
    }
}

/// ECDSA reads a digest that is shorter than the group order as a number
/// (FIPS 186-5 6.4.2), so that leading zeros change nothing: each curve is
/// given a digest of the length that its backend wants.
fn padded_ecdsa(
    curve: Curve,
    key: &[u8],
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let (algorithm, backend_hash): (&'static dyn VerificationAlgorithm, _) = match curve {
        Curve::P256 => (&backend::ECDSA_P256_SHA256_ASN1, &digest::SHA256),
        Curve::P384 => (&backend::ECDSA_P384_SHA384_ASN1, &digest::SHA384),
        Curve::P521 => (&backend::ECDSA_P521_SHA512_ASN1, &digest::SHA512),
    };
    let short = hashed(hash, message);
    let Some(zeros) = backend_hash.output_len().checked_sub(short.len()) else {
        let algorithm = format!("ECDSA with {} on this curve", hash.name());
        return Err(SignatureProblem::Unsupported { algorithm });
    };
    let mut padded = vec![0; zeros];
    padded.extend(short);
    digest::Digest::import_less_safe(&padded, backend_hash)
        .and_then(|digest| UnparsedPublicKey::new(algorithm, key).verify_digest(&digest, signature))
        .map_err(|_| SignatureProblem::Wrong)
}
