//! Identifier and length octets in all forms of BER (X.690 8.1.2 and 8.1.3).

/// How many bytes of content an element announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Definite(usize),
    /// The content ends with two zero bytes (8.1.3.6).
    Indefinite,
}

/// The length, and what follows the header; `None` if there is no header, or its length exceeds a
/// machine word.
pub(super) fn header(bytes: &[u8]) -> Option<(Length, &[u8])> {
    let (&identifier, mut rest) = bytes.split_first()?;
    if identifier & 0x1f == 0x1f {
        rest = behind_long_tag(rest)?;
    }
    let (&first, rest) = rest.split_first()?;
    match first {
        0..=0x7f => Some((Length::Definite(usize::from(first)), rest)),
        // A primitive element has no end marker (8.1.3.2).
        0x80 => (identifier & 0x20 != 0).then_some((Length::Indefinite, rest)),
        // Reserved (8.1.3.5 c).
        0xff => None,
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let len = octets.iter().try_fold(0_usize, |len, &octet| {
                len.checked_mul(256)?.checked_add(usize::from(octet))
            })?;
            Some((Length::Definite(len), rest))
        }
    }
}

/// What follows the octets of a tag number above 30, seven bits in each (8.1.2.4.2). No structure
/// that is read here needs more than five of them.
fn behind_long_tag(bytes: &[u8]) -> Option<&[u8]> {
    let last = bytes.iter().take(5).position(|octet| octet & 0x80 == 0)?;
    bytes.get(last + 1..)
}

#[cfg(all(test, feature = "x509"))]
mod tests {
    use super::*;
    use der_parser::asn1_rs::{self, FromBer, Header};
    use proptest::prelude::*;

    fn theirs(bytes: &[u8]) -> Option<(Length, &[u8])> {
        let (rest, header) = Header::from_ber(bytes).ok()?;
        let length = match header.length() {
            asn1_rs::Length::Definite(len) => Length::Definite(len),
            asn1_rs::Length::Indefinite => Length::Indefinite,
        };
        Some((length, rest))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Agrees with der-parser's headers, for any tag, length and number of octets.
        #[test]
        fn as_der_parser_reads_them(
            identifier in any::<u8>(),
            tag in prop::collection::vec(any::<u8>(), 0..6),
            first in any::<u8>(),
            rest in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..12),
        ) {
            let mut bytes = vec![identifier];
            if identifier & 0x1f == 0x1f {
                bytes.extend(tag);
            }
            bytes.push(first);
            bytes.extend(rest);
            prop_assert_eq!(header(&bytes), theirs(&bytes), "{:02x?}", bytes);
        }
    }
}
