//! The schemes of RSA, where aws-lc is missing.

use super::rsa_keys::{key, pkcs1, pss};
use super::{Failure, Hash, Scheme, digest};
use rsa::RsaPublicKey;
use rsa::pkcs1::der::Decode;

/// The DER of DigestInfo before the digest (RFC 8017 9.2, note 1).
const SHA1: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
const SHA256: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const SHA384: &[u8] =
    b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30";
const SHA512: &[u8] =
    b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40";

/// Whether the key, an RSAPublicKey in DER, made the signature; `None` if the scheme is not RSA.
pub(super) fn verify(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<Result<(), Failure>> {
    let (least, hash, prefix) = match scheme {
        Scheme::RsaLegacySha1 => (1024, Hash::Sha1, Some(SHA1)),
        Scheme::RsaLegacySha256 => (1024, Hash::Sha256, Some(SHA256)),
        Scheme::RsaLegacySha512 => (1024, Hash::Sha512, Some(SHA512)),
        Scheme::RsaSha256 => (2048, Hash::Sha256, Some(SHA256)),
        Scheme::RsaSha384 => (2048, Hash::Sha384, Some(SHA384)),
        Scheme::RsaSha512 => (2048, Hash::Sha512, Some(SHA512)),
        Scheme::Rsa3072Sha384 => (3072, Hash::Sha384, Some(SHA384)),
        Scheme::PssSha256 => (2048, Hash::Sha256, None),
        Scheme::PssSha384 => (2048, Hash::Sha384, None),
        Scheme::PssSha512 => (2048, Hash::Sha512, None),
        _ => return None,
    };
    let Some(key) = read(key, least) else {
        return Some(Err(Failure::Wrong));
    };
    let digest = digest(hash, &[message]);
    Some(match prefix {
        Some(prefix) => pkcs1(&key, prefix, &digest, signature),
        None => pss(&key, hash, digest.len(), &digest, signature),
    })
}

/// A key of `least` to 8192 bits.
fn read(der: &[u8], least: usize) -> Option<RsaPublicKey> {
    let read = rsa::pkcs1::RsaPublicKey::from_der(der).ok()?;
    let modulus = read.modulus.as_bytes();
    let unused = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    let bits = (modulus.len() * 8).checked_sub(unused)?;
    let usual = (least..=8192).contains(&bits);
    usual.then(|| key(modulus, read.public_exponent.as_bytes()).ok())?
}
