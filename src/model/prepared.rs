//! Strings prepared for comparison (RFC 5280 7.1, RFC 4518 2).
//!
//! The steps are mapping (2.2), case folding and normalisation (2.3), and insignificant spaces
//! (2.6.1). Deliberately missing: prohibited and bidirectional characters (2.4, 2.5), which must
//! match nothing by RFC 5280 7.1, are compared like others, since names that contain one would
//! otherwise not even match themselves; and the tables are those of the Unicode version of the
//! standard library and of unicode-normalization, not of Unicode 3.2. Text beyond [`LONGEST`] is
//! not normalised.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The longest text that is normalised, in bytes: NFKC can turn one character into 18, and X.520
/// names have 64 (RFC 5280 appendix A.1). Longer ones match if they differ only in blanks and the
/// case of ASCII letters.
const LONGEST: usize = 4096;

/// Writes `text` in a form that is equal for strings that match.
pub(super) fn fold(text: &str, mut write: impl FnMut(&[u8])) {
    let plain =
        |byte: u8| byte.is_ascii() && (!byte.is_ascii_control() || byte.is_ascii_whitespace());
    let text = if text.len() > LONGEST || text.bytes().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(prepare(text))
    };
    let mut first = true;
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        if !first {
            write(b" ");
        }
        first = false;
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            write(word.to_ascii_lowercase().as_bytes());
        } else {
            write(word.as_bytes());
        }
    }
}

/// Mapped, folded and normalised; twice, since what NFKC decomposes may have a case.
fn prepare(text: &str) -> String {
    let once: String = text
        .chars()
        .filter(|c| !vanishes(*c))
        .flat_map(lower)
        .nfkc()
        .collect();
    once.chars().flat_map(lower).nfkc().collect()
}

/// Via upper case, which unites what RFC 3454 B.2 unites: `ß` and
/// `ss`, both forms of sigma, the long s. The dotless i stays by itself there.
fn lower(c: char) -> impl Iterator<Item = char> {
    let kept = (c == 'ı').then_some(c);
    let folded = (c != 'ı').then(|| c.to_uppercase().flat_map(char::to_lowercase));
    kept.into_iter().chain(folded.into_iter().flatten())
}

/// What RFC 4518 2.2 maps to a blank. `char::is_whitespace` is the same list:
/// TAB to CR, NEL, and every separator (Zs, Zl, Zp).
fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// What RFC 4518 2.2 maps to nothing.
fn vanishes(c: char) -> bool {
    (c.is_control() && !is_blank(c))
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{6dd}' | '\u{70f}' | '\u{1806}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}' | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        let mut form = Vec::new();
        fold(text, |part| form.extend(part));
        String::from_utf8(form).expect("UTF-8 stays UTF-8")
    }

    #[test]
    fn what_matches() {
        for (one, other, clause) in [
            ("  Good \t CA ", "good ca", "2.2 and 2.6.1: blanks"),
            ("Good\u{a0}\u{2003}CA", "good ca", "2.2: other blanks"),
            (
                "Go\u{ad}od\u{200b} \u{7}CA\u{feff}",
                "good ca",
                "2.2: mapped to nothing",
            ),
            ("STRASSE", "straße", "2.2: case, B.2"),
            ("ΟΔΟΣ", "οδος", "2.2: both sigmas"),
            ("A\u{30a}ngstro\u{308}m", "Ångström", "2.3: composed or not"),
            ("ﬁne", "FINE", "2.3: ligatures"),
            ("Ｗｉｄｅ", "wide", "2.3: widths"),
            ("㎩", "pa", "2.3: what has a case once it is taken apart"),
            ("\u{212b}", "å", "2.3: the sign of a unit"),
        ] {
            assert_eq!(form(one), form(other), "{clause}");
        }
    }

    #[test]
    fn what_does_not() {
        for (one, other) in [("goodca", "good ca"), ("a", "á"), ("ı", "i"), ("a-b", "ab")] {
            assert_ne!(form(one), form(other));
        }
        assert_eq!(form("\u{200b} "), "");
    }

    #[test]
    fn what_is_prepared_stays_so() {
        for text in [
            "straße",
            "ﬁ ﬀ ΐ",
            "\u{1e9e}",
            "İstanbul",
            "ΟΔΟΣ",
            "\u{fdfa}",
            "㍱",
        ] {
            assert_eq!(form(&form(text)), form(text));
        }
    }
}
