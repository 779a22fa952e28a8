//! The passphrase of an encrypted key.

use std::fmt;
use zeroize::Zeroizing;

/// A passphrase: wiped when dropped, never shown.
///
/// ```
/// let passphrase = certcheck::model::Passphrase::new("open sesame");
/// assert_eq!(format!("{passphrase:?}"), "Passphrase(…)");
/// ```
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// The passphrase as the given bytes, with nothing cut off.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The passphrase on the first line of a file: the end of that line, LF or
    /// CR LF, and everything after it are cut off. OpenSSL's `-passin file:`
    /// does the same, but treats a CR as a part of the passphrase.
    pub fn from_first_line(bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes = Zeroizing::new(bytes.into());
        let end = bytes
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(bytes.len());
        bytes.truncate(end);
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Self(bytes)
    }

    /// The bytes.
    pub fn secret_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_counts() {
        for (given, read) in [
            (&b"a b \n"[..], &b"a b "[..]),
            (b"x\r\ny", b"x"),
            (b"x", b"x"),
            (b"", b""),
            (b"\n", b""),
        ] {
            assert_eq!(Passphrase::from_first_line(given).secret_bytes(), read);
        }
    }
}
