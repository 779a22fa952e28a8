//! Text from an input, safe for any output format.

use crate::shown::{is_hidden, without_keys};
use std::fmt::Write;

/// `text` on one line, without what looks like key material, every control and every invisible
/// character written as `\u{…}`. Each format escapes what is special in it afterwards.
pub(super) fn harmless(text: &str) -> String {
    let text = without_keys(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // XML 1.0 does not allow the last two even as a reference.
        if is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether the name of an input is a file's, not an address, option or stream.
pub(super) fn is_file(source: &str) -> bool {
    !(source.is_empty() || source.starts_with('-') || source.contains("://"))
}

/// A path as a URI: a relative one as it is, an absolute one with a scheme (RFC 8089).
pub(super) fn uri(path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in without_keys(path).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left() {
        assert_eq!(
            harmless("a\u{1b}b\u{202e}c\nd\u{ffff}"),
            r"a\u{1b}b\u{202e}c\u{a}d\u{ffff}"
        );
        assert_eq!(uri("a b/ü%.crt"), "a%20b/%C3%BC%25.crt");
        assert_eq!(uri("/etc/x"), "file:///etc/x");
        assert!(is_file("a.crt") && !is_file("-") && !is_file("--protocols"));
        assert!(!is_file("tls://a:443"));
    }
}
