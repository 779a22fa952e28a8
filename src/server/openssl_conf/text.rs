//! Characters of a line of `openssl.cnf`: names, blanks and quotes
//! (OpenSSL 3.0, crypto/conf/conf_def.h and conf_def.c).

/// The byte at a place; NUL after the end, as in C.
pub(super) fn at(line: &[u8], place: usize) -> u8 {
    line.get(place).copied().unwrap_or_default()
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// A character of a variable's name (`IS_ALNUM`).
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Other characters allowed in an entry's name (`CONF_PUNCTUATION`).
const fn is_mark(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'.'
            | b'%'
            | b'&'
            | b'*'
            | b'+'
            | b','
            | b'/'
            | b';'
            | b'?'
            | b'@'
            | b'^'
            | b'~'
            | b'|'
            | b'-'
    )
}

pub(super) fn skip_space(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from.min(line.len()) + rest.iter().take_while(|&&byte| is_space(byte)).count()
}

pub(super) fn trim_end(line: &[u8]) -> &[u8] {
    let kept = line.iter().rposition(|&byte| !is_space(byte));
    line.get(..kept.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

/// Where a name ends (`eat_alpha_numeric`).
pub(super) fn name_end(line: &[u8], from: usize, dollar: bool) -> usize {
    let mut place = from;
    while place < line.len() {
        match at(line, place) {
            // A backslash makes any next character part of the name.
            b'\\' => place += 2,
            b'$' if dollar => place += 1,
            byte if is_word(byte) || is_mark(byte) => place += 1,
            _ => break,
        }
    }
    place.min(line.len())
}

/// The line before its comment, and before a NUL (`clear_comments`).
pub(super) fn without_comment(line: &[u8]) -> &[u8] {
    let mut place = 0;
    while place < line.len() {
        match at(line, place) {
            b'#' | 0 => break,
            b'\\' => place += 2,
            // A `#` in quotes is text, so the quotes must be followed.
            quote if is_quote(quote) => place = quoted(line, place, quote, &mut Vec::new()),
            _ => place += 1,
        }
    }
    line.get(..place).unwrap_or(line)
}

/// Adds the text within quotes, and returns the place after them. An unclosed quote extends to the
/// end.
pub(super) fn quoted(line: &[u8], from: usize, quote: u8, into: &mut Vec<u8>) -> usize {
    let mut place = from + 1;
    while place < line.len() && at(line, place) != quote {
        // An escaped quote does not end the text.
        place += usize::from(at(line, place) == b'\\');
        into.extend(line.get(place));
        place += 1;
    }
    (place + 1).min(line.len())
}

/// The meaning of a byte after a backslash.
pub(super) const fn escaped(byte: u8) -> u8 {
    match byte {
        b'r' => b'\r',
        b'n' => b'\n',
        b'b' => 0x08,
        b't' => b'\t',
        other => other,
    }
}

/// `$name`, `${name}`, `$(name)`, each with `section::` before the name.
pub(super) struct Variable<'l> {
    pub(super) section: Option<&'l [u8]>,
    pub(super) name: &'l [u8],
    pub(super) end: usize,
}

/// The variable at a `$`; `None` if its brace is not closed.
pub(super) fn variable(line: &[u8], dollar: usize, dollar_in_names: bool) -> Option<Variable<'_>> {
    let close = match at(line, dollar + 1) {
        b'{' => b'}',
        b'(' => b')',
        _ => 0,
    };
    let start = dollar + 1 + usize::from(close != 0);
    let word = |from: usize| {
        let rest = line.get(from..).unwrap_or_default();
        let letters = rest
            .iter()
            .take_while(|&&byte| is_word(byte) || dollar_in_names && byte == b'$');
        from + letters.count()
    };
    let mut end = word(start);
    let (mut section, mut from) = (None, start);
    if line.get(end..).is_some_and(|rest| rest.starts_with(b"::")) {
        section = line.get(start..end);
        from = end + 2;
        end = word(from);
    }
    let name = line.get(from..end).unwrap_or_default();
    // NCONF reports `no close brace`, and OpenSSL then drops the whole file.
    if close != 0 && at(line, end) != close {
        return None;
    }
    Some(Variable {
        section,
        name,
        end: end + usize::from(close != 0),
    })
}
