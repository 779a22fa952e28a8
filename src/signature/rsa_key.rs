//! RSA: the backend for keys in use, slower arithmetic for weak and odd ones.

use super::{Before, SignatureProblem, hashed, malformed, of_the_backend, problem};
use crate::crypto::rsa_keys::MOST_BITS;
use crate::crypto::{Scheme, rsa_keys};
use crate::model::der::plain::{self as tlv, INTEGER, Reader, SEQUENCE};
use crate::model::{Hash, Signed};
use rsa::RsaPublicKey;

/// aws-lc refuses larger exponents, as does NIST SP 800-56B beyond 2^256; rsa's own limit.
const MOST_EXPONENT_BYTES: usize = 4;

/// An RSA key's numbers, and whether the backend computes with keys of its size.
struct Size<'a> {
    bits: usize,
    modulus: &'a [u8],
    exponent: &'a [u8],
}

fn size(key: &[u8]) -> Result<Size<'_>, SignatureProblem> {
    let read = || -> tlv::Der<(&[u8], &[u8])> {
        let mut reader = Reader::new(tlv::only(key, SEQUENCE)?);
        let modulus = tlv::integer(reader.expect(INTEGER)?)?;
        let exponent = tlv::integer(reader.expect(INTEGER)?)?;
        reader.end()?;
        Ok((modulus, exponent))
    };
    let (modulus, exponent) = read().map_err(malformed)?;
    let negative = |number: &[u8]| number.first().is_some_and(|first| first & 0x80 != 0);
    // RFC 8017 3.1: positive integers. A first byte of 80 or more without a zero before it is what
    // broken encoders write.
    if negative(modulus) || negative(exponent) {
        return Err(malformed("a number of the RSA key is negative"));
    }
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let exponent = exponent.strip_prefix(&[0]).unwrap_or(exponent);
    let unused = modulus.first().map_or(0, |first| first.leading_zeros());
    let bits = (modulus.len() * 8).saturating_sub(usize::try_from(unused).unwrap_or(0));
    // Before any arithmetic: the time of one verification grows with the square of the length.
    if bits > MOST_BITS {
        return Err(SignatureProblem::KeyTooLarge {
            bits: u64::try_from(bits).unwrap_or(u64::MAX),
            limit: 16_384,
        });
    }
    Ok(Size {
        bits,
        modulus,
        exponent,
    })
}

impl Size<'_> {
    fn slow(&self) -> Result<RsaPublicKey, SignatureProblem> {
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        // 512 bits: below, no signature with a modern hash fits.
        if self.exponent.len() > MOST_EXPONENT_BYTES
            || self.bits < 512
            || !odd(self.modulus)
            || !odd(self.exponent)
        {
            return Err(malformed("an RSA key with impossible numbers"));
        }
        rsa_keys::key(self.modulus, self.exponent).map_err(malformed)
    }
}

pub(super) fn pkcs1(
    before: Before<'_>,
    key: &[u8],
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let size = size(key)?;
    // The backend verifies RSA below 2048 bits only under names that say "legacy", and nothing
    // above 8192 bits. What it does not have is computed slowly.
    let in_use = (2048..=8192).contains(&size.bits);
    let legacy = (1024..=8192).contains(&size.bits);
    let scheme = match hash {
        Hash::Sha256 if in_use => Scheme::RsaSha256,
        Hash::Sha384 if in_use => Scheme::RsaSha384,
        Hash::Sha512 if in_use => Scheme::RsaSha512,
        Hash::Sha1 if legacy => Scheme::RsaLegacySha1,
        Hash::Sha256 if legacy => Scheme::RsaLegacySha256,
        Hash::Sha512 if legacy => Scheme::RsaLegacySha512,
        _ => {
            let signed = Signed {
                algorithm: hash.name(),
                key,
                message,
                signature,
            };
            return before.or(signed, || {
                let (prefix, digest) = (digest_info(hash), hashed(hash, message));
                rsa_keys::pkcs1(&size.slow()?, &prefix, &digest, signature)
                    .map_err(|failure| problem(failure, hash.name()))
            });
        }
    };
    before.check(scheme, key, message, signature)
}

/// The DER of DigestInfo before the digest (RFC 8017 9.2, note 1).
fn digest_info(hash: Hash) -> Vec<u8> {
    let algorithm: &[u8] = match hash {
        Hash::Md5 => b"\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00",
        Hash::Sha1 => b"\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00",
        Hash::Sha224 => b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00",
        Hash::Sha256 => b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00",
        Hash::Sha384 => b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00",
        Hash::Sha512 => b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00",
    };
    let byte = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
    let length = byte(hash.length());
    let mut info = vec![SEQUENCE, byte(algorithm.len()) + 2 + length];
    info.extend(algorithm);
    info.extend([tlv::OCTET_STRING, length]);
    info
}

pub(super) fn pss(
    before: Before<'_>,
    key: &[u8],
    hash: Hash,
    salt: u32,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let size = size(key)?;
    let salt = usize::try_from(salt).unwrap_or(usize::MAX);
    // The backend's PSS has salts as long as the digest, and no others.
    let usual = (2048..=8192).contains(&size.bits) && salt == hash.length();
    let scheme = match hash {
        Hash::Sha256 if usual => Scheme::PssSha256,
        Hash::Sha384 if usual => Scheme::PssSha384,
        Hash::Sha512 if usual => Scheme::PssSha512,
        _ => {
            let signed = Signed {
                algorithm: &format!("PSS {} {salt}", hash.name()),
                key,
                message,
                signature,
            };
            return before.or(signed, || slow_pss(&size, hash, salt, message, signature));
        }
    };
    before.check(scheme, key, message, signature)
}

fn slow_pss(
    size: &Size<'_>,
    hash: Hash,
    salt: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    // A salt that does not fit next to the digest belongs to no signature.
    if salt > size.modulus.len() {
        return Err(SignatureProblem::Wrong);
    }
    let Some(backend) = of_the_backend(hash) else {
        return Err(SignatureProblem::Unsupported {
            algorithm: "RSA-PSS with MD5".into(),
        });
    };
    let digest = hashed(hash, message);
    rsa_keys::pss(&size.slow()?, backend, salt, &digest, signature)
        .map_err(|failure| problem(failure, hash.name()))
}
