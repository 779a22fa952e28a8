//! Digests and PBKDF2 in Rust alone.

use super::Hash;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_256};
use std::num::NonZeroU32;

pub(super) fn digest(hash: Hash, parts: &[&[u8]]) -> Vec<u8> {
    fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        let mut context = D::new();
        for part in parts {
            context.update(part);
        }
        context.finalize().to_vec()
    }
    match hash {
        Hash::Sha1 => of::<Sha1>(parts),
        Hash::Sha224 => of::<Sha224>(parts),
        Hash::Sha256 => of::<Sha256>(parts),
        Hash::Sha384 => of::<Sha384>(parts),
        Hash::Sha512 => of::<Sha512>(parts),
        Hash::Sha512T256 => of::<Sha512_256>(parts),
    }
}

pub(super) fn pbkdf2(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
    key: &mut [u8],
) {
    let rounds = iterations.get();
    match hash {
        Hash::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(passphrase, salt, rounds, key),
        Hash::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(passphrase, salt, rounds, key),
        Hash::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, key),
        Hash::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(passphrase, salt, rounds, key),
        Hash::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, key),
        Hash::Sha512T256 => pbkdf2::pbkdf2_hmac::<Sha512_256>(passphrase, salt, rounds, key),
    }
}
