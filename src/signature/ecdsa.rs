//! ECDSA on the curves that the backend computes.

use super::{Before, SignatureProblem, hashed, malformed, problem};
use crate::crypto::{self, Curve, Scheme};
use crate::model::{Hash, KeyInfo, Signed};

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
    let scheme = match (curve, hash) {
        (Curve::P256, Hash::Sha256) => Scheme::EcdsaP256Sha256,
        (Curve::P384, Hash::Sha384) => Scheme::EcdsaP384Sha384,
        (Curve::P521, Hash::Sha512) => Scheme::EcdsaP521Sha512,
        (Curve::P256, Hash::Sha384) => Scheme::EcdsaP256Sha384,
        (Curve::P256, Hash::Sha512) => Scheme::EcdsaP256Sha512,
        (Curve::P384, Hash::Sha512) => Scheme::EcdsaP384Sha512,
        _ => {
            let signed = Signed {
                algorithm: hash.name(),
                key: &[name(curve), key.key].concat(),
                message,
                signature,
            };
            return before.or(signed, || {
                padded_ecdsa(curve, key.key, hash, message, signature)
            });
        }
    };
    before.check(scheme, key.key, message, signature)
}

const fn name(curve: Curve) -> &'static [u8] {
    match curve {
        Curve::P256 => b"P-256",
        Curve::P384 => b"P-384",
        Curve::P521 => b"P-521",
        Curve::Secp256k1 => b"secp256k1",
    }
}

/// ECDSA over a digest that the backend does not compute with this curve.
fn padded_ecdsa(
    curve: Curve,
    key: &[u8],
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    crypto::verify_digest(curve, key, &hashed(hash, message), signature).map_err(|failure| {
        let algorithm = format!("ECDSA with {} on this curve", hash.name());
        problem(failure, &algorithm)
    })
}
