//! RSA signatures with the arithmetic of the rsa crate: for the keys that aws-lc refuses, and for
//! all keys where aws-lc is missing. It verifies only (RUSTSEC-2023-0071 is about private keys).

use super::{Failure, Hash};
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// OpenSSL's OPENSSL_RSA_MAX_MODULUS_BITS: the most that any verifier computes with.
pub(crate) const MOST_BITS: usize = 16_384;

/// The key with these numbers. The rsa crate refuses even ones, and exponents above 33 bits.
pub(crate) fn key(modulus: &[u8], exponent: &[u8]) -> Result<RsaPublicKey, String> {
    let [modulus, exponent] = [modulus, exponent].map(BigUint::from_bytes_be);
    RsaPublicKey::new_with_max_size(modulus, exponent, MOST_BITS).map_err(|error| error.to_string())
}

/// A signature of RSASSA-PKCS1-v1_5; `prefix` is the DER of DigestInfo before the digest.
pub(crate) fn pkcs1(
    key: &RsaPublicKey,
    prefix: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let scheme = Pkcs1v15Sign {
        hash_len: Some(digest.len()),
        prefix: prefix.into(),
    };
    let answer = key.verify(scheme, digest, signature);
    answer.map_err(|_| Failure::Wrong)
}

/// A signature of RSASSA-PSS whose mask has the same hash.
pub(crate) fn pss(
    key: &RsaPublicKey,
    hash: Hash,
    salt: usize,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let scheme = match hash {
        Hash::Sha1 => Pss::new_with_salt::<Sha1>(salt),
        Hash::Sha224 => Pss::new_with_salt::<Sha224>(salt),
        Hash::Sha256 => Pss::new_with_salt::<Sha256>(salt),
        Hash::Sha384 => Pss::new_with_salt::<Sha384>(salt),
        Hash::Sha512 => Pss::new_with_salt::<Sha512>(salt),
        Hash::Sha512T256 => return Err(Failure::NotComputed),
    };
    let answer = key.verify(scheme, digest, signature);
    answer.map_err(|_| Failure::Wrong)
}
