//! ring, for programs that have it already: ECDSA on P-256 and P-384, and Ed25519. RSA, digests
//! and PBKDF2 are the same as without a backend.
//!
//! Not computed: P-521, secp256k1, X25519, ML-DSA, SHA-512 with ECDSA, compressed points, and the
//! public key of an EC key that does not store it.

use super::{Curve, Derived, Failure, MlDsa, Scheme, rsa_schemes};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

pub(super) use super::portable::{digest, pbkdf2};

pub(super) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let algorithm: &dyn signature::VerificationAlgorithm = match scheme {
        Scheme::EcdsaP256Sha256 => &signature::ECDSA_P256_SHA256_ASN1,
        Scheme::EcdsaP256Sha384 => &signature::ECDSA_P256_SHA384_ASN1,
        Scheme::EcdsaP384Sha256 => &signature::ECDSA_P384_SHA256_ASN1,
        Scheme::EcdsaP384Sha384 => &signature::ECDSA_P384_SHA384_ASN1,
        Scheme::Ed25519 => &signature::ED25519,
        _ => {
            return rsa_schemes::verify(scheme, key, message, signature)
                .unwrap_or(Err(Failure::NotComputed));
        }
    };
    if scheme != Scheme::Ed25519 && matches!(key.first(), Some(2 | 3)) {
        return Err(Failure::NotComputed);
    }
    let key = UnparsedPublicKey::new(algorithm, key);
    key.verify(message, signature).map_err(|_| Failure::Wrong)
}

/// ring verifies messages, not digests.
pub(super) fn verify_digest(_: Curve, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Failure> {
    Err(Failure::NotComputed)
}

/// ring compares the stored point with the scalar's, and gives no other one away.
pub(super) fn ec_public(curve: Curve, scalar: &[u8], stored: Option<&[u8]>) -> Derived {
    let algorithm = match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Curve::P521 | Curve::Secp256k1 => return Derived::NotComputable,
    };
    let Some(stored) = stored else {
        return Derived::NotComputable;
    };
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, stored, &random)
        .map_or(Derived::NotComputable, |pair| {
            Derived::Public(pair.public_key().as_ref().to_vec())
        })
}

pub(super) fn is_on_curve(_: Curve, _: &[u8]) -> Option<bool> {
    None
}

pub(super) fn decompress(_: Curve, _: &[u8]) -> Option<Vec<u8>> {
    None
}

pub(super) fn ed25519_public(secret: &[u8]) -> Derived {
    Derived::from_result(
        Ed25519KeyPair::from_seed_unchecked(secret).map(|pair| pair.public_key().as_ref().to_vec()),
    )
}

pub(super) fn x25519_public(_: &[u8]) -> Derived {
    Derived::NotComputable
}

pub(super) fn ml_dsa_public(_: MlDsa, _: &[u8]) -> Derived {
    Derived::NotComputable
}
