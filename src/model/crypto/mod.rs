//! The curve arithmetic and the digests that keys need: from [`crate::crypto`] and, for the curves
//! that it lacks, our own with the big integers of the rsa crate.

mod goldilocks;
mod weierstrass;

use super::{Curve, KeyAlgorithm};
use crate::crypto::{self, MlDsa};
use crate::finding::Fingerprint;

pub(crate) use crate::crypto::Derived;

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Fingerprint {
    Fingerprint::from_digest(crypto::sha256(&[bytes]))
}

/// The curve as the backend knows it.
const fn computed(curve: &Curve) -> Option<crypto::Curve> {
    Some(match curve {
        Curve::P256 => crypto::Curve::P256,
        Curve::P384 => crypto::Curve::P384,
        Curve::P521 => crypto::Curve::P521,
        Curve::Secp256k1 => crypto::Curve::Secp256k1,
        _ => return None,
    })
}

/// The uncompressed point of a scalar, which has the length of the curve's field. `stored` is the
/// point that is stored next to it, if there is one.
pub(crate) fn derive_point(curve: &Curve, scalar: &[u8], stored: Option<&[u8]>) -> Derived {
    if let Some(curve) = computed(curve) {
        return crypto::ec_public(curve, scalar, stored);
    }
    match weierstrass::public_point(curve, scalar) {
        Some(point) => Derived::from_result(point),
        None => Derived::NotComputable,
    }
}

/// The public key of a private key that is a string of bytes (RFC 8410, RFC 9881).
pub(crate) fn derive_raw(algorithm: &KeyAlgorithm, secret: &[u8]) -> Derived {
    match algorithm {
        KeyAlgorithm::Ed25519 => crypto::ed25519_public(secret),
        KeyAlgorithm::Ed448 => Derived::from_result(goldilocks::ed448_public(secret).ok_or(())),
        KeyAlgorithm::X448 => Derived::from_result(goldilocks::x448_public(secret).ok_or(())),
        KeyAlgorithm::X25519 => crypto::x25519_public(secret),
        KeyAlgorithm::MlDsa44 => crypto::ml_dsa_public(MlDsa::MlDsa44, secret),
        KeyAlgorithm::MlDsa65 => crypto::ml_dsa_public(MlDsa::MlDsa65, secret),
        KeyAlgorithm::MlDsa87 => crypto::ml_dsa_public(MlDsa::MlDsa87, secret),
        _ => Derived::NotComputable,
    }
}

/// Whether a point, in whatever form, is on the curve; `None` if the backend does not have the
/// curve.
pub(crate) fn is_on_curve(curve: &Curve, point: &[u8]) -> Option<bool> {
    let curve = computed(curve)?;
    // A hybrid point encodes one bit of y twice. The backend needs the uncompressed form.
    match point {
        [6 | 7, xy @ ..] => crypto::is_on_curve(curve, &[&[4], xy].concat()),
        other => crypto::is_on_curve(curve, other),
    }
}

/// The uncompressed form of a compressed point; `None` if it is not on the curve or the backend
/// lacks the curve.
pub(crate) fn decompress(curve: &Curve, point: &[u8]) -> Option<Vec<u8>> {
    crypto::decompress(computed(curve)?, point)
}
