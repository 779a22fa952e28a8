//! SHA-1, by which macOS and Windows name certificates.

use crate::crypto::{Hash, digest};

/// SHA-1 of `bytes` in upper-case hexadecimal digits. It serves as a name and proves nothing.
pub(super) fn sha1(bytes: &[u8]) -> String {
    crate::finding::hex(&digest(Hash::Sha1, &[bytes])).to_uppercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn of_abc() {
        // FIPS 180-4, example.
        assert_eq!(
            super::sha1(b"abc"),
            "A9993E364706816ABA3E25717850C26C9CD0D89D"
        );
    }
}
