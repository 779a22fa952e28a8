//! Text that looks like key material, and texts without it.
//!
//! The base64 of a key changes between capitals, small letters and digits at two of three places,
//! and its small letters are vowels only as often as in random text; paths, host names, numbers and
//! words do neither. What follows such a run on the next line, or a PEM boundary of a private key,
//! belongs to it. A value quoted alone is checked more strictly: there a run of hexadecimal digits
//! is a key, too (in our own words it is a fingerprint).
//!
//! One pass through the text, and one through each run: linear.

use std::borrow::Cow;
use std::ops::Range;

/// The shortest base64 that is treated as a key by its appearance alone: 30 bytes. An
/// Ed25519 key has 64 characters in PKCS#8 and 43 as a JWK's `d`.
const BASE64: usize = 40;
/// The shortest such base64 if it changes as often as only random text does: the last line
/// of a key, which a server may have split from the others.
const SHORT: usize = 20;
/// Lines of a key that are shorter than this may be words.
const LINE: usize = 16;
/// The fewest hexadecimal digits that are treated as a key in a value: a scalar of
/// P-192. SHA-1 has 40, and occurs in file names.
const HEX: usize = 48;
/// The same within a text: more than a SHA-256 has.
const LONG_HEX: usize = 65;

/// The replacement for `length` characters.
pub(super) fn instead(length: usize) -> String {
    format!("[{length} characters that look like a key]")
}

/// Whether a value looks like key material as a whole.
pub(super) fn is_key(value: &str) -> bool {
    // Armour counts although no run looks random: a short or damaged key is still a key.
    let armoured = value.contains("PRIVATE KEY") && value.contains("BEGIN");
    let in_runs: usize = runs(value).iter().map(ExactSizeIterator::len).sum();
    // nginx and OpenSSL's stores: the text after it is the object itself.
    armoured || data_url(value).is_some() || longest_hex(value) >= HEX || in_runs * 2 > value.len()
}

/// Whether a text has key material in it: lines of base64 without a pattern.
pub fn holds_key(text: &str) -> bool {
    !runs(text).is_empty()
}

/// `text` with whatever looks like key material in it replaced by its length.
///
/// ```
/// let text = "data:MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f: no such file";
/// let without = certcheck::shown::without_keys(text);
/// assert_eq!(without, "data:[64 characters that look like a key]: no such file");
/// ```
pub fn without_keys(text: &str) -> Cow<'_, str> {
    let runs = runs(text);
    if runs.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut end = 0;
    for run in runs {
        out.push_str(text.get(end..run.start).unwrap_or_default());
        out.push_str(&instead(run.len()));
        end = run.end;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where the content of a `data:` value begins.
fn data_url(value: &str) -> Option<usize> {
    let start = value.find("data:")? + "data:".len();
    let begins_a_word = value
        .get(..start - "data:".len())
        .is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric()));
    let content = value.get(start..)?;
    (begins_a_word && content.starts_with(|c: char| !c.is_whitespace())).then_some(start)
}

/// The most hexadecimal digits in a row; pairs may have colons between them.
fn longest_hex(value: &str) -> usize {
    let (mut longest, mut digits) = (0, 0);
    for c in value.chars() {
        if c.is_ascii_hexdigit() {
            digits += 1;
            longest = longest.max(digits);
        } else if c != ':' {
            digits = 0;
        }
    }
    longest
}

/// One run of the alphabets of base64 (RFC 4648 sections 4 and 5).
struct Token {
    place: Range<usize>,
    /// It looks like a key by itself.
    certain: bool,
    /// It follows the BEGIN line of a private key.
    behind_begin: bool,
    /// Only blanks, line ends and their escapes are between it and the previous one.
    follows: bool,
    /// The text ends with it, or an END line follows.
    last: bool,
}

/// The places of `text` that are key material, none next to another.
fn runs(text: &str) -> Vec<Range<usize>> {
    // Most texts are short words.
    let longest = longest_base64(text);
    if longest < LINE || (longest < SHORT && !text.contains("PRIVATE KEY")) {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let end = (from + 1..tokens.len())
            .find(|&next| !tokens.get(next).is_some_and(|token| token.follows))
            .unwrap_or(tokens.len());
        let group = tokens.get(from..end).unwrap_or_default();
        from = end;
        let is_key = group
            .iter()
            .any(|group| group.certain || (group.behind_begin && group.place.len() >= LINE));
        if !is_key {
            continue;
        }
        for token in group {
            let line = token.place.len() >= LINE && mixed(text.get(token.place.clone()));
            let tail = token.last
                || text
                    .get(..token.place.end)
                    .is_some_and(|text| text.ends_with('='));
            if !(token.certain || line || tail || token.behind_begin) {
                continue;
            }
            match found.last_mut() {
                Some(before) if token.follows && before.end + 16 > token.place.start => {
                    before.end = token.place.end;
                }
                _ => found.push(token.place.clone()),
            }
        }
    }
    found
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while let Some(&byte) = bytes.get(at)
            && is_base64(byte)
            // Two hyphens in a row belong to a PEM boundary. One may be base64url (RFC 4648
            // section 5).
            && !(byte == b'-' && bytes.get(at + 1) == Some(&b'-'))
        {
            at += 1;
            // Padding ends a run, and text directly after it is another one.
            if byte == b'=' && bytes.get(at) != Some(&b'=') {
                break;
            }
        }
        if at == start {
            at += 1;
            continue;
        }
        let before = tokens.last().map_or(0, |token| token.place.end);
        let gap = text.get(before..start).unwrap_or_default();
        // `\n` and `\u{a}`, as line ends are escaped, leave letters of their own.
        let mut start = start;
        if gap.ends_with('\\') {
            match bytes.get(start) {
                Some(b'n' | b'r' | b't') => start += 1,
                Some(b'u') if bytes.get(at) == Some(&b'{') => {
                    while at < bytes.len() && bytes.get(at) != Some(&b'}') {
                        at += 1;
                    }
                    continue;
                }
                _ => {}
            }
        }
        let content = text.get(start..at).unwrap_or_default();
        if content.is_empty() {
            continue;
        }
        // Limited to a plausible number of line ends and quotes: linear.
        let rest: String = text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take(16)
            .collect();
        let rest = rest.trim_start_matches(is_separator);
        tokens.push(Token {
            certain: looks_random(content) || hex_digits(content) >= LONG_HEX,
            behind_begin: begin_line(bytes.get(..start).unwrap_or_default()),
            follows: before > 0 && gap.len() <= 24 && is_line_end(gap),
            last: rest.is_empty() || rest.starts_with("--"),
            place: start..at,
        });
    }
    tokens
}

/// Whether the text ends with the BEGIN line of a private key, or with its end, and
/// blanks.
fn begin_line(text: &[u8]) -> bool {
    const NEAR: usize = 24;
    let tail = text
        .get(text.len().saturating_sub(NEAR)..)
        .unwrap_or_default();
    let tail = String::from_utf8_lossy(tail);
    let tail = tail.trim_end_matches(|c: char| is_separator(c) || c == 'n' || c == 'r');
    let label = tail.trim_end_matches('-');
    label.len() < tail.len() && label.ends_with("PRIVATE KEY")
}

/// The longest run of base64 that is more than hexadecimal digits in small letters, as
/// our own fingerprints are; or is longer than these.
fn longest_base64(text: &str) -> usize {
    let (mut longest, mut now, mut capitals) = (0, 0, false);
    for byte in text.bytes() {
        if is_base64(byte) {
            now += 1;
            // Fingerprints are printed in small letters here, so a run without a capital is taken
            // for one.
            capitals |= byte.is_ascii_uppercase();
            if capitals || now >= LONG_HEX {
                longest = longest.max(now);
            }
        } else {
            (now, capitals) = (0, false);
        }
    }
    longest
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '?' | '\\' | '"' | '\'' | '…')
}

/// Whether `gap` contains only line ends, blanks and escapes of them.
fn is_line_end(gap: &str) -> bool {
    let mut rest = gap;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix("\\u{") {
            let Some((_, behind)) = behind.split_once('}') else {
                return false;
            };
            rest = behind;
        } else {
            let mut chars = rest.chars();
            if !chars.next().is_some_and(is_separator) {
                return false;
            }
            rest = chars.as_str();
        }
    }
    true
}

/// Capitals and small letters, or letters and digits.
fn mixed(token: Option<&str>) -> bool {
    let token = token.unwrap_or_default();
    let has = |of: fn(&u8) -> bool| token.as_bytes().iter().any(of);
    let kinds = [
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_lowercase),
        has(u8::is_ascii_digit),
    ];
    kinds.into_iter().filter(|&kind| kind).count() >= 2
}

/// The most hexadecimal digits that a part of a path is made of.
fn hex_digits(token: &str) -> usize {
    let of_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    token
        .split('/')
        .filter(of_hex)
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// Whether a run looks like the base64 of something without a pattern.
fn looks_random(token: &str) -> bool {
    if token.len() < SHORT {
        return false;
    }
    let kind = |byte: u8| match byte {
        b'A'..=b'Z' => Some(0),
        b'a'..=b'z' => Some(1),
        b'0'..=b'9' => Some(2),
        _ => None,
    };
    let (mut changes, mut letters, mut small, mut capitals, mut vowels) = (0, 0, 0, 0, 0);
    let mut before = None;
    for byte in token.bytes() {
        let Some(now) = kind(byte) else { continue };
        letters += 1;
        small += usize::from(now == 1);
        capitals += usize::from(now == 0);
        vowels += usize::from(matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u'));
        changes += usize::from(before.is_some_and(|before| before != now));
        before = Some(now);
    }
    let enough = letters >= SHORT * 3 / 4 && small >= 4 && capitals >= 4;
    if token.len() < BASE64 {
        // Names of ciphers (`pbeWithSHA1And40BitRC2-CBC`) change as often.
        let is_name = token.contains("With");
        return enough && !is_name && changes * 100 >= letters * 48 && vowels * 100 <= small * 30;
    }
    // Measured: random base64 0.66 (of 40 characters never below 0.4 in 10,000);
    // names in CamelCase about 0.35, with vowels as in English (0.4 of the letters).
    enough
        && (changes * 100 >= letters * 42
            || (changes * 100 >= letters * 28 && vowels * 100 <= small * 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\nNMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s+CLOyS56YyCFGeJZ\nqgtzJ6GR3eqoYSW9b9UMvkBpZODSctWSNGj3P7jRFDO5VoTwCQAWbFnOjDfH5Ulg\np2PKSQnSJP3AJLQNFNe7br1XbrhV";
    const PATHS: &[&str] = &[
        "pbeWithSHA1And40BitRC2-CBC",
        "pbeWithSHA1And3-KeyTripleDES-CBC",
        "pbeWithMD5AndDES-CBC",
        "/home/User1/certificates/Production/server-certificate-2026.crt: there is no such file",
        "/usr/local/share/ca-certificates/certcheck-example-root-2026-CA.crt",
        "ip-10-0-0-1.eu-west-1.compute.internal.example.com:443 is no host",
        "C:/Program Files/Tableau/Tableau Server/data/tabsvc/config/httpd/httpd.conf.templ",
        "ThisIsMyServerCertificateForProduction2024Final.crt",
        "the certificate's SHA-256 is 0b5d08431f2e3d4c5b6a798897a6b5c4d3e2f1000112233445566778899aabbc",
        "-----BEGIN PRIVATE KEY----- begins a line that is indented",
        "the label is `RSA PRIVATE KEY`, and the content an EC key: -----BEGIN EC PRIVATE KEY-----",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:TLS_CHACHA20_POLY1305_SHA256",
        "550e8400-e29b-41d4-a716-446655440000/550e8400-e29b-41d4-a716-446655440000",
        "metadata: {name: x}",
    ];

    #[test]
    fn lines_of_a_key_are_not_shown() {
        for text in [
            format!("-----BEGIN PRIVATE KEY-----\n{RSA}\n-----END PRIVATE KEY-----\n"),
            format!("the file {RSA} is missing"),
            format!("data:{}", RSA.replace('\n', "")),
            RSA.replace('\n', " "),
            RSA.replace('\n', "\\n"),
            RSA.replace('\n', "\\u{a}"),
            RSA.replace('\n', "?"),
            RSA.replace('+', "-").replace('/', "_"),
        ] {
            let (without, alone) = (without_keys(&text).into_owned(), crate::shown::value(&text));
            for line in RSA.lines() {
                for part in [&line[..16.min(line.len())], &line[line.len() - 16..]] {
                    assert!(!without.contains(part), "{text}\n{without}");
                    assert!(!alone.contains(part), "{alone}");
                }
            }
        }
        // A key whose base64 is short, after its BEGIN line.
        let short = "x -----BEGIN EC PRIVATE KEY-----\nMC4CAQEEIAABAgME\nBQYHCA==\n-----END";
        assert!(
            !without_keys(short).contains("MC4C"),
            "{}",
            without_keys(short)
        );
        let hex = "308204bd020100300d06092a864886f70d0101010500048204a7308204a30201";
        assert!(is_key(hex) && is_key(&format!("x/{hex}")));
        assert!(without_keys(&hex.repeat(2)).starts_with("[128 characters"));
    }

    #[test]
    fn what_is_no_key_is_shown() {
        for path in PATHS {
            assert_eq!(without_keys(path), *path);
        }
        for value in [
            "metadata.json",
            "data: x",
            "/srv/data:old/key.pem",
            "server.key",
        ] {
            let shown = crate::shown::value(value);
            assert!(shown == value || value.starts_with("/srv"), "{shown}");
        }
        assert!(!is_key("da39a3ee5e6b4b0d3255bfef95601890afd80709.pem"));
    }
}
