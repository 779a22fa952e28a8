//! Bytes with their places, and the words made of them.

use crate::source::Span;

/// One byte of a text and where it came from. A byte from a variable's value has the place of the
/// variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    pub(super) byte: u8,
    pub(super) span: Span,
}

/// The bytes of `text` with their places, shifted by `base`.
pub(super) fn chars(text: &[u8], base: usize) -> Vec<Char> {
    text.iter()
        .enumerate()
        .map(|(at, &byte)| Char {
            byte,
            span: Span::new(base + at, base + at + 1),
        })
        .collect()
}

/// A word as the program sees it, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) value: Vec<u8>,
    pub(super) span: Span,
    /// Whether there were quotes around it.
    pub(super) quoted: bool,
}

impl Word {
    /// A word of `value` that covers `raw`.
    pub(super) fn new(value: Vec<u8>, raw: &[Char], quoted: bool) -> Self {
        Self {
            value,
            span: covered(raw),
            quoted,
        }
    }

    /// The word as people see it.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

/// From the first to the last of these characters.
pub(super) fn covered(raw: &[Char]) -> Span {
    match (raw.first(), raw.last()) {
        (Some(first), Some(last)) => Span::new(
            first.span.start.min(last.span.start),
            last.span.end.max(first.span.end),
        ),
        _ => Span::new(0, 0),
    }
}

/// `isspace` of the C locale, which is what `apr_isspace` and OpenSSL use:
/// blank, tab, line feed, vertical tab, form feed, carriage return.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// Without the white space (`is_space`) at both ends.
pub(super) fn trim(mut text: &[Char]) -> &[Char] {
    while let [first, rest @ ..] = text
        && is_space(first.byte)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(last.byte)
    {
        text = rest;
    }
    text
}

/// The byte at `at`; a C string's NUL after the end.
pub(super) fn at(text: &[Char], at: usize) -> u8 {
    text.get(at).map_or(0, |char| char.byte)
}

/// Only the bytes.
pub(super) fn bytes(text: &[Char]) -> Vec<u8> {
    text.iter().map(|char| char.byte).collect()
}
