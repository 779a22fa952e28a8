//! How text from outside is shown: nothing that controls a terminal, nothing that looks like key
//! material, nothing longer than a line.
//!
//! Every value that a message quotes passes through [`value`]: words of a command
//! line, settings, paths that are not known to be files. Finished texts, in which
//! our own words surround such values, pass through [`without_keys`]; terminal output passes
//! through [`visible`].

mod article;
mod counted;
mod key_text;

pub use article::article;
pub use counted::counted;
pub use key_text::{holds_key, without_keys};

use std::borrow::Cow;

/// The longest value that a message repeats, in characters: as long as a path is
/// in practice.
const LONGEST: usize = 120;

/// Whether `c` controls a terminal or the text around it: controls (C0, DEL, C1), and Unicode's
/// format characters (bidirectional embeddings, overrides and isolates of UAX #9, zero-width
/// characters, tags), which are invisible.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` with every character that [`is_hidden`] written as an escape.
///
/// ```
/// assert_eq!(certcheck::shown::visible("a\u{1b}[2J"), r"a\u{1b}[2J");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    // Printable ASCII is nearly everything.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A value as a message repeats it: visible, without key material, on a single line of limited
/// length.
///
/// ```
/// assert_eq!(certcheck::shown::value("/etc/ssl/server.key"), "/etc/ssl/server.key");
/// let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n";
/// assert_eq!(certcheck::shown::value(key), "[93 characters that look like a key]");
/// ```
pub fn value(text: &str) -> String {
    if key_text::is_key(text) {
        return key_text::instead(text.chars().count());
    }
    let text = &*without_keys(text);
    let mut out = String::new();
    for c in text.chars().take(LONGEST) {
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(value("--cert-file"), "--cert-file");
        assert_eq!(value("a\u{1b}[2J\n"), r"a\u{1b}[2J\u{a}");
        assert_eq!(value("\u{202e}x"), r"\u{202e}x");
        assert_eq!(value(&"é".repeat(1_000_000)).chars().count(), 121);
        for c in [
            '\0',
            '\u{7}',
            '\r',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{2066}',
            '\u{200b}',
            '\u{e0041}',
        ] {
            let text = format!("a{c}b");
            assert!(!visible(&text).contains(c), "{:x}", u32::from(c));
        }
        assert_eq!(visible("Größe 漢字"), "Größe 漢字");
    }
}
