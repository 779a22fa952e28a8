//! Distinguished Encoding Rules (X.690), as much as keys and requests need.
//!
//! A reader that walks elements without copying, allocating or recursing, and
//! a writer for the few structures that we build ourselves.

use super::Malformed;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The context-specific tag `[number]`, constructed.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// The context-specific tag `[number]`, primitive (IMPLICIT strings).
pub(crate) const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// One element: its tag, its content, and all of it with tag and length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Walks the elements that stand one behind another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    expected: &'static str,
}

impl<'a> Reader<'a> {
    /// Reads from `bytes`; errors name the structure `expected`.
    pub(crate) const fn new(bytes: &'a [u8], expected: &'static str) -> Self {
        Self {
            rest: bytes,
            expected,
        }
    }

    pub(crate) fn error(&self, reason: impl Into<String>) -> Malformed {
        Malformed::new(self.expected, reason)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, Malformed> {
        let [tag, first, tail @ ..] = self.rest else {
            return Err(self.error("it ends where an element was expected"));
        };
        if tag & 0x1f == 0x1f {
            return Err(self.error("a tag number of 31 or more"));
        }
        let (length, body) = match first {
            0..=0x7f => (usize::from(*first), tail),
            0x80 => return Err(self.error("an indefinite length, which DER forbids")),
            _ => {
                let count = usize::from(first & 0x7f);
                let (digits, body) = tail
                    .split_at_checked(count)
                    .filter(|_| count <= 4)
                    .ok_or_else(|| self.error("a length that no file can have"))?;
                let length = digits
                    .iter()
                    .fold(0_u64, |sum, &digit| (sum << 8) | u64::from(digit));
                if length < 0x80 || digits.first() == Some(&0) {
                    return Err(self.error("a length that is not written in its shortest form"));
                }
                let length = usize::try_from(length)
                    .map_err(|_| self.error("a length that no file can have"))?;
                (length, body)
            }
        };
        let (content, rest) = body.split_at_checked(length).ok_or_else(|| {
            self.error(format!(
                "an element of {length} bytes where {} are left",
                body.len()
            ))
        })?;
        let whole = self
            .rest
            .get(..self.rest.len() - rest.len())
            .unwrap_or_default();
        self.rest = rest;
        Ok(Element {
            tag: *tag,
            content,
            whole,
        })
    }

    /// The next element, which must have the tag.
    pub(crate) fn expect(&mut self, tag: u8, what: &str) -> Result<Element<'a>, Malformed> {
        match self.peek() {
            Some(found) if found == tag => self.any(),
            Some(found) => Err(self.error(format!(
                "{what} expected, found an element of tag {found:#04x}"
            ))),
            None => Err(self.error(format!("{what} is missing"))),
        }
    }

    /// The next element if it has the tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        if self.peek() == Some(tag) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// A reader of the content of the next element, a SEQUENCE.
    pub(crate) fn sequence(&mut self, what: &str) -> Result<Reader<'a>, Malformed> {
        let element = self.expect(SEQUENCE, what)?;
        Ok(Reader::new(element.content, self.expected))
    }

    /// The magnitude of the next element, an INTEGER that is not negative,
    /// without leading zeros (so zero is empty).
    pub(crate) fn unsigned(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        let element = self.expect(INTEGER, what)?;
        match element.content {
            [] => Err(self.error(format!("{what} is empty"))),
            [0] => Ok(&[]),
            [0, second, ..] if second & 0x80 == 0 => {
                Err(self.error(format!("{what} has needless leading zeros")))
            }
            [0, magnitude @ ..] => Ok(magnitude),
            [first, ..] if first & 0x80 != 0 => Err(self.error(format!("{what} is negative"))),
            magnitude => Ok(magnitude),
        }
    }

    /// The next element, an INTEGER from 0 to `u64::MAX`; larger ones are cut to it.
    pub(crate) fn small(&mut self, what: &str) -> Result<u64, Malformed> {
        let magnitude = self.unsigned(what)?;
        Ok(if magnitude.len() > 8 {
            u64::MAX
        } else {
            magnitude
                .iter()
                .fold(0, |sum, &digit| (sum << 8) | u64::from(digit))
        })
    }

    /// The content of the next element, an OBJECT IDENTIFIER.
    pub(crate) fn oid(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        Ok(self.expect(OID, what)?.content)
    }

    /// The content of the next element, an OCTET STRING.
    pub(crate) fn octets(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        Ok(self.expect(OCTET_STRING, what)?.content)
    }

    /// The bytes of the next element, a BIT STRING of whole bytes.
    pub(crate) fn bits(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        let element = self.expect(BIT_STRING, what)?;
        whole_bytes(element.content)
            .ok_or_else(|| self.error(format!("{what} is not a string of whole bytes")))
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.error(format!("{} bytes too many at its end", self.rest.len())))
        }
    }
}

/// A BIT STRING's content without its count of unused bits, where that is zero.
pub(crate) fn whole_bytes(content: &[u8]) -> Option<&[u8]> {
    match content {
        [0, bytes @ ..] => Some(bytes),
        _ => None,
    }
}

/// An object identifier in dotted form; cut off after 100 characters, for
/// nothing in use is a third as long.
pub(crate) fn dotted(oid: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let mut arc = 0_u64;
    for (index, byte) in oid.iter().enumerate() {
        if text.len() > 100 {
            text.push('…');
            break;
        }
        arc = (arc << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            if arc > u64::MAX >> 7 || index + 1 == oid.len() {
                text.push_str(".?");
                break;
            }
            continue;
        }
        let _ = if text.is_empty() {
            let root = (arc / 40).min(2);
            write!(text, "{root}.{}", arc - root * 40)
        } else {
            write!(text, ".{arc}")
        };
        arc = 0;
    }
    text
}

/// One element from its tag and the parts of its content.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 10);
    out.push(tag);
    let digits = length.to_be_bytes();
    let significant = digits
        .iter()
        .position(|&digit| digit != 0)
        .and_then(|first| digits.get(first..))
        .unwrap_or_default();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            // A usize has at most eight digits.
            out.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
            out.extend_from_slice(significant);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// An INTEGER from a magnitude.
pub(crate) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let significant = trim_zeros(magnitude);
    match significant.first() {
        Some(first) if first & 0x80 == 0 => element(INTEGER, &[significant]),
        _ => element(INTEGER, &[&[0], significant]),
    }
}

/// A magnitude without its leading zeros.
pub(crate) fn trim_zeros(magnitude: &[u8]) -> &[u8] {
    let first = magnitude
        .iter()
        .position(|&byte| byte != 0)
        .unwrap_or(magnitude.len());
    magnitude.get(first..).unwrap_or_default()
}

/// How many bits a magnitude has.
pub(crate) fn bit_length(magnitude: &[u8]) -> u32 {
    let significant = trim_zeros(magnitude);
    let Some(first) = significant.first() else {
        return 0;
    };
    let below = u32::try_from(significant.len() - 1).unwrap_or(u32::MAX);
    below
        .saturating_mul(8)
        .saturating_add(8 - first.leading_zeros())
}

/// A SubjectPublicKeyInfo from the whole AlgorithmIdentifier and the key's bytes.
pub(crate) fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[algorithm, &element(BIT_STRING, &[&[0], key])])
}

/// An AlgorithmIdentifier from an identifier's content and whole parameters.
pub(crate) fn algorithm(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&element(OID, &[oid]), parameters])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_shortest_form_and_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let body = vec![7; length];
            let der = element(OCTET_STRING, &[&body]);
            let mut reader = Reader::new(&der, "test");
            assert_eq!(reader.octets("it").unwrap(), body);
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn integers_are_unsigned_and_minimal() {
        for (der, magnitude) in [
            (&[2, 1, 0][..], Some(&[][..])),
            (&[2, 1, 127], Some(&[127])),
            (&[2, 2, 0, 128], Some(&[128])),
            (&[2, 1, 128], None),
            (&[2, 2, 0, 127], None),
            (&[2, 0], None),
        ] {
            assert_eq!(Reader::new(der, "test").unsigned("it").ok(), magnitude);
            if let Some(magnitude) = magnitude {
                assert_eq!(integer(magnitude), der);
            }
        }
    }

    #[test]
    fn hostile_lengths_are_refused() {
        for der in [
            &[0x30, 0x80, 0, 0][..],
            &[0x30, 0x81, 0x7f],
            &[0x30, 0x82, 0, 0x80],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x85, 1, 0, 0, 0, 0],
            &[0x30, 0xff],
            &[0x1f, 0x81, 0],
            &[0x30],
        ] {
            assert!(Reader::new(der, "test").any().is_err(), "{der:02x?}");
        }
    }

    #[test]
    fn identifiers_are_dotted_and_bounded() {
        assert_eq!(
            dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
            "1.2.840.113549.1.1.1"
        );
        assert_eq!(dotted(&[0x55, 0x1d, 0x0f]), "2.5.29.15");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        assert!(dotted(&[0x55; 10_000]).chars().count() < 110);
        assert!(dotted(&[0xff; 10_000]).chars().count() < 110);
        assert_eq!(dotted(&[]), "");
    }

    #[test]
    fn bits_are_counted_from_the_first_that_is_set() {
        assert_eq!(bit_length(&[]), 0);
        assert_eq!(bit_length(&[0, 1]), 1);
        assert_eq!(bit_length(&[0x80, 0]), 16);
    }
}
