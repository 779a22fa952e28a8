//! The text of a script: UTF-8, UTF-16 as PowerShell's editors write it, or Windows-1252.

use zeroize::Zeroizing;

/// The Windows-1252 characters from 0x80 to 0x9f; the others are the same as in Unicode.
const WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// The text of these bytes. It may contain secrets, and is wiped when it is dropped.
pub fn text_of(bytes: &[u8]) -> Zeroizing<String> {
    // Each byte is three bytes of UTF-8 at most: the text never has to move.
    let mut out = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, &mut out),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, &mut out),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => out.push_str(text),
                Err(_) => out.extend(bytes.iter().map(|byte| windows(*byte))),
            }
        }
    }
    out
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, out: &mut String) {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    out.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
}

fn windows(byte: u8) -> char {
    let special = byte
        .checked_sub(0x80)
        .and_then(|at| WINDOWS.get(usize::from(at)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn encodings() {
        for (bytes, text) in [
            (&b"tsm \xc3\xa9"[..], "tsm \u{e9}"),
            (b"\xef\xbb\xbftsm", "tsm"),
            (b"\xff\xfet\0s\0m\0", "tsm"),
            (b"\xfe\xff\0t\0s\0m", "tsm"),
            (b"\x93a\x94 \xe9", "\u{201c}a\u{201d} \u{e9}"),
            (b"\xff\xfe\x00\xd8x", "\u{fffd}"),
            (b"", ""),
        ] {
            assert_eq!(text_of(bytes).as_str(), text, "{bytes:?}");
        }
    }
}
