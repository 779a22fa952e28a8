//! How PostgreSQL reads `name = value` (source: `guc-file.l` of 15;
//! measured: 15.18).

use super::lexer::{Char, at, bytes};

/// One setting, or why its line is not one.
pub(super) struct Setting<'a> {
    pub(super) raw: &'a [Char],
    /// Name and value; otherwise the token at which PostgreSQL fails.
    pub(super) read: Result<(Vec<u8>, Vec<u8>), SyntaxError>,
}

/// Where the syntax breaks.
pub(super) enum SyntaxError {
    Token(Vec<u8>),
    EndOfLine,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Dotted,
    Quoted,
    Unquoted,
    Number,
    Equals,
    Other,
}

/// The settings of a text; lines end with a line feed, or, with `semicolons`, with a `;` outside
/// quotes, which PostgreSQL itself does not know.
pub(super) fn settings(text: &[Char], semicolons: bool) -> Vec<Setting<'_>> {
    let mut settings = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = cut(rest, semicolons);
        rest = behind;
        let tokens = tokens(line);
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let raw = line
                .get(first.start..last.start + last.length)
                .unwrap_or_default();
            settings.push(Setting {
                raw,
                read: read(line, &tokens),
            });
        }
    }
    settings
}

fn cut(text: &[Char], semicolons: bool) -> (&[Char], &[Char]) {
    let mut place = 0;
    let mut comment = false;
    while place < text.len() {
        match at(text, place) {
            b'\n' => break,
            b';' if semicolons => break,
            b'#' => comment = true,
            b'\'' if !comment => {
                // Within quotes, `#` and `;` are text. A quote that is not closed is a separate
                // token (`guc-file.l`, STRING needs both), so the line still ends at its line feed.
                if let Some(length) = quoted(text.get(place..).unwrap_or_default()) {
                    place += length;
                    continue;
                }
            }
            _ => {}
        }
        place += 1;
    }
    let (line, behind) = text.split_at(place);
    (line, behind.get(1..).unwrap_or_default())
}

struct Token {
    kind: Kind,
    start: usize,
    length: usize,
}

fn tokens(line: &[Char]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < line.len() {
        match at(line, start) {
            b' ' | b'\t' | b'\r' => start += 1,
            b'#' => break,
            _ => {
                let (kind, length) = token(line.get(start..).unwrap_or_default());
                tokens.push(Token {
                    kind,
                    start,
                    length,
                });
                start += length;
            }
        }
    }
    tokens
}

/// The longest match, as flex does it; the first rule wins a tie.
fn token(text: &[Char]) -> (Kind, usize) {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
    let inner = |byte: u8| letter(byte) || byte.is_ascii_digit();
    let run = |start: usize, accepts: &dyn Fn(u8) -> bool| {
        let rest = text.get(start..).unwrap_or_default();
        rest.iter().take_while(|char| accepts(char.byte)).count()
    };
    let first = at(text, 0);
    if letter(first) {
        let name = run(0, &inner);
        let unquoted = run(0, &|byte| inner(byte) || b"-._:/".contains(&byte));
        let behind = name + 1;
        let dotted = if at(text, name) == b'.' && letter(at(text, behind)) {
            behind + run(behind, &inner)
        } else {
            0
        };
        // The order of the rules in `guc-file.l` (ID, QUALIFIED_ID, UNQUOTED_STRING) decides if two
        // match the same length.
        return if name == unquoted {
            (Kind::Name, name)
        } else if dotted == unquoted {
            (Kind::Dotted, dotted)
        } else {
            (Kind::Unquoted, unquoted)
        };
    }
    if first == b'\'' {
        return quoted(text).map_or((Kind::Other, 1), |length| (Kind::Quoted, length));
    }
    if first == b'=' {
        return (Kind::Equals, 1);
    }
    let number = number(text);
    if number > 0 {
        (Kind::Number, number)
    } else {
        (Kind::Other, 1)
    }
}

/// The length of an integer with its unit, or of a real number; 0 if there is none.
fn number(text: &[Char]) -> usize {
    let sign = usize::from(matches!(at(text, 0), b'+' | b'-'));
    let run = |start: usize, accepts: fn(&u8) -> bool| {
        let rest = text.get(start..).unwrap_or_default();
        rest.iter().take_while(|char| accepts(&char.byte)).count()
    };
    let digits = run(sign, u8::is_ascii_digit);
    let mut whole = if digits > 0 {
        sign + digits + run(sign + digits, u8::is_ascii_alphabetic)
    } else {
        0
    };
    // The rule has `0x` only with a lower-case x; `0X1F` is the number 0 with the unit `X`, and
    // `1F` after it.
    if at(text, sign) == b'0' && at(text, sign + 1) == b'x' {
        let hexadecimal = run(sign + 2, u8::is_ascii_hexdigit);
        if hexadecimal > 0 {
            let end = sign + 2 + hexadecimal;
            whole = whole.max(end + run(end, u8::is_ascii_alphabetic));
        }
    }
    if at(text, sign + digits) != b'.' {
        return whole;
    }
    let mut real = sign + digits + 1;
    real += run(real, u8::is_ascii_digit);
    if matches!(at(text, real), b'e' | b'E') {
        let sign = usize::from(matches!(at(text, real + 1), b'+' | b'-'));
        let exponent = run(real + 1 + sign, u8::is_ascii_digit);
        if exponent > 0 {
            real += 1 + sign + exponent;
        }
    }
    whole.max(real)
}

/// The length of the quoted string that `text` begins with. `''` and a
/// backslash with what follows are part of it; a line feed is not.
fn quoted(text: &[Char]) -> Option<usize> {
    let mut place = 1;
    loop {
        match (
            text.get(place)?.byte,
            text.get(place + 1).map(|char| char.byte),
        ) {
            (b'\n', _) | (b'\\', None | Some(b'\n')) => return None,
            (b'\\', Some(_)) | (b'\'', Some(b'\'')) => place += 2,
            (b'\'', _) => return Some(place + 1),
            _ => place += 1,
        }
    }
}

fn read(line: &[Char], tokens: &[Token]) -> Result<(Vec<u8>, Vec<u8>), SyntaxError> {
    let text = |token: &Token| {
        line.get(token.start..token.start + token.length)
            .unwrap_or_default()
    };
    let stumble = |token: Option<&Token>| match token {
        Some(token) => SyntaxError::Token(bytes(text(token))),
        None => SyntaxError::EndOfLine,
    };
    let mut tokens = tokens.iter();
    let name = tokens.next();
    let Some(name) = name.filter(|name| matches!(name.kind, Kind::Name | Kind::Dotted)) else {
        return Err(stumble(name));
    };
    let mut value = tokens.next();
    if value.is_some_and(|value| value.kind == Kind::Equals) {
        value = tokens.next();
    }
    let Some(value) = value.filter(|value| {
        matches!(
            value.kind,
            Kind::Name | Kind::Quoted | Kind::Unquoted | Kind::Number
        )
    }) else {
        return Err(stumble(value));
    };
    if let Some(excess) = tokens.next() {
        return Err(stumble(Some(excess)));
    }
    let raw = text(value);
    let value = if value.kind == Kind::Quoted {
        unquoted(raw)
    } else {
        bytes(raw)
    };
    Ok((bytes(text(name)), value))
}

/// `GUC_scanstr`: quotes removed, `''` is a quote, C's escapes and octal digits.
fn unquoted(raw: &[Char]) -> Vec<u8> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    let mut value = Vec::with_capacity(inner.len());
    let mut place = 0;
    while let Some(char) = inner.get(place) {
        place += 1;
        let next = at(inner, place);
        match char.byte {
            b'\'' => {
                value.push(b'\'');
                place += 1;
            }
            b'\\' => {
                place += 1;
                value.push(match next {
                    b'b' => 0x08,
                    b'f' => 0x0c,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'0'..=b'7' => {
                        let mut number = next - b'0';
                        for _ in 0..2 {
                            let digit = at(inner, place);
                            if !(b'0'..=b'7').contains(&digit) {
                                break;
                            }
                            // `GUC_scanstr` computes in a `long` and stores a `char`: what does not
                            // fit is lost here too.
                            number = number.wrapping_mul(8).wrapping_add(digit - b'0');
                            place += 1;
                        }
                        number
                    }
                    other => other,
                });
            }
            byte => value.push(byte),
        }
    }
    // A C string ends at its NUL.
    value
        .split(|&byte| byte == 0)
        .next()
        .unwrap_or_default()
        .to_vec()
}
