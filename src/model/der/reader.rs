//! The reader that names what it looked for.

use super::{BIT_STRING, Element, Fault, INTEGER, OCTET_STRING, OID, SEQUENCE, split, whole_bytes};
use crate::model::Malformed;

/// Walks the elements that are one after another.
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
        match split(self.rest) {
            Ok((element, rest)) => {
                self.rest = rest;
                Ok(element)
            }
            Err(fault) => Err(self.fault(fault)),
        }
    }

    #[cold]
    fn fault(&self, fault: Fault) -> Malformed {
        match fault {
            Fault::Missing => self.error("it ends where an element was expected"),
            // With only a tag, an element has not begun.
            Fault::CutOff if self.rest.len() < 2 => {
                self.error("it ends where an element was expected")
            }
            Fault::LongTag => self.error("a tag number of 31 or more"),
            Fault::Indefinite => self.error("an indefinite length, which DER forbids"),
            Fault::CutOff | Fault::LongLength => self.error("a length that no file can have"),
            Fault::NotShortest => self.error("a length that is not written in its shortest form"),
            Fault::TooLong { length, left } => self.error(format!(
                "an element of {length} bytes where only {left} are left"
            )),
        }
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

    /// The next element, an INTEGER without a sign, however many zeros precede it, as
    /// OpenSSL reads the numbers of an RSA key (crypto/asn1/x_bignum.c).
    pub(crate) fn magnitude(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        let content = self.expect(INTEGER, what)?.content;
        let zeros = content.iter().take_while(|&&byte| byte == 0).count();
        Ok(content.get(zeros..).unwrap_or_default())
    }

    /// The next element, an INTEGER from 0 to `u64::MAX`; larger ones become `u64::MAX`.
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

    /// The next element, an INTEGER of 32 bits with a sign, where no bytes mean 0: OpenSSL reads
    /// the version of an RSA key like this (crypto/asn1/x_int64.c).
    pub(crate) fn int32(&mut self, what: &str) -> Result<i32, Malformed> {
        let content = self.expect(INTEGER, what)?.content;
        let negative = content.first().is_some_and(|first| first & 0x80 != 0);
        // More bytes than needed are an error there (`c2i_ibuf`), unlike in the key's numbers.
        if let [first, second, ..] = content
            && (*first == 0 && second & 0x80 == 0 || *first == 0xff && second & 0x80 != 0)
        {
            return Err(self.error(format!("{what} has more bytes than it needs")));
        }
        if content.len() > 4 {
            return Err(self.error(format!("{what} is too large")));
        }
        let start = if negative { -1 } else { 0 };
        let next = |sum: i32, &digit: &u8| (sum << 8) | i32::from(digit);
        Ok(content.iter().fold(start, next))
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
            Err(self.error(format!("{} extra bytes at its end", self.rest.len())))
        }
    }
}
