//! How Python 3.11 reads a number or a boolean.

/// The result of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Whole(i64),
    /// Digits of other scripts, which Python also accepts.
    Unknown,
    No,
}

/// `sys.int_info.default_max_str_digits`.
const MOST_DIGITS: usize = 4300;

/// `ConfigParser.getboolean`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// `int(text)`: a value out of bounds becomes the bound.
pub(super) fn integer(text: &str) -> Number {
    let text = strip(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if has_other_digits(digits) {
        return Number::Unknown;
    }
    if !is_grouped(digits) || digits.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return Number::No;
    }
    let value = digits
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0_i64, |sum, digit| {
            sum.saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'))
        });
    Number::Whole(if negative { -value } else { value })
}

/// Whether `float(text)` is a number; `None` if unknown.
pub(super) fn is_float(text: &str) -> Option<bool> {
    let text = strip(text);
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if has_other_digits(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if ["inf", "infinity", "nan"].contains(&lower.as_str()) {
        return Some(true);
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (lower.as_str(), None),
    };
    let exponent = exponent
        .is_none_or(|exponent| is_grouped(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_grouped(fraction),
        Some((whole, "")) => is_grouped(whole),
        Some((whole, fraction)) => is_grouped(whole) && is_grouped(fraction),
        None => is_grouped(mantissa),
    };
    Some(mantissa && exponent)
}

/// Digits, with single underscores between them.
fn is_grouped(text: &str) -> bool {
    text.split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()))
}

fn has_other_digits(text: &str) -> bool {
    text.chars().any(|c| !c.is_ascii() && c.is_numeric())
}

fn strip(text: &str) -> &str {
    text.trim_matches(super::ini::is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_python_reads_them() {
        for (text, value) in [
            ("10", Number::Whole(10)),
            (" -1 ", Number::Whole(-1)),
            ("1_0", Number::Whole(10)),
            ("007", Number::Whole(7)),
            ("+5", Number::Whole(5)),
            ("", Number::No),
            ("x", Number::No),
            ("1.5", Number::No),
            ("1__0", Number::No),
            ("_1", Number::No),
            ("0x10", Number::No),
            ("\u{663}", Number::Unknown),
        ] {
            assert_eq!(integer(text), value, "{text}");
        }
        assert_eq!(integer(&"9".repeat(4301)), Number::No);
        for text in ["1", "1.", ".5", "1_0.5e1", "nan", "-Infinity", "1e-3"] {
            assert_eq!(is_float(text), Some(true), "{text}");
        }
        for text in ["", ".", "x", "1e", "1_.5", "e5", "--1", "0x1"] {
            assert_eq!(is_float(text), Some(false), "{text}");
        }
        assert_eq!(boolean("ON"), Some(true));
        assert_eq!(boolean("maybe"), None);
        assert_eq!(boolean(""), None);
    }
}
