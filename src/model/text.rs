//! The strings of names: read, folded for comparison, shown safely.

use crate::shown::is_hidden;
use std::borrow::Cow;
use std::fmt;

/// The longest value shown, in characters: RFC 5280 A.1 bounds a commonName at 64 and an address at
/// 255; more is someone's joke.
pub(super) const SHOWN_VALUE: usize = 255;

/// Escapes as RFC 4514 2.4 does, and everything that could move a terminal's
/// cursor or turn its writing direction.
pub(super) fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        if index == SHOWN_VALUE {
            return f.write_str("…");
        }
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{c}")?,
            '#' | ' ' if index == 0 => write!(f, "\\{c}")?,
            ' ' if index == last => f.write_str("\\ ")?,
            c if is_hidden(c) => {
                let mut utf8 = [0; 4];
                for byte in c.encode_utf8(&mut utf8).bytes() {
                    write!(f, "\\{byte:02X}")?;
                }
            }
            c => write!(f, "{c}")?,
        }
    }
    Ok(())
}

pub(super) fn directory_string(tag: u8, value: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        // UTF8String, and the strings that are ASCII by definition:
        // NumericString, PrintableString, IA5String, VisibleString.
        0x0c => std::str::from_utf8(value).ok().map(Cow::Borrowed),
        0x12 | 0x13 | 0x16 | 0x1a => value
            .is_ascii()
            .then(|| std::str::from_utf8(value).ok().map(Cow::Borrowed))
            .flatten(),
        // TeletexString: Latin-1 in practice (OpenSSL, Go and NSS read it that way).
        0x14 => Some(value.iter().map(|&byte| char::from(byte)).collect()),
        // BMPString: UTF-16 without surrogates by definition, but with them in practice.
        0x1e if value.len().is_multiple_of(2) => {
            let units = value.as_chunks::<2>().0.iter();
            char::decode_utf16(units.map(|unit| u16::from_be_bytes(*unit)))
                .collect::<Result<String, _>>()
                .ok()
                .map(Cow::Owned)
        }
        0x1c if value.len().is_multiple_of(4) => {
            let units = value.as_chunks::<4>().0.iter();
            units
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)))
                .collect::<Option<String>>()
                .map(Cow::Owned)
        }
        _ => None,
    }
}
