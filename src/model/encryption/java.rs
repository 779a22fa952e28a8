//! The key protection of JKS keystores (sun/security/provider/KeyProtector.java
//! of OpenJDK): a keystream of chained SHA-1 digests, and a digest to check by.

use super::kdf::{Hash, utf16_be};
use super::{Encryption, Refusal};
use zeroize::Zeroizing;

/// 1.3.6.1.4.1.42.2.17.1.1
pub(super) const JKS_KEY_PROTECTION: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01];

/// 1.3.6.1.4.1.42.2.19.1, of JCEKS keystores: not decrypted here.
pub(super) const JCEKS_KEY_PROTECTION: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01];

/// The length of SHA-1, of the salt in front, and of the check behind.
const LENGTH: usize = 20;

pub(super) fn encryption(scheme: &str) -> Encryption {
    Encryption {
        scheme: scheme.to_owned(),
        openssl3_loads: false,
        outdated: true,
    }
}

/// Takes the key out; a check that does not hold means another passphrase.
pub(super) fn decrypt(passphrase: &[u8], protected: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let parts = protected.split_at_checked(LENGTH).and_then(|(salt, rest)| {
        let (body, check) = rest.split_at_checked(rest.len().checked_sub(LENGTH)?)?;
        Some((salt, body, check))
    });
    let Some((salt, body, check)) = parts else {
        return Err(Refusal::Malformed(crate::model::Malformed::new(
            "protected key of a Java keystore",
            "it is shorter than its salt and check",
        )));
    };
    let password = utf16_be(passphrase);
    let mut plain = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut digest = Zeroizing::new(salt.to_vec());
    for piece in body.chunks(LENGTH) {
        digest = Hash::Sha1.digest(&[&password, &digest]);
        plain.extend(piece.iter().zip(digest.iter()).map(|(a, b)| a ^ b));
    }
    if Hash::Sha1.digest(&[&password, &plain]).as_slice() == check {
        Ok(plain)
    } else {
        Err(Refusal::WrongPassphrase)
    }
}
