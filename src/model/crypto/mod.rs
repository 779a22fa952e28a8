//! The curve arithmetic and the digests that keys need: from aws-lc-rs and, for the curves that it
//! lacks, our own with the big integers of the rsa crate.

mod goldilocks;
mod weierstrass;

use super::{Curve, KeyAlgorithm, der};
use crate::finding::Fingerprint;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::signature::{self, KeyPair};
use aws_lc_rs::{agreement, digest};
use zeroize::Zeroizing;

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Fingerprint {
    let digest = digest::digest(&digest::SHA256, bytes);
    let mut fixed = [0; 32];
    for (to, from) in fixed.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Fingerprint::from_digest(fixed)
}

/// The result of deriving a public key from a private one.
pub(crate) enum Derived {
    /// The public key's bytes, as they are in a SubjectPublicKeyInfo.
    Public(Vec<u8>),
    /// The secret is not one that this algorithm can have.
    OutOfRange,
    /// Neither this crate nor its dependencies implement this algorithm.
    NotComputable,
}

impl Derived {
    fn from_result<E>(result: Result<Vec<u8>, E>) -> Self {
        result.map_or(Self::OutOfRange, Self::Public)
    }
}

/// The uncompressed point of a scalar, which has the length of the curve's field. `stored` is the
/// point that is stored next to it, if there is one.
pub(crate) fn derive_point(curve: &Curve, scalar: &[u8], stored: Option<&[u8]>) -> Derived {
    let algorithm = match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_ASN1_SIGNING,
        other => {
            return match weierstrass::public_point(other, scalar) {
                Some(point) => Derived::from_result(point),
                None => Derived::NotComputable,
            };
        }
    };
    // aws-lc checks every point by a multiplication, even one that it has just computed: a point
    // that is in the file costs half as much as one that is not.
    let proven = stored.and_then(|point| ec_pair(algorithm, scalar, Some(point)).ok());
    let point = proven.map_or_else(|| ec_pair(algorithm, scalar, None), Ok);
    Derived::from_result(point)
}

/// The point of an ECPrivateKey (RFC 5915) with this scalar, once aws-lc-rs has
/// shown that they belong together.
fn ec_pair(
    algorithm: &'static signature::EcdsaSigningAlgorithm,
    scalar: &[u8],
    point: Option<&[u8]>,
) -> Result<Vec<u8>, KeyRejected> {
    const VERSION_1: &[u8] = &[0x02, 0x01, 0x01];
    let scalar = Zeroizing::new(der::element(der::OCTET_STRING, &[scalar]));
    let point = point.map(|point| {
        let bits = der::element(der::BIT_STRING, &[&[0], point]);
        der::element(der::context(1), &[&bits])
    });
    let parts = [VERSION_1, &scalar, point.as_deref().unwrap_or_default()];
    let key = Zeroizing::new(der::element(der::SEQUENCE, &parts));
    let pair = signature::EcdsaKeyPair::from_private_key_der(algorithm, &key)?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// The public key of a private key that is a string of bytes (RFC 8410, RFC 9881).
pub(crate) fn derive_raw(algorithm: &KeyAlgorithm, secret: &[u8]) -> Derived {
    let ml_dsa = match algorithm {
        KeyAlgorithm::Ed25519 => {
            return Derived::from_result(
                signature::Ed25519KeyPair::from_seed_unchecked(secret)
                    .map(|pair| pair.public_key().as_ref().to_vec()),
            );
        }
        KeyAlgorithm::Ed448 => {
            return Derived::from_result(goldilocks::ed448_public(secret).ok_or(()));
        }
        KeyAlgorithm::X448 => {
            return Derived::from_result(goldilocks::x448_public(secret).ok_or(()));
        }
        KeyAlgorithm::X25519 => return Derived::from_result(agree(&agreement::X25519, secret)),
        KeyAlgorithm::MlDsa44 => &signature::ML_DSA_44_SIGNING,
        KeyAlgorithm::MlDsa65 => &signature::ML_DSA_65_SIGNING,
        KeyAlgorithm::MlDsa87 => &signature::ML_DSA_87_SIGNING,
        _ => return Derived::NotComputable,
    };
    // The seed of FIPS 204 has 32 bytes. Everything longer is the expanded key.
    let pair = if secret.len() == 32 {
        signature::PqdsaKeyPair::from_seed(ml_dsa, secret)
    } else {
        signature::PqdsaKeyPair::from_raw_private_key(ml_dsa, secret)
    };
    Derived::from_result(pair.map(|pair| pair.public_key().as_ref().to_vec()))
}

fn agree(algorithm: &'static agreement::Algorithm, secret: &[u8]) -> Result<Vec<u8>, ()> {
    let key = agreement::PrivateKey::from_private_key(algorithm, secret).map_err(drop)?;
    let public = key.compute_public_key().map_err(drop)?;
    Ok(public.as_ref().to_vec())
}

/// Whether a point, in whatever form, is on the curve; `None` if the
/// curve is not one of aws-lc-rs.
pub(crate) fn is_on_curve(curve: &Curve, point: &[u8]) -> Option<bool> {
    let algorithm = verification(curve)?;
    // A hybrid point encodes one bit of y twice. aws-lc-rs needs the uncompressed form.
    let plain = match point {
        [6 | 7, xy @ ..] => [&[4], xy].concat(),
        other => other.to_vec(),
    };
    Some(signature::ParsedPublicKey::new(algorithm, plain).is_ok())
}

fn verification(curve: &Curve) -> Option<&'static dyn signature::VerificationAlgorithm> {
    Some(match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_ASN1,
        _ => return None,
    })
}

/// The uncompressed form of a compressed point; `None` if it is not on the curve or aws-lc-rs lacks
/// the curve.
pub(crate) fn decompress(curve: &Curve, point: &[u8]) -> Option<Vec<u8>> {
    let algorithm = verification(curve)?;
    let key = signature::ParsedPublicKey::new(algorithm, point).ok()?;
    let spki = key.as_der().ok()?;
    // The point ends the SubjectPublicKeyInfo that aws-lc-rs writes.
    let length = 1 + curve.field_length()? * 2;
    let spki: &[u8] = spki.as_ref();
    let start = spki.len().checked_sub(length)?;
    spki.get(start..)
        .filter(|point| point.first() == Some(&4))
        .map(<[u8]>::to_vec)
}
