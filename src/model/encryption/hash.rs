//! Digests, and what is built from them for passphrases: HMAC and PBKDF2.

use crate::crypto;
use crate::model::der::dotted;
use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// A digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512T224,
    Sha512T256,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
}

/// NIST's hashAlgs, 2.16.840.1.101.3.4.2, without the last arc: digests, and
/// HMACs with SHA-3.
const NIST: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
/// RSADSI's digestAlgorithm, 1.2.840.113549.2, without the last arc.
const RSADSI: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];

/// Runs `$body` with the type of `$hash` as `$digest`.
macro_rules! with {
    ($hash:expr, $digest:ident => $body:expr) => {
        match $hash {
            Hash::Md5 => {
                type $digest = Md5;
                $body
            }
            Hash::Sha1 => {
                type $digest = Sha1;
                $body
            }
            Hash::Sha224 => {
                type $digest = Sha224;
                $body
            }
            Hash::Sha256 => {
                type $digest = Sha256;
                $body
            }
            Hash::Sha384 => {
                type $digest = Sha384;
                $body
            }
            Hash::Sha512 => {
                type $digest = Sha512;
                $body
            }
            Hash::Sha512T224 => {
                type $digest = Sha512_224;
                $body
            }
            Hash::Sha512T256 => {
                type $digest = Sha512_256;
                $body
            }
            Hash::Sha3_224 => {
                type $digest = Sha3_224;
                $body
            }
            Hash::Sha3_256 => {
                type $digest = Sha3_256;
                $body
            }
            Hash::Sha3_384 => {
                type $digest = Sha3_384;
                $body
            }
            Hash::Sha3_512 => {
                type $digest = Sha3_512;
                $body
            }
        }
    };
}

impl Hash {
    /// The digest with this identifier, if it is one of these.
    pub(crate) fn from_digest_oid(identifier: &[u8]) -> Option<Self> {
        const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
        if identifier == SHA1 {
            return Some(Self::Sha1);
        }
        if identifier.strip_prefix(RSADSI) == Some(&[5]) {
            return Some(Self::Md5);
        }
        Some(match identifier.strip_prefix(NIST)? {
            [1] => Self::Sha256,
            [2] => Self::Sha384,
            [3] => Self::Sha512,
            [4] => Self::Sha224,
            [5] => Self::Sha512T224,
            [6] => Self::Sha512T256,
            [7] => Self::Sha3_224,
            [8] => Self::Sha3_256,
            [9] => Self::Sha3_384,
            [10] => Self::Sha3_512,
            _ => return None,
        })
    }

    /// The digest for an HMAC's identifier, and OpenSSL's name for the HMAC.
    pub(crate) fn from_hmac_oid(identifier: &[u8]) -> (Option<Self>, String) {
        let rsadsi = identifier.strip_prefix(RSADSI).unwrap_or_default();
        let nist = identifier.strip_prefix(NIST).unwrap_or_default();
        let (hash, name) = match (rsadsi, nist) {
            ([6], _) => (Self::Md5, "hmacWithMD5"),
            ([7], _) => (Self::Sha1, "hmacWithSHA1"),
            ([8], _) => (Self::Sha224, "hmacWithSHA224"),
            ([9], _) => (Self::Sha256, "hmacWithSHA256"),
            ([10], _) => (Self::Sha384, "hmacWithSHA384"),
            ([11], _) => (Self::Sha512, "hmacWithSHA512"),
            ([12], _) => (Self::Sha512T224, "hmacWithSHA512-224"),
            ([13], _) => (Self::Sha512T256, "hmacWithSHA512-256"),
            (_, [13]) => (Self::Sha3_224, "hmacWithSHA3-224"),
            (_, [14]) => (Self::Sha3_256, "hmacWithSHA3-256"),
            (_, [15]) => (Self::Sha3_384, "hmacWithSHA3-384"),
            (_, [16]) => (Self::Sha3_512, "hmacWithSHA3-512"),
            _ => return (None, dotted(identifier)),
        };
        (Some(hash), name.to_owned())
    }

    /// The length of a block in bytes (RFC 7292's v).
    pub(super) const fn block(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha224 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 | Self::Sha512T224 | Self::Sha512T256 => 128,
            Self::Sha3_224 => 144,
            Self::Sha3_256 => 136,
            Self::Sha3_384 => 104,
            Self::Sha3_512 => 72,
        }
    }

    /// The length of a digest in bytes.
    /// The name as in `HMAC-SHA256`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
            Self::Sha512T224 => "SHA512-224",
            Self::Sha512T256 => "SHA512-256",
            Self::Sha3_224 => "SHA3-224",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
        }
    }

    pub(crate) fn length(self) -> usize {
        with!(self, D => <D as Digest>::output_size())
    }

    /// The digest of the parts, one after another.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        if let Some(hash) = self.of_the_backend() {
            return Zeroizing::new(crypto::digest(hash, parts));
        }
        with!(self, D => {
            let mut context = D::new();
            for part in parts {
                context.update(part);
            }
            Zeroizing::new(context.finalize().to_vec())
        })
    }

    /// The backend's, which is faster, if it has this one.
    const fn of_the_backend(self) -> Option<crypto::Hash> {
        Some(match self {
            Self::Sha1 => crypto::Hash::Sha1,
            Self::Sha224 => crypto::Hash::Sha224,
            Self::Sha256 => crypto::Hash::Sha256,
            Self::Sha384 => crypto::Hash::Sha384,
            Self::Sha512 => crypto::Hash::Sha512,
            Self::Sha512T256 => crypto::Hash::Sha512T256,
            _ => return None,
        })
    }

    /// The digest of the digest, `rounds` times.
    pub(super) fn again(self, mut digest: Zeroizing<Vec<u8>>, rounds: u64) -> Zeroizing<Vec<u8>> {
        for _ in 0..rounds {
            digest = self.digest(&[&digest]);
        }
        digest
    }

    /// Whether `code` is the HMAC of `message`, compared in constant time.
    pub(crate) fn hmac_is(self, key: &[u8], message: &[u8], code: &[u8]) -> bool {
        with!(self, D => {
            let Ok(mut mac) = <Hmac<D> as Mac>::new_from_slice(key) else {
                return false;
            };
            mac.update(message);
            mac.verify_slice(code).is_ok()
        })
    }

    /// The HMAC of `message`.
    pub(crate) fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        with!(self, D => {
            let Ok(mut mac) = <Hmac<D> as Mac>::new_from_slice(key) else {
                return Vec::new();
            };
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        })
    }

    /// PBKDF2 (RFC 8018 section 5.2) with the HMAC of this digest.
    pub(super) fn pbkdf2(
        self,
        passphrase: &[u8],
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; length]);
        if let (Some(hash), Some(iterations)) = (self.of_the_backend(), NonZeroU32::new(iterations))
        {
            crypto::pbkdf2(hash, passphrase, salt, iterations, &mut key);
            return key;
        }
        with!(self, D => pbkdf2::pbkdf2_hmac::<D>(passphrase, salt, iterations, &mut key));
        key
    }
}
