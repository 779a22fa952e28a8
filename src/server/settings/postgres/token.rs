//! The tokens of a line of postgresql.conf (`guc-file.l`).

/// The contents of a line.
type Line = Option<(String, String)>;

/// Name and value; `Err` has the token that PostgreSQL complains about.
pub(super) fn setting(line: &str) -> Result<Line, String> {
    let rest = blank(line);
    if rest.is_empty() {
        return Ok(None);
    }
    let (name, rest) = name(rest).ok_or_else(|| near(rest))?;
    let rest = blank(rest);
    // The equals sign is optional (`guc-file.l`): `ssl on` is a setting.
    let rest = rest.strip_prefix('=').map_or(rest, blank);
    let (value, rest) = value(rest)?;
    let rest = blank(rest);
    if rest.is_empty() {
        Ok(Some((name.to_owned(), value)))
    } else {
        Err(near(rest))
    }
}

/// The text after blanks; empty if a comment begins there.
fn blank(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '\t', '\r']);
    if text.starts_with('#') { "" } else { text }
}

fn near(rest: &str) -> String {
    if rest.is_empty() {
        return "end of line".to_owned();
    }
    let end = rest
        .char_indices()
        .find(|&(at, c)| at > 0 && !letter_or_digit(c))
        .map_or(rest.len(), |(at, _)| at);
    let token = rest.get(..end).unwrap_or(rest);
    // A word of a line that is not a setting may be a secret: names only.
    if token.chars().all(letter_or_digit) && token.len() <= 32 {
        format!("token \"{token}\"")
    } else {
        format!("token \"{}\"", rest.chars().next().unwrap_or('?'))
    }
}

fn letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn letter_or_digit(c: char) -> bool {
    letter(c) || c.is_ascii_digit()
}

/// The length of the longest run that begins with a letter.
fn run(text: &str, more: impl Fn(char) -> bool) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, c)) if letter(c) => chars
            .find(|&(_, c)| !more(c))
            .map_or(text.len(), |(at, _)| at),
        _ => 0,
    }
}

/// `ID`, or `ID.ID`.
fn name(text: &str) -> Option<(&str, &str)> {
    let first = run(text, letter_or_digit);
    if first == 0 {
        return None;
    }
    let (_, rest) = text.split_at_checked(first)?;
    let second = match rest.strip_prefix('.') {
        Some(rest) => match run(rest, letter_or_digit) {
            0 => 0,
            length => length + 1,
        },
        None => 0,
    };
    let end = first + second;
    // `ssl-min = on` is one UNQUOTED_STRING, which is not a name.
    if run(text, unquoted) > end {
        return None;
    }
    text.split_at_checked(end)
}

fn unquoted(c: char) -> bool {
    letter_or_digit(c) || "-._:/".contains(c)
}

fn value(text: &str) -> Result<(String, &str), String> {
    if let Some(rest) = text.strip_prefix('\'') {
        return quoted(rest).ok_or_else(|| "token \"'\"".to_owned());
    }
    let word = run(text, unquoted);
    if word > 0 {
        let identifier = name(text).map_or(0, |(name, _)| name.len());
        let plain = run(text, letter_or_digit);
        // `leaf.crt` is a QUALIFIED_ID, which is not a value; `leaf-1.crt` is one.
        if identifier == word && plain != word {
            return Err(near_word(text, word));
        }
        return split(text, word);
    }
    match number(text) {
        0 => Err(near(text)),
        length => split(text, length),
    }
}

/// The longest of `INTEGER`, whose digits a unit may follow, and `REAL`, which has none:
/// `1.5min` and `2e1` are two tokens.
fn number(text: &str) -> usize {
    let count = |text: &str, is: fn(char) -> bool| text.find(|c| !is(c)).unwrap_or(text.len());
    let digits = |text: &str| count(text, |c| c.is_ascii_digit());
    let sign = |text: &str| usize::from(text.starts_with(['+', '-']));
    let behind = |at: usize| text.get(at..).unwrap_or_default();
    let start = sign(text);
    let first = start + digits(behind(start));
    let hex = behind(start)
        .strip_prefix("0x")
        .map_or(0, |rest| count(rest, |c| c.is_ascii_hexdigit()));
    let whole = if hex > 0 { start + 2 + hex } else { first };
    let integer = match whole - start {
        0 => 0,
        _ => whole + count(behind(whole), |c| c.is_ascii_alphabetic()),
    };
    let real = match behind(first).strip_prefix('.') {
        Some(rest) => {
            let end = first + 1 + digits(rest);
            let exponent = behind(end).strip_prefix(['e', 'E']).map_or(0, |rest| {
                let sign = sign(rest);
                match digits(rest.get(sign..).unwrap_or_default()) {
                    0 => 0,
                    length => 1 + sign + length,
                }
            });
            end + exponent
        }
        None => 0,
    };
    // flex takes the longest match.
    integer.max(real)
}

fn near_word(text: &str, length: usize) -> String {
    format!("token \"{}\"", text.get(..length).unwrap_or("?"))
}

fn split(text: &str, at: usize) -> Result<(String, &str), String> {
    let (value, rest) = text.split_at_checked(at).ok_or_else(|| near(text))?;
    Ok((value.to_owned(), rest))
}

/// The text between quotes: `''` is one, `\` quotes, `\101` is octal.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next()? {
            '\'' => {
                let mut ahead = rest.clone();
                if ahead.next() != Some('\'') {
                    return Some((value, rest.as_str()));
                }
                rest = ahead;
                value.push('\'');
            }
            '\\' => match rest.next()? {
                'b' => value.push('\u{8}'),
                'f' => value.push('\u{c}'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                c => match c.to_digit(8) {
                    Some(first) => value.push(octal(first, &mut rest)),
                    None => value.push(c),
                },
            },
            c => value.push(c),
        }
    }
}

/// Up to three octal digits.
fn octal(first: u32, rest: &mut std::str::Chars<'_>) -> char {
    let mut sum = first;
    for _ in 0..2 {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|c| c.to_digit(8)) else {
            break;
        };
        sum = sum * 8 + digit;
        *rest = ahead;
    }
    // PostgreSQL stores one byte, so `\777` loses its highest bit.
    char::from_u32(sum & 0xff).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::setting;

    /// Each measured with PostgreSQL 15.18.
    #[test]
    fn as_the_server_reads_it() {
        let value = |line: &str| setting(line).expect(line).map(|(_, value)| value);
        for line in [
            "ssl = on",
            "ssl on",
            "ssl='on'",
            "ssl=on#c",
            "ssl = on # c",
            "  ssl\t=on\r",
        ] {
            assert_eq!(value(line).as_deref(), Some("on"), "{line}");
        }
        assert_eq!(value("# ssl = on"), None);
        assert_eq!(value("").as_deref(), None);
        assert_eq!(value("a = 'le''af'").as_deref(), Some("le'af"));
        assert_eq!(value(r"a = 'le\af\101'").as_deref(), Some("leafA"));
        assert_eq!(value("a = leaf-1.crt").as_deref(), Some("leaf-1.crt"));
        assert_eq!(value("port = 0x157b").as_deref(), Some("0x157b"));
        assert_eq!(value("t = 1min").as_deref(), Some("1min"));
        assert_eq!(value("t = -1.5e3").as_deref(), Some("-1.5e3"));
        assert_eq!(value("t = 0x10kB").as_deref(), Some("0x10kB"));
        assert_eq!(value("foo.bar = 1").as_deref(), Some("1"));
        for (line, near) in [
            ("a = leaf.crt", "token \"leaf.crt\""),
            ("a = /x/leaf.crt", "token \"/\""),
            ("foo bar baz", "token \"baz\""),
            ("a = 'leaf", "token \"'\""),
            ("ssl = on ssl = off", "token \"ssl\""),
            ("ssl = on;", "token \";\""),
            ("authentication_timeout = 1.5min", "token \"min\""),
            ("max_connections = 2e1", "token \"1\""),
            ("a = ", "end of line"),
        ] {
            assert_eq!(setting(line).unwrap_err(), near, "{line}");
        }
        assert!(setting("ssl-min = on").is_err());
    }
}
