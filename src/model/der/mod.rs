//! Distinguished Encoding Rules (X.690): one reader of elements, [`split`], that
//! neither copies nor allocates nor recurses, with two faces, and a writer.
//!
//! Strict where leniency has let others accept a forged certificate: lengths are
//! definite and minimal, tags one byte. [`Reader`] names the structure and the part that it looked
//! for, as keys, requests and containers need it;
//! [`plain::Reader`] says what is wrong in a text that costs nothing, for certificates, whose views
//! are made thousands of times. BER is converted to DER before it is read (`container::ber`).

pub(crate) mod plain;
mod reader;
mod write;

pub(crate) use reader::Reader;
pub(crate) use write::{algorithm, element, integer, spki};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
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

/// Why there is no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is left.
    Missing,
    /// It ends after the tag, or within the length.
    CutOff,
    /// A tag number of 31 or more.
    LongTag,
    /// An indefinite length, which is BER.
    Indefinite,
    /// A length of more than four bytes.
    LongLength,
    /// A length that is not in its shortest form.
    NotShortest,
    /// The element claims more bytes than are left.
    TooLong { length: usize, left: usize },
}

/// The element at the start of `bytes`, and what follows it.
#[inline]
pub(crate) fn split(bytes: &[u8]) -> Result<(Element<'_>, &[u8]), Fault> {
    let (tag, first, tail) = match bytes {
        [tag, first, tail @ ..] => (*tag, *first, tail),
        [] => return Err(Fault::Missing),
        // A tag of one byte with the number 31 announces more tag bytes (X.690 8.1.2.4): it is
        // better to report that than that it is cut off.
        [tag] if tag & 0x1f == 0x1f => return Err(Fault::LongTag),
        [_] => return Err(Fault::CutOff),
    };
    if tag & 0x1f == 0x1f {
        return Err(Fault::LongTag);
    }
    let (length, body) = match first {
        0..=0x7f => (usize::from(first), tail),
        0x80 => return Err(Fault::Indefinite),
        // Long form (X.690 8.1.3.5). Four bytes reach 4 GiB, more than any input; and four bytes
        // never overflow the sum.
        0x81..=0x84 => {
            let (digits, body) = tail
                .split_at_checked(usize::from(first & 0x7f))
                .ok_or(Fault::CutOff)?;
            let length = digits
                .iter()
                .fold(0_usize, |sum, &digit| (sum << 8) | usize::from(digit));
            // X.690 10.1: DER has one length for one size. Two encodings of one certificate would
            // have two fingerprints and still one signature.
            if digits.first() == Some(&0) || length < 0x80 {
                return Err(Fault::NotShortest);
            }
            (length, body)
        }
        _ => return Err(Fault::LongLength),
    };
    let left = body.len();
    // The length is compared with what is left before anything is allocated: a length in the file
    // never decides how much memory is used.
    let (content, rest) = body
        .split_at_checked(length)
        .ok_or(Fault::TooLong { length, left })?;
    let whole = bytes.get(..bytes.len() - rest.len()).unwrap_or_default();
    Ok((
        Element {
            tag,
            content,
            whole,
        },
        rest,
    ))
}

/// A BIT STRING's content without its count of unused bits, where that is zero.
pub(crate) fn whole_bytes(content: &[u8]) -> Option<&[u8]> {
    match content {
        [0, bytes @ ..] => Some(bytes),
        _ => None,
    }
}

/// An object identifier in dotted form; cut off after 100 characters, since nothing in use is a
/// third as long.
pub(crate) fn dotted(oid: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let mut arc = 0_u64;
    for (index, byte) in oid.iter().enumerate() {
        // Attackers' certificates may have identifiers of megabytes, and this text is for people.
        if text.len() > 100 {
            text.push('…');
            break;
        }
        arc = (arc << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            // The next shift would lose bits, or the last byte says that another one follows.
            if arc > u64::MAX >> 7 || index + 1 == oid.len() {
                text.push_str(".?");
                break;
            }
            continue;
        }
        let _ = if text.is_empty() {
            // The first number holds two arcs, the first of which is 2 at most (X.690 8.19.4).
            let root = (arc / 40).min(2);
            write!(text, "{root}.{}", arc - root * 40)
        } else {
            write!(text, ".{arc}")
        };
        arc = 0;
    }
    text
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
