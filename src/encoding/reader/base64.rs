//! Base64, fast on whole lines and tolerant everywhere else.

use zeroize::Zeroizing;

/// The mark of a byte outside the alphabet, in a bit that no sextet has.
const BAD: u32 = 1 << 31;

/// The value of every byte, moved to its place among the four of a quad.
const TABLES: [[u32; 256]; 4] = tables();

const fn tables() -> [[u32; 256]; 4] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut tables = [[BAD; 256]; 4];
    let mut value = 0;
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
    while value < 64 {
        let byte = alphabet[value] as usize;
        let mut place = 0;
        while place < 4 {
            tables[place][byte] = (value as u32) << (18 - 6 * place);
            place += 1;
        }
        value += 1;
    }
    tables
}

/// The value of one base64 character.
pub(in crate::encoding) fn sextet(byte: u8) -> Option<u32> {
    let [.., table] = &TABLES;
    let value = *table.get(usize::from(byte))?;
    (value & BAD == 0).then_some(value)
}

pub(super) fn is_base64(byte: u8) -> bool {
    sextet(byte).is_some()
}

/// The three bytes of four characters, with [`BAD`] set if one is not base64.
#[inline(always)]
fn quad([a, b, c, d]: [u8; 4]) -> u32 {
    let [first, second, third, fourth] = &TABLES;
    // A `u8` always lies inside 256 entries, so no lookup can fail or is checked.
    let at = |table: &[u32; 256], byte: u8| table.get(usize::from(byte)).copied().unwrap_or(BAD);
    at(first, a) | at(second, b) | at(third, c) | at(fourth, d)
}

/// Decodes four characters.
pub(super) fn decode_quad(chars: [u8; 4]) -> Option<[u8; 3]> {
    let bits = quad(chars);
    let [_, a, b, c] = bits.to_be_bytes();
    (bits & BAD == 0).then_some([a, b, c])
}

/// The mark of a pair with a byte outside the alphabet.
const BAD_PAIR: u16 = 1 << 15;

/// The twelve bits of every two characters, the first of them in the low byte.
/// It takes a quarter of the look-ups of one character at a time, and the part that base64 uses
/// (12 KiB) stays in the first cache.
static PAIRS: [u16; 1 << 16] = pairs();

const fn pairs() -> [u16; 1 << 16] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut pairs = [BAD_PAIR; 1 << 16];
    let mut place = 0;
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
    while place < 64 * 64 {
        let (first, second) = (place / 64, place % 64);
        pairs[alphabet[first] as usize | (alphabet[second] as usize) << 8] = place as u16;
        place += 1;
    }
    pairs
}

/// Characters of a line, and the bytes of room that it needs: every eight characters are written as
/// eight bytes, two of which the next eight overwrite.
pub(super) const LINE: usize = 64;
pub(super) const LINE_ROOM: usize = 50;

/// Decodes a line of 64 characters into 48 bytes; `false`, and anything in
/// `out`, if one of them is not base64.
#[inline]
pub(super) fn decode_line(line: &[u8; LINE], out: &mut [u8; LINE_ROOM]) -> bool {
    // The error marks of all pairs are collected and tested once, so the loop has no branch.
    let mut seen = 0;
    let (chunks, _) = line.as_chunks::<8>();
    for (index, chars) in chunks.iter().enumerate() {
        let mut bits: u64 = 0;
        let (pairs, _) = chars.as_chunks::<2>();
        for pair in pairs {
            // A `u16` always lies inside 65,536 entries: no look-up is checked.
            let at = usize::from(u16::from_le_bytes(*pair));
            let value = PAIRS.get(at).copied().unwrap_or(BAD_PAIR);
            seen |= value;
            bits = bits << 12 | u64::from(value);
        }
        if let Some(slot) = out.get_mut(index * 6..index * 6 + 8) {
            // Eight characters are 48 bits: the two bytes below them are overwritten by the next
            // six, or lie in the spare room.
            slot.copy_from_slice(&(bits << 16).to_be_bytes());
        }
    }
    seen & BAD_PAIR == 0
}

/// Decodes character by character, whatever is between them.
pub(super) struct Decoder {
    out: Zeroizing<Vec<u8>>,
    bits: u32,
    pending: u32,
    padding: u32,
}

/// How a run of base64 ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Clean,
    /// Without the padding that it needs, or with too little of it.
    PaddingMissing,
    /// The bits after the last byte are not zero (RFC 4648 section 3.5).
    TrailingBits,
    /// One character is left over, so some are missing.
    OneLeftOver,
}

impl Decoder {
    /// A decoder that never needs more than `characters` characters, so that
    /// its buffer never moves and leaves no copy behind.
    pub(super) fn new(characters: usize) -> Self {
        Self {
            out: Zeroizing::new(Vec::with_capacity(characters / 4 * 3 + 3)),
            bits: 0,
            pending: 0,
            padding: 0,
        }
    }

    pub(super) fn decoded(&self) -> &[u8] {
        &self.out
    }

    pub(super) fn is_padded(&self) -> bool {
        self.padding > 0
    }

    pub(super) fn push(&mut self, sextet: u32) {
        self.bits = self.bits << 6 | sextet;
        self.pending += 1;
        if self.pending == 4 {
            let [_, a, b, c] = self.bits.to_be_bytes();
            self.out.extend_from_slice(&[a, b, c]);
            self.bits = 0;
            self.pending = 0;
        }
    }

    /// Accepts a `=`; `false` where none is allowed.
    pub(super) fn pad(&mut self) -> bool {
        self.padding += 1;
        self.pending >= 2 && self.pending + self.padding <= 4
    }

    pub(super) fn finish(mut self) -> (Zeroizing<Vec<u8>>, End) {
        let whole = self.pending + self.padding == 4 || (self.pending == 0 && self.padding == 0);
        let left = match self.pending {
            2 => {
                let [.., byte] = (self.bits >> 4).to_be_bytes();
                self.out.push(byte);
                self.bits & 0xf
            }
            3 => {
                let [.., a, b] = (self.bits >> 2).to_be_bytes();
                self.out.extend_from_slice(&[a, b]);
                self.bits & 0x3
            }
            _ => 0,
        };
        let end = match (self.pending, whole, left) {
            (1, ..) => End::OneLeftOver,
            (_, false, _) => End::PaddingMissing,
            (_, true, 0) => End::Clean,
            (_, true, _) => End::TrailingBits,
        };
        (self.out, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> (Vec<u8>, End) {
        let mut decoder = Decoder::new(text.len());
        for byte in text.bytes() {
            match sextet(byte) {
                Some(value) => decoder.push(value),
                None => assert!(decoder.pad(), "{text}"),
            }
        }
        let (out, end) = decoder.finish();
        (out.to_vec(), end)
    }

    #[test]
    fn rfc_4648_section_10() {
        for (text, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
        ] {
            assert_eq!(decode(text), (plain.as_bytes().to_vec(), End::Clean));
        }
    }

    #[test]
    fn ends_that_are_not_clean() {
        assert_eq!(decode("Zg").1, End::PaddingMissing);
        assert_eq!(decode("Zg=").1, End::PaddingMissing);
        assert_eq!(decode("Zm9vY").1, End::OneLeftOver);
        assert_eq!(decode("Zh==").1, End::TrailingBits);
    }

    #[test]
    fn a_line_is_decoded_as_its_characters_are() {
        let line: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut fast = [0; LINE_ROOM];
        assert!(decode_line(&line, &mut fast));
        assert_eq!(fast[..48], decode(std::str::from_utf8(&line).unwrap()).0);
        for place in 0..LINE {
            for byte in (0..=u8::MAX).filter(|byte| !is_base64(*byte)) {
                let mut bad = line;
                bad[place] = byte;
                assert!(!decode_line(&bad, &mut fast), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn every_pair_is_its_two_characters() {
        for pair in 0..=u16::MAX {
            let [first, second] = pair.to_le_bytes();
            let wanted = sextet(first).zip(sextet(second)).map(|(a, b)| a << 6 | b);
            let found = PAIRS[usize::from(pair)];
            assert_eq!(
                (found != BAD_PAIR).then_some(u32::from(found)),
                wanted,
                "{pair:#06x}"
            );
        }
    }
}
