//! Byte order marks and UTF-16: the characters of a file as single bytes.

use std::borrow::Cow;
use zeroize::Zeroize;

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charset {
    /// ASCII, or any superset of it: UTF-8, Latin-1, Windows-1252.
    Ascii,
    /// UTF-8 after a byte order mark (EF BB BF).
    Utf8Bom,
    /// UTF-16, low byte first, as PowerShell 5 writes with `>`.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// The byte that means a typographic dash where the text was UTF-16:
/// Windows-1252's en dash, which the reader knows already.
const DASH: u8 = 0x96;
/// The byte that means every other character outside ASCII.
const OTHER: u8 = 0xbf;
/// Windows-1252's no-break space.
const NO_BREAK_SPACE: u8 = 0xa0;

/// A file's characters, one byte each, and the way back to its bytes.
pub(crate) struct Text<'a> {
    bytes: Cow<'a, [u8]>,
    pub(crate) charset: Charset,
    /// Length of the byte order mark.
    mark: usize,
    /// Bytes for each character.
    width: usize,
    /// Length of the file; an odd last byte of UTF-16 fills only half a character.
    end: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let end = bytes.len();
        let (charset, mark) = detect(bytes);
        let body = bytes.get(mark..).unwrap_or_default();
        let (bytes, width) = match charset {
            Charset::Ascii | Charset::Utf8Bom => (Cow::Borrowed(body), 1),
            Charset::Utf16Le => (Cow::Owned(narrow(body, u16::from_le_bytes)), 2),
            Charset::Utf16Be => (Cow::Owned(narrow(body, u16::from_be_bytes)), 2),
        };
        Self {
            bytes,
            charset,
            mark,
            width,
            end,
        }
    }

    /// The bytes as they are.
    pub(crate) fn plain(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(bytes),
            charset: Charset::Ascii,
            mark: 0,
            width: 1,
            end: bytes.len(),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The offset in the file of the character at `index`.
    pub(crate) fn offset(&self, index: usize) -> usize {
        (self.mark + index * self.width).min(self.end)
    }

    /// The length of the byte order mark, 0 if there is none.
    pub(crate) fn mark(&self) -> usize {
        self.mark
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        // The narrow copy holds a private key just as the file does.
        if let Cow::Owned(bytes) = &mut self.bytes {
            bytes.zeroize();
        }
    }
}

fn detect(bytes: &[u8]) -> (Charset, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8Bom, 3),
        [0xff, 0xfe, ..] => (Charset::Utf16Le, 2),
        [0xfe, 0xff, ..] => (Charset::Utf16Be, 2),
        _ => (without_mark(bytes), 0),
    }
}

/// UTF-16 without a mark: of the first 512 pairs, nine in ten are an ASCII character next to a
/// zero, always on the same side.
fn without_mark(bytes: &[u8]) -> Charset {
    // So one of the first 52 pairs must have a zero: other text is recognised at once.
    if !bytes.get(..104).unwrap_or(bytes).contains(&0) {
        return Charset::Ascii;
    }
    let (mut little, mut big, mut pairs) = (0_usize, 0_usize, 0_usize);
    for pair in bytes.chunks_exact(2).take(512) {
        pairs += 1;
        match pair {
            [1..128, 0] => little += 1,
            [0, 1..128] => big += 1,
            _ => {}
        }
    }
    // Three pairs are too few to tell UTF-16 from a binary header.
    match pairs {
        // Nine in ten, not all: a dash or quotation mark from a word processor has no zero
        // byte.
        0..4 => Charset::Ascii,
        _ if little * 10 >= pairs * 9 => Charset::Utf16Le,
        _ if big * 10 >= pairs * 9 => Charset::Utf16Be,
        _ => Charset::Ascii,
    }
}

/// One byte for each unit; an odd last byte counts as a unit of its own.
fn narrow(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let mut narrow = Vec::with_capacity(bytes.len().div_ceil(2));
    for pair in bytes.chunks(2) {
        narrow.push(match pair {
            [a, b] => character(unit([*a, *b])),
            _ => OTHER,
        });
    }
    narrow
}

fn character(unit: u16) -> u8 {
    match unit {
        0x2010..=0x2015 | 0x2212 | 0xfe63 | 0xff0d => DASH,
        // These print as nothing or as a blank. U+FEFF within a text is the byte order mark of an
        // appended file.
        0x00a0 | 0x200b..=0x200d | 0x2060 | 0xfeff => NO_BREAK_SPACE,
        _ => u8::try_from(unit)
            .ok()
            .filter(u8::is_ascii)
            .unwrap_or(OTHER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        let text = "-----BEGIN X-----\r\nAAAA\r\n";
        for (mark, bytes, charset) in [
            (
                "\u{feff}",
                u16::to_le_bytes as fn(u16) -> [u8; 2],
                Charset::Utf16Le,
            ),
            ("", u16::to_le_bytes, Charset::Utf16Le),
            ("\u{feff}", u16::to_be_bytes, Charset::Utf16Be),
            ("", u16::to_be_bytes, Charset::Utf16Be),
        ] {
            let file = utf16(&format!("{mark}{text}"), bytes);
            let read = Text::new(&file);
            assert_eq!((read.charset, read.bytes()), (charset, text.as_bytes()));
            assert_eq!(read.offset(5), mark.len() / 3 * 2 + 10);
        }
    }

    #[test]
    fn an_odd_last_byte_ends_where_the_file_ends() {
        let mut file = utf16("\u{feff}ab", u16::to_le_bytes);
        file.push(b'x');
        let read = Text::new(&file);
        assert_eq!(read.bytes(), [b'a', b'b', OTHER]);
        assert_eq!(read.offset(3), file.len());
    }

    #[test]
    fn der_and_short_text_are_not_utf16() {
        assert_eq!(
            Text::new(&[0x30, 0x82, 0, 1, 2, 0, 1, 0, 9]).charset,
            Charset::Ascii
        );
        assert_eq!(Text::new(b"a\0b\0").charset, Charset::Ascii);
        assert_eq!(Text::new(b"").charset, Charset::Ascii);
    }
}
