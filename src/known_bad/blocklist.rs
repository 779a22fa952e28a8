//! A list of keys that must not be used, in the form of Debian's openssl-blacklist.

use sha1::{Digest, Sha1};
use std::collections::HashSet;
use std::fmt;

/// Moduli by their fingerprints, as `openssl-vulnkey` reads them: on each line
/// the last 20 of the 40 hexadecimal digits of the SHA-1 of `Modulus=` with the
/// modulus in upper-case hexadecimal digits and a line feed, which is what
/// `openssl rsa -noout -modulus | sha1sum` prints. Lines that begin with `#` and
/// empty ones are comments. Whole fingerprints are accepted too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocklist(HashSet<[u8; 10]>);

/// Why a text cannot be read as a blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidBlocklist {
    /// The line at fault, counted from 1.
    pub line: usize,
}

impl fmt::Display for InvalidBlocklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {} is not a fingerprint of openssl-blacklist: 20 or 40 hexadecimal digits",
            self.line
        )
    }
}

impl std::error::Error for InvalidBlocklist {}

impl Blocklist {
    /// Reads a list, or several one after another.
    ///
    /// # Errors
    /// With the first line that is not a fingerprint: a partly read list would let bad keys pass.
    pub fn parse(text: &[u8]) -> Result<Self, InvalidBlocklist> {
        let mut list = Self::default();
        list.add(text)?;
        Ok(list)
    }

    /// Adds another list.
    ///
    /// # Errors
    /// As [`Blocklist::parse`].
    pub fn add(&mut self, text: &[u8]) -> Result<(), InvalidBlocklist> {
        for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let print = fingerprint(line).ok_or(InvalidBlocklist { line: number + 1 })?;
            self.0.insert(print);
        }
        Ok(())
    }

    /// How many fingerprints it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has this modulus, big-endian without leading zeros.
    pub(super) fn has(&self, modulus: &[u8]) -> bool {
        // The digest covers the text that `openssl rsa -modulus` prints, word, equals sign and
        // line feed included, since Debian's lists were made from it.
        let digits: String = modulus.iter().map(|byte| format!("{byte:02X}")).collect();
        let text = format!("Modulus={}\n", digits.trim_start_matches('0'));
        let digest = Sha1::digest(text.as_bytes());
        let last = digest
            .get(10..)
            .and_then(|last| <[u8; 10]>::try_from(last).ok());
        last.is_some_and(|last| self.0.contains(&last))
    }
}

/// The last ten bytes of a fingerprint in hexadecimal digits.
fn fingerprint(line: &[u8]) -> Option<[u8; 10]> {
    let text = std::str::from_utf8(line).ok()?;
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hexadecimal || !matches!(text.len(), 20 | 40) {
        return None;
    }
    let last = text.get(text.len() - 20..)?;
    let mut bytes = [0; 10];
    for (byte, place) in bytes.iter_mut().zip((0..20).step_by(2)) {
        *byte = u8::from_str_radix(last.get(place..place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_strict() {
        let list = Blocklist::parse(b"# Debian\n\n00005890bc78bcbee3ca\r\n00005890BC78BCBEE3CA\n");
        assert_eq!(list.map(|list| list.len()), Ok(1));
        for (text, line) in [
            (&b"00005890bc78bcbee3c"[..], 1),
            (b"# x\n00005890bc78bcbee3cag", 2),
            (b"\n\nhello", 3),
            (b"00005890bc78bcbee3ca 00005890bc78bcbee3ca", 1),
        ] {
            assert_eq!(Blocklist::parse(text), Err(InvalidBlocklist { line }));
        }
    }
}
