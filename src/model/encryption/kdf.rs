//! Keys from passphrases, the outdated ways: RFC 7292 appendix B, PBKDF1 and
//! OpenSSL's EVP_BytesToKey.

use super::hash::Hash;
use zeroize::Zeroizing;

/// What an RFC 7292 derivation is for (appendix B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// RFC 7292 appendix B.2. `password` is a BMPString with its two final zeros.
pub(crate) fn pkcs12(
    hash: Hash,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = hash.block();
    let diversifier = vec![purpose as u8; block];
    let fill = |bytes: &[u8]| {
        let size = bytes.len().div_ceil(block) * block;
        Zeroizing::new(
            bytes
                .iter()
                .copied()
                .cycle()
                .take(size)
                .collect::<Vec<u8>>(),
        )
    };
    let mut input = Zeroizing::new([fill(salt).as_slice(), fill(password).as_slice()].concat());
    let mut out = Zeroizing::new(Vec::with_capacity(length + 64));
    // Digests are computed until the key is long enough, each from an input that the one before
    // changed (appendix B.2, step 6).
    while out.len() < length {
        let first = hash.digest(&[&diversifier, &input]);
        let digest = hash.again(first, iterations.saturating_sub(1));
        out.extend_from_slice(&digest);
        let addend = Zeroizing::new(
            digest
                .iter()
                .copied()
                .cycle()
                .take(block)
                .collect::<Vec<_>>(),
        );
        for chunk in input.chunks_mut(block) {
            // I_j = I_j + B + 1 modulo 2^(8·block), big-endian.
            let mut carry = 1_u16;
            for (byte, add) in chunk.iter_mut().rev().zip(addend.iter().rev()) {
                let sum = u16::from(*byte) + u16::from(*add) + carry;
                let [high, low] = sum.to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
        }
    }
    out.truncate(length);
    out
}

/// A passphrase as RFC 7292 appendix B.1 requires it: UTF-16 big-endian with two
/// final zeros. Bytes that are not UTF-8 are treated as Latin-1, as OpenSSL does.
pub(crate) fn bmp_string(passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = utf16_be(passphrase);
    out.extend_from_slice(&[0, 0]);
    out
}

/// Without the zeros: what Java's keystores digest. Bytes that are not UTF-8 are used one for one.
pub(crate) fn utf16_be(passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(passphrase.len() * 2 + 2));
    match std::str::from_utf8(passphrase) {
        Ok(text) => {
            for unit in text.encode_utf16() {
                out.extend_from_slice(&unit.to_be_bytes());
            }
        }
        Err(_) => {
            for byte in passphrase {
                out.extend_from_slice(&[0, *byte]);
            }
        }
    }
    out
}

/// PBKDF1 (RFC 8018 section 5.1) in its full length.
pub(super) fn pbkdf1(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    iterations: u64,
) -> Zeroizing<Vec<u8>> {
    hash.again(
        hash.digest(&[passphrase, salt]),
        iterations.saturating_sub(1),
    )
}

/// OpenSSL's EVP_BytesToKey with MD5 and one iteration, as PEM encryption uses it.
pub(super) fn bytes_to_key(passphrase: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut last = Zeroizing::new(Vec::new());
    while out.len() < length {
        last = Hash::Md5.digest(&[&last, passphrase, salt]);
        out.extend_from_slice(&last);
    }
    out.truncate(length);
    out
}

/// Sun's PBEWithMD5AndTripleDES, 24 bytes of key and 8 of initialisation vector:
/// each half of the salt is digested with the password repeatedly. If the halves are equal, the
/// first is reversed
/// (com/sun/crypto/provider/PBES1Core.java of OpenJDK; measured with keytool 17).
pub(super) fn jceks(passphrase: &[u8], salt: [u8; 8], iterations: u64) -> Zeroizing<Vec<u8>> {
    let [a, b, c, d, second @ ..] = salt;
    let mut first = [a, b, c, d];
    // Sun's workaround for equal salt halves, which would give equal halves of the key.
    if first == second {
        first.reverse();
    }
    let mut out = Zeroizing::new(Vec::with_capacity(32));
    for half in [first, second] {
        let mut digest = Hash::Md5.digest(&[&half, passphrase]);
        for _ in 1..iterations {
            digest = Hash::Md5.digest(&[&digest, passphrase]);
        }
        out.extend_from_slice(&digest);
    }
    out
}
