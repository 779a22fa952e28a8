//! The one door to cryptography: digests, PBKDF2, signatures, and public keys from private ones.
//!
//! Behind it is one backend: aws-lc-rs (feature `aws-lc-rs`), ring (feature `ring`), or RustCrypto's
//! crates (feature `rustcrypto`, in Rust alone). If several are enabled, the first of these counts.
//! With none, digests and RSA are computed, and everything else is answered with "not computed",
//! which the modules above turn into "undecided". No other module names a backend;
//! `tests/house/rooms.rs` checks it.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring", feature = "rustcrypto")))]
mod none;
#[cfg(not(feature = "aws-lc-rs"))]
mod portable;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
mod ring;
pub(crate) mod rsa_keys;
#[cfg(not(feature = "aws-lc-rs"))]
mod rsa_schemes;
#[cfg(all(
    feature = "rustcrypto",
    not(any(feature = "aws-lc-rs", feature = "ring"))
))]
mod rustcrypto;

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use self::ring as backend;
#[cfg(feature = "aws-lc-rs")]
use aws_lc as backend;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring", feature = "rustcrypto")))]
use none as backend;
#[cfg(all(
    feature = "rustcrypto",
    not(any(feature = "aws-lc-rs", feature = "ring"))
))]
use rustcrypto as backend;

use std::num::NonZeroU32;

/// A digest that every backend computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512T256,
}

/// A curve of which every backend computes points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

impl Curve {
    /// The length of a coordinate in bytes.
    pub(crate) const fn field_length(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A parameter set of ML-DSA (FIPS 204).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MlDsa {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

/// The result of deriving a public key from a private one.
pub(crate) enum Derived {
    /// The public key's bytes, as they are in a SubjectPublicKeyInfo.
    Public(Vec<u8>),
    /// The secret is not one that this algorithm can have.
    OutOfRange,
    /// This algorithm is not computed.
    NotComputable,
}

impl Derived {
    pub(crate) fn from_result<E>(result: Result<Vec<u8>, E>) -> Self {
        result.map_or(Self::OutOfRange, Self::Public)
    }
}

/// Why a signature was not found valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The key did not make it.
    Wrong,
    /// The backend does not have this algorithm: nothing is known.
    NotComputed,
}

macro_rules! schemes {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// An algorithm that verifies, with the sizes of RSA keys that it accepts. PSS has a salt
        /// as long as the digest.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Scheme {
            $($name),+
        }

        impl Scheme {
            /// Its name, which no other scheme has: aws-lc-rs's.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }
        }
    };
}

schemes! {
    EcdsaP256Sha256 = "ECDSA_P256_SHA256_ASN1",
    EcdsaP256Sha384 = "ECDSA_P256_SHA384_ASN1",
    EcdsaP256Sha512 = "ECDSA_P256_SHA512_ASN1",
    EcdsaP384Sha256 = "ECDSA_P384_SHA256_ASN1",
    EcdsaP384Sha384 = "ECDSA_P384_SHA384_ASN1",
    EcdsaP384Sha512 = "ECDSA_P384_SHA512_ASN1",
    EcdsaP521Sha256 = "ECDSA_P521_SHA256_ASN1",
    EcdsaP521Sha384 = "ECDSA_P521_SHA384_ASN1",
    EcdsaP521Sha512 = "ECDSA_P521_SHA512_ASN1",
    Ed25519 = "ED25519",
    MlDsa44 = "ML_DSA_44",
    MlDsa65 = "ML_DSA_65",
    MlDsa87 = "ML_DSA_87",
    RsaLegacySha1 = "RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY",
    RsaLegacySha256 = "RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY",
    RsaLegacySha512 = "RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY",
    RsaSha256 = "RSA_PKCS1_2048_8192_SHA256",
    RsaSha384 = "RSA_PKCS1_2048_8192_SHA384",
    RsaSha512 = "RSA_PKCS1_2048_8192_SHA512",
    Rsa3072Sha384 = "RSA_PKCS1_3072_8192_SHA384",
    PssSha256 = "RSA_PSS_2048_8192_SHA256",
    PssSha384 = "RSA_PSS_2048_8192_SHA384",
    PssSha512 = "RSA_PSS_2048_8192_SHA512",
}

/// The digest of the parts, one after another.
pub(crate) fn digest(hash: Hash, parts: &[&[u8]]) -> Vec<u8> {
    backend::digest(hash, parts)
}

/// SHA-256 of the parts, one after another.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    digest(Hash::Sha256, parts).try_into().unwrap_or([0; 32])
}

/// PBKDF2 (RFC 8018 section 5.2) with HMAC; fills `key`.
pub(crate) fn pbkdf2(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
    key: &mut [u8],
) {
    backend::pbkdf2(hash, passphrase, salt, iterations, key);
}

/// Whether `key` made `signature` over `message`. The key is the contents of a
/// SubjectPublicKeyInfo's BIT STRING.
pub(crate) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    backend::verify(scheme, key, message, signature)
}

/// Whether `key` made an ECDSA signature over a digest, which is not longer than the curve's usual
/// one. A digest that is shorter than the group order is read as a number (FIPS 186-5 6.4.2), so
/// leading zeros change nothing.
pub(crate) fn verify_digest(
    curve: Curve,
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    backend::verify_digest(curve, key, digest, signature)
}

/// The uncompressed point of a scalar, which has the length of the curve's field. `stored` is the
/// point that is stored next to it, if there is one.
pub(crate) fn ec_public(curve: Curve, scalar: &[u8], stored: Option<&[u8]>) -> Derived {
    backend::ec_public(curve, scalar, stored)
}

/// Whether a point, compressed or not, is on the curve; `None` if that is not computed.
pub(crate) fn is_on_curve(curve: Curve, point: &[u8]) -> Option<bool> {
    backend::is_on_curve(curve, point)
}

/// The uncompressed form of a point; `None` if it is not on the curve, or not computed.
pub(crate) fn decompress(curve: Curve, point: &[u8]) -> Option<Vec<u8>> {
    backend::decompress(curve, point)
}

/// The public key of an Ed25519 secret (RFC 8032).
pub(crate) fn ed25519_public(secret: &[u8]) -> Derived {
    backend::ed25519_public(secret)
}

/// The public key of an X25519 secret (RFC 7748).
pub(crate) fn x25519_public(secret: &[u8]) -> Derived {
    backend::x25519_public(secret)
}

/// The public key of an ML-DSA secret: its seed of 32 bytes, or the expanded key.
pub(crate) fn ml_dsa_public(set: MlDsa, secret: &[u8]) -> Derived {
    backend::ml_dsa_public(set, secret)
}
