//! JSON that is safe to print on a terminal.
//!
//! serde_json escapes what RFC 8259 requires, which leaves DEL, the C1 controls (U+009B is a CSI to
//! some terminals) and characters that change the text direction. They are written as `\u` escapes,
//! which a JSON reader reads as the same value.

use crate::shown::{is_hidden, without_keys};
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::borrow::Cow;
use std::io::{self, Write};

/// serde_json's pretty form, with invisible characters escaped and base64 lines that look like a
/// key's left out: the last safeguard, should a value have passed the others.
#[derive(Debug, Default, Clone)]
pub(super) struct Escaped {
    pretty: PrettyFormatter<'static>,
    certificates: bool,
    one_line: bool,
}

impl Escaped {
    /// The document contains certificates in PEM.
    pub(super) fn with_certificates(certificates: bool) -> Self {
        Self {
            certificates,
            ..Self::default()
        }
    }

    /// The document has no line breaks.
    pub(super) fn on_one_line() -> Self {
        Self {
            one_line: true,
            ..Self::default()
        }
    }
}

impl Formatter for Escaped {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.begin_array(out);
        }
        self.pretty.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.end_array(out);
        }
        self.pretty.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.begin_array_value(out, first);
        }
        self.pretty.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.end_array_value(out);
        }
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.begin_object(out);
        }
        self.pretty.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.end_object(out);
        }
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.begin_object_key(out, first);
        }
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.begin_object_value(out);
        }
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.one_line {
            return CompactFormatter.end_object_value(out);
        }
        self.pretty.end_object_value(out)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        // Lines of base64 from a certificate look like those of a key and would be lost.
        let without = if self.certificates {
            Cow::Borrowed(text)
        } else {
            without_keys(text)
        };
        let text = &*without;
        // Nearly all text is printable ASCII, for which checking the bytes is enough.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_hidden) {
            return out.write_all(text.as_bytes());
        }
        let mut from = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| is_hidden(*c)) {
            out.write_all(text.get(from..at).unwrap_or_default().as_bytes())?;
            // An escape has four digits: a character beyond U+FFFF needs a pair of surrogates (RFC
            // 8259 section 7).
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        out.write_all(text.get(from..).unwrap_or_default().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;
    use serde_core::Serialize;
    use serde_json::{Serializer, Value, json};

    #[test]
    fn nothing_hidden_is_written_and_nothing_is_lost() {
        let value = json!({"a\u{9b}": ["x\u{202e}y\u{7f}\u{e0041}\u{1b}Größe", {}, []], "b": 1});
        let mut out = Vec::new();
        value
            .serialize(&mut Serializer::with_formatter(
                &mut out,
                Escaped::default(),
            ))
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(
            !text.contains(|c| c != '\n' && crate::shown::is_hidden(c)),
            "{text:?}"
        );
        assert!(
            text.contains("Größe") && text.contains("\\udb40\\udc41"),
            "{text}"
        );
    }
}
