//! RustCrypto's crates and dalek's: in Rust alone.
//!
//! Not computed: ML-DSA. Its crate is of a later generation than those that `rsa` and `dsa` need.

use super::{Curve, Derived, Failure, Hash, MlDsa, Scheme, rsa_schemes};
use curve25519_dalek::montgomery::MontgomeryPoint;
use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

pub(super) use super::portable::{digest, pbkdf2};

/// Runs `$body` with the crate of `$curve` as `$module`, and its type as `$name`.
macro_rules! with {
    ($curve:expr, $module:ident, $name:ident => $body:expr) => {
        match $curve {
            Curve::P256 => {
                use p256 as $module;
                type $name = p256::NistP256;
                $body
            }
            Curve::P384 => {
                use p384 as $module;
                type $name = p384::NistP384;
                $body
            }
            Curve::P521 => {
                use p521 as $module;
                type $name = p521::NistP521;
                $body
            }
            Curve::Secp256k1 => {
                use k256 as $module;
                type $name = k256::Secp256k1;
                $body
            }
        }
    };
}

/// The hash of an ECDSA scheme, and its curve.
fn ecdsa(scheme: Scheme) -> Option<(Curve, Hash)> {
    Some(match scheme {
        Scheme::EcdsaP256Sha256 => (Curve::P256, Hash::Sha256),
        Scheme::EcdsaP256Sha384 => (Curve::P256, Hash::Sha384),
        Scheme::EcdsaP256Sha512 => (Curve::P256, Hash::Sha512),
        Scheme::EcdsaP384Sha256 => (Curve::P384, Hash::Sha256),
        Scheme::EcdsaP384Sha384 => (Curve::P384, Hash::Sha384),
        Scheme::EcdsaP384Sha512 => (Curve::P384, Hash::Sha512),
        Scheme::EcdsaP521Sha256 => (Curve::P521, Hash::Sha256),
        Scheme::EcdsaP521Sha384 => (Curve::P521, Hash::Sha384),
        Scheme::EcdsaP521Sha512 => (Curve::P521, Hash::Sha512),
        _ => return None,
    })
}

pub(super) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    if let Some((curve, hash)) = ecdsa(scheme) {
        return verify_digest(curve, key, &digest(hash, &[message]), signature);
    }
    if scheme == Scheme::Ed25519 {
        let valid = || {
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let signature = ed25519_dalek::Signature::from_bytes(signature.try_into().ok()?);
            ed25519_dalek::Verifier::verify(&key, message, &signature).ok()
        };
        return valid().ok_or(Failure::Wrong);
    }
    rsa_schemes::verify(scheme, key, message, signature).unwrap_or(Err(Failure::NotComputed))
}

pub(super) fn verify_digest(
    curve: Curve,
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    // The number is made of the leftmost bits, as many as the order has; P-521's is longer than
    // any digest.
    let length = curve.field_length();
    let mut number = vec![0; length.saturating_sub(digest.len())];
    number.extend(digest.iter().take(length));
    let valid = || {
        with!(curve, module, C => {
            let key = module::PublicKey::from_sec1_bytes(plain(key)?).ok()?;
            let signature = ::ecdsa::Signature::<C>::from_der(signature).ok()?;
            let number = module::FieldBytes::from_slice(&number);
            ::ecdsa::hazmat::verify_prehashed::<C>(&key.to_projective(), number, &signature).ok()
        })
    };
    valid().ok_or(Failure::Wrong)
}

/// A point in a form of RFC 5480; SEC 1 as these crates read it has a form more.
fn plain(point: &[u8]) -> Option<&[u8]> {
    matches!(point.first(), Some(2..=4)).then_some(point)
}

pub(super) fn ec_public(curve: Curve, scalar: &[u8], _stored: Option<&[u8]>) -> Derived {
    Derived::from_result(with!(curve, module, _C => {
        use module::elliptic_curve::sec1::ToEncodedPoint;
        module::SecretKey::from_slice(scalar)
            .map(|key| key.public_key().to_encoded_point(false).as_bytes().to_vec())
    }))
}

// `Some` is for the backend that computes no curve.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> Option<bool> {
    Some(decompress(curve, point).is_some())
}

pub(super) fn decompress(curve: Curve, point: &[u8]) -> Option<Vec<u8>> {
    let point = plain(point)?;
    with!(curve, module, _C => {
        use module::elliptic_curve::sec1::ToEncodedPoint;
        let key = module::PublicKey::from_sec1_bytes(point).ok()?;
        Some(key.to_encoded_point(false).as_bytes().to_vec())
    })
}

pub(super) fn ed25519_public(secret: &[u8]) -> Derived {
    let secret = <[u8; 32]>::try_from(secret).map(Zeroizing::new);
    Derived::from_result(secret.map(|secret| {
        let key = SigningKey::from_bytes(&secret);
        key.verifying_key().as_bytes().to_vec()
    }))
}

pub(super) fn x25519_public(secret: &[u8]) -> Derived {
    let secret = <[u8; 32]>::try_from(secret);
    Derived::from_result(secret.map(|secret| {
        let public = MontgomeryPoint::mul_base_clamped(secret);
        public.as_bytes().to_vec()
    }))
}

pub(super) fn ml_dsa_public(_: MlDsa, _: &[u8]) -> Derived {
    Derived::NotComputable
}
