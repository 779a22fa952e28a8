//! The reader with static error texts, and the element types of certificates.

/// A result whose error describes the fault in the bytes.
pub(crate) type Der<T> = Result<T, &'static str>;

pub(crate) use super::{
    BIT_STRING, BOOLEAN, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, NULL, OCTET_STRING,
    OID as OBJECT_IDENTIFIER, SEQUENCE, SET, UTC_TIME,
};
use super::{Fault, split};

/// The tag byte of a primitive context-specific element.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag byte of a constructed context-specific element.
pub(crate) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// The elements of `bytes`, from the front.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element.
    pub(crate) fn next(&mut self) -> Der<Element<'a>> {
        let (element, rest) = split(self.rest).map_err(text)?;
        self.rest = rest;
        Ok(element)
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Der<&'a [u8]> {
        Ok(self.expect_element(tag)?.content)
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect_element(&mut self, tag: u8) -> Der<Element<'a>> {
        let element = self.next()?;
        if element.tag == tag {
            Ok(element)
        } else {
            Err("an element has the wrong type")
        }
    }

    /// The contents of the next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Der<Option<&'a [u8]>> {
        if self.peek() == Some(tag) {
            self.expect(tag).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Der<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err("data follows its end")
        }
    }
}

#[cold]
const fn text(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "it ends too early",
        Fault::CutOff => "it ends within a length",
        Fault::LongTag => "a tag has more than one byte",
        Fault::Indefinite => "a length is indefinite (BER, not DER)",
        Fault::LongLength => "a length has more than four bytes",
        Fault::NotShortest => "a length is not written in its shortest form",
        Fault::TooLong { .. } => "an element is longer than its container",
    }
}

/// The contents of the only element of `bytes`.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Der<&[u8]> {
    let mut reader = Reader::new(bytes);
    let value = reader.expect(tag)?;
    reader.end()?;
    Ok(value)
}

pub(crate) fn boolean(value: &[u8]) -> Der<bool> {
    match value {
        // X.690 11.1: DER's TRUE has all bits set.
        [0x00] => Ok(false),
        [0xff] => Ok(true),
        _ => Err("a BOOLEAN is neither 00 nor FF"),
    }
}

/// The contents of an INTEGER, two's complement, shortest form.
pub(crate) fn integer(value: &[u8]) -> Der<&[u8]> {
    match value {
        [] => Err("an INTEGER is empty"),
        // X.690 8.3.2: the first nine bits are neither all zero nor all one.
        [0x00, second, ..] if second & 0x80 == 0 => Err("an INTEGER is not in its shortest form"),
        [0xff, second, ..] if second & 0x80 != 0 => Err("an INTEGER is not in its shortest form"),
        _ => Ok(value),
    }
}

/// A non-negative INTEGER; values above 2^32 - 1 become 2^32 - 1.
pub(crate) fn small_unsigned(value: &[u8]) -> Der<u32> {
    let digits = integer(value)?;
    if digits.first().is_some_and(|first| first & 0x80 != 0) {
        return Err("an INTEGER is negative");
    }
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    // Larger values mean "no limit" wherever they are used: path lengths and counters of
    // certificates.
    if digits.len() > 4 {
        return Ok(u32::MAX);
    }
    Ok(digits
        .iter()
        .fold(0, |sum, &digit| (sum << 8) | u32::from(digit)))
}

/// The bytes of a BIT STRING that is a whole number of bytes.
pub(crate) fn whole_bits(value: &[u8]) -> Der<&[u8]> {
    match value.split_first() {
        Some((0, bytes)) => Ok(bytes),
        Some(_) => Err("a BIT STRING is not a whole number of bytes"),
        None => Err("a BIT STRING is empty"),
    }
}

/// The first 16 named bits of a BIT STRING, bit 0 as the lowest.
pub(crate) fn named_bits(value: &[u8]) -> Der<u16> {
    let (&unused, bytes) = value.split_first().ok_or("a BIT STRING is empty")?;
    let unused_mask = match (unused, bytes) {
        // X.690 8.6.2.3: an empty BIT STRING has no unused bits; otherwise there are at most seven.
        (0, _) => 0,
        (1..=7, [_, ..]) => (1_u8 << unused) - 1,
        _ => return Err("a BIT STRING has an impossible number of unused bits"),
    };
    // X.690 11.2.1: DER has zeros there. OpenSSL clears them instead of refusing, which
    // `constraint::KeyUsage::from_ber` does too.
    if bytes.last().is_some_and(|last| last & unused_mask != 0) {
        return Err("the unused bits of a BIT STRING are set");
    }
    // Bit 0 of a BIT STRING is the highest bit of its first byte.
    let low = bytes.first().map_or(0, |byte| byte.reverse_bits());
    let high = bytes.get(1).map_or(0, |byte| byte.reverse_bits());
    Ok(u16::from_le_bytes([low, high]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_definite_and_minimal() {
        for bytes in [
            &b"\x30\x80\x00\x00"[..],
            b"\x30\x81\x01\x00",
            b"\x30\x82\x00\x80",
            b"\x30\x85\x00\x00\x00\x00\x01\x00",
            b"\x30\x02\x00",
            b"\x1f\x01\x00",
            b"\x30",
            b"",
        ] {
            assert!(Reader::new(bytes).next().is_err(), "{bytes:02x?}");
        }
        assert_eq!(only(b"\x04\x02ab", OCTET_STRING), Ok(&b"ab"[..]));
        assert!(only(b"\x04\x02abc", OCTET_STRING).is_err());
    }

    #[test]
    fn integers_and_bits() {
        assert_eq!(small_unsigned(&[0, 0x80]), Ok(128));
        assert_eq!(small_unsigned(&[1, 0, 0, 0, 0]), Ok(u32::MAX));
        assert!(small_unsigned(&[0xff]).is_err() && small_unsigned(&[0, 1]).is_err());
        assert_eq!(named_bits(&[1, 0x06]), Ok(0b0110_0000));
        assert!(named_bits(&[1, 0x07]).is_err() && named_bits(&[1]).is_err());
    }
}
