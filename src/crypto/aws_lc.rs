//! aws-lc-rs.

use super::{Curve, Derived, Failure, Hash, MlDsa, Scheme};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::signature::{self, KeyPair, UnparsedPublicKey, VerificationAlgorithm};
use aws_lc_rs::{agreement, digest as digests, pbkdf2 as derivation};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

fn algorithm(hash: Hash) -> &'static digests::Algorithm {
    match hash {
        Hash::Sha1 => &digests::SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha224 => &digests::SHA224,
        Hash::Sha256 => &digests::SHA256,
        Hash::Sha384 => &digests::SHA384,
        Hash::Sha512 => &digests::SHA512,
        Hash::Sha512T256 => &digests::SHA512_256,
    }
}

pub(super) fn digest(hash: Hash, parts: &[&[u8]]) -> Vec<u8> {
    let mut context = digests::Context::new(algorithm(hash));
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

pub(super) fn pbkdf2(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
    key: &mut [u8],
) {
    let algorithm = match hash {
        Hash::Sha1 => derivation::PBKDF2_HMAC_SHA1,
        Hash::Sha256 => derivation::PBKDF2_HMAC_SHA256,
        Hash::Sha384 => derivation::PBKDF2_HMAC_SHA384,
        Hash::Sha512 => derivation::PBKDF2_HMAC_SHA512,
        // aws-lc-rs has no others.
        Hash::Sha224 => {
            return pbkdf2::pbkdf2_hmac::<sha2::Sha224>(passphrase, salt, iterations.get(), key);
        }
        Hash::Sha512T256 => {
            return pbkdf2::pbkdf2_hmac::<sha2::Sha512_256>(
                passphrase,
                salt,
                iterations.get(),
                key,
            );
        }
    };
    derivation::derive(algorithm, iterations, salt, passphrase, key);
}

fn verifying(scheme: Scheme) -> &'static dyn VerificationAlgorithm {
    match scheme {
        Scheme::EcdsaP256Sha256 => &signature::ECDSA_P256_SHA256_ASN1,
        Scheme::EcdsaP256Sha384 => &signature::ECDSA_P256_SHA384_ASN1,
        Scheme::EcdsaP256Sha512 => &signature::ECDSA_P256_SHA512_ASN1,
        Scheme::EcdsaP384Sha256 => &signature::ECDSA_P384_SHA256_ASN1,
        Scheme::EcdsaP384Sha384 => &signature::ECDSA_P384_SHA384_ASN1,
        Scheme::EcdsaP384Sha512 => &signature::ECDSA_P384_SHA512_ASN1,
        Scheme::EcdsaP521Sha256 => &signature::ECDSA_P521_SHA256_ASN1,
        Scheme::EcdsaP521Sha384 => &signature::ECDSA_P521_SHA384_ASN1,
        Scheme::EcdsaP521Sha512 => &signature::ECDSA_P521_SHA512_ASN1,
        Scheme::Ed25519 => &signature::ED25519,
        Scheme::MlDsa44 => &signature::ML_DSA_44,
        Scheme::MlDsa65 => &signature::ML_DSA_65,
        Scheme::MlDsa87 => &signature::ML_DSA_87,
        Scheme::RsaLegacySha1 => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Scheme::RsaLegacySha256 => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        Scheme::RsaLegacySha512 => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        Scheme::RsaSha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Scheme::RsaSha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Scheme::RsaSha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Scheme::Rsa3072Sha384 => &signature::RSA_PKCS1_3072_8192_SHA384,
        Scheme::PssSha256 => &signature::RSA_PSS_2048_8192_SHA256,
        Scheme::PssSha384 => &signature::RSA_PSS_2048_8192_SHA384,
        Scheme::PssSha512 => &signature::RSA_PSS_2048_8192_SHA512,
    }
}

pub(super) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    UnparsedPublicKey::new(verifying(scheme), key)
        .verify(message, signature)
        .map_err(|_| Failure::Wrong)
}

pub(super) fn verify_digest(
    curve: Curve,
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let (algorithm, hash) = match curve {
        Curve::P256 => (Scheme::EcdsaP256Sha256, &digests::SHA256),
        Curve::P384 => (Scheme::EcdsaP384Sha384, &digests::SHA384),
        Curve::P521 => (Scheme::EcdsaP521Sha512, &digests::SHA512),
        Curve::Secp256k1 => return Err(Failure::NotComputed),
    };
    let zeros = hash.output_len().checked_sub(digest.len());
    let mut padded = vec![0; zeros.ok_or(Failure::NotComputed)?];
    padded.extend(digest);
    digests::Digest::import_less_safe(&padded, hash)
        .and_then(|digest| {
            UnparsedPublicKey::new(verifying(algorithm), key).verify_digest(&digest, signature)
        })
        .map_err(|_| Failure::Wrong)
}

pub(super) fn ec_public(curve: Curve, scalar: &[u8], stored: Option<&[u8]>) -> Derived {
    let algorithm = match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_ASN1_SIGNING,
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
    let scalar = Zeroizing::new(element(0x04, &[scalar]));
    let point = point.map(|point| element(0xa1, &[&element(0x03, &[&[0], point])]));
    let parts = [VERSION_1, &scalar, point.as_deref().unwrap_or_default()];
    let key = Zeroizing::new(element(0x30, &parts));
    let pair = signature::EcdsaKeyPair::from_private_key_der(algorithm, &key)?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// A DER element of at most 65,535 bytes; anything longer is no key, and becomes one that aws-lc
/// refuses.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut der = vec![tag];
    match u16::try_from(length).map(u16::to_be_bytes) {
        Ok([0, short]) if short < 0x80 => der.push(short),
        Ok([0, byte]) => der.extend([0x81, byte]),
        Ok(two) => {
            der.push(0x82);
            der.extend(two);
        }
        Err(_) => return der,
    }
    der.extend(parts.concat());
    der
}

fn points(curve: Curve) -> &'static dyn VerificationAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_ASN1,
        Curve::P384 => &signature::ECDSA_P384_SHA384_ASN1,
        Curve::P521 => &signature::ECDSA_P521_SHA512_ASN1,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_ASN1,
    }
}

// Not const: `Some` is for the backend that computes no curve.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> Option<bool> {
    Some(signature::ParsedPublicKey::new(points(curve), point).is_ok())
}

pub(super) fn decompress(curve: Curve, point: &[u8]) -> Option<Vec<u8>> {
    let key = signature::ParsedPublicKey::new(points(curve), point).ok()?;
    let spki = key.as_der().ok()?;
    // The point ends the SubjectPublicKeyInfo that aws-lc-rs writes.
    let length = 1 + curve.field_length() * 2;
    let spki: &[u8] = spki.as_ref();
    let start = spki.len().checked_sub(length)?;
    spki.get(start..)
        .filter(|point| point.first() == Some(&4))
        .map(<[u8]>::to_vec)
}

pub(super) fn ed25519_public(secret: &[u8]) -> Derived {
    let pair = signature::Ed25519KeyPair::from_seed_unchecked(secret);
    Derived::from_result(pair.map(|pair| pair.public_key().as_ref().to_vec()))
}

pub(super) fn x25519_public(secret: &[u8]) -> Derived {
    let key = agreement::PrivateKey::from_private_key(&agreement::X25519, secret);
    let public = key
        .map_err(drop)
        .and_then(|key| key.compute_public_key().map_err(drop));
    Derived::from_result(public.map(|public| public.as_ref().to_vec()))
}

pub(super) fn ml_dsa_public(set: MlDsa, secret: &[u8]) -> Derived {
    let algorithm = match set {
        MlDsa::MlDsa44 => &signature::ML_DSA_44_SIGNING,
        MlDsa::MlDsa65 => &signature::ML_DSA_65_SIGNING,
        MlDsa::MlDsa87 => &signature::ML_DSA_87_SIGNING,
    };
    // The seed of FIPS 204 has 32 bytes. Everything longer is the expanded key.
    let pair = if secret.len() == 32 {
        signature::PqdsaKeyPair::from_seed(algorithm, secret)
    } else {
        signature::PqdsaKeyPair::from_raw_private_key(algorithm, secret)
    };
    Derived::from_result(pair.map(|pair| pair.public_key().as_ref().to_vec()))
}
