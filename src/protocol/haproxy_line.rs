//! How HAProxy splits a line into words: `parse_line` (source and measured:
//! 2.6.12).

use super::Environment;
use super::lexer::{Char, Word, at, bytes, covered, is_space};

/// The words of one line, or HAProxy's text.
pub(super) fn words(line: &[Char], environment: &Environment) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut value = Vec::new();
    let mut start: Option<usize> = None;
    let mut quote: Option<(u8, usize)> = None;
    let mut place = 0;
    let finish = |words: &mut Vec<Word>, value: &mut Vec<u8>, start: &mut Option<usize>, end| {
        if let Some(begin) = start.take() {
            let raw = line.get(begin..end).unwrap_or_default();
            // It is a C string: `\x00` ends it.
            let value = std::mem::take(value);
            let value = value.split(|byte| *byte == 0).next().unwrap_or_default();
            words.push(Word {
                value: value.to_vec(),
                span: covered(raw),
                quoted: false,
            });
        }
    };
    while place < line.len() {
        let byte = at(line, place);
        let open = quote.map(|(byte, _)| byte);
        match (byte, open) {
            (0, _) => {
                return Err("Missing LF on last line, file might have been truncated".to_owned());
            }
            // A carriage return ends the line for HAProxy, so a file with Windows line ends loads.
            (b'\n' | b'\r', _) | (b'#', None) => break,
            (byte, None) if is_space(byte) => {
                finish(&mut words, &mut value, &mut start, place);
                place += 1;
                continue;
            }
            (b'"', None | Some(b'"')) | (b'\'', None | Some(b'\'')) => {
                start.get_or_insert(place);
                quote = if open.is_some() {
                    None
                } else {
                    Some((byte, place))
                };
                place += 1;
                continue;
            }
            (b'\\', None | Some(b'"')) => {
                start.get_or_insert(place);
                let (escaped, taken) = escape(line, place, open.is_some())?;
                value.push(escaped);
                place += taken;
                continue;
            }
            // Variables are expanded only in double quotes. Elsewhere a dollar sign is an ordinary
            // character.
            (b'$', Some(b'"')) => {
                start.get_or_insert(place);
                let (expansion, taken) = variable(line, place, environment)?;
                value.extend(expansion);
                place += taken;
                continue;
            }
            _ => {
                start.get_or_insert(place);
                value.push(byte);
                place += 1;
            }
        }
    }
    if let Some((_, opened)) = quote {
        return Err(format!("unmatched quote at position {opened}"));
    }
    finish(&mut words, &mut value, &mut start, place);
    Ok(words)
}

/// What a backslash and the bytes after it mean, and how many bytes that takes.
fn escape(line: &[Char], place: usize, double: bool) -> Result<(u8, usize), String> {
    Ok(match at(line, place + 1) {
        byte @ (b' ' | b'\\' | b'#' | b'"') => (byte, 2),
        b'\'' if !double => (b'\'', 2),
        b'$' if double => (b'$', 2),
        b'n' => (b'\n', 2),
        b'r' => (b'\r', 2),
        b't' => (b'\t', 2),
        b'x' => {
            let digits = line
                .get(place + 2..place + 4)
                .map(bytes)
                .unwrap_or_default();
            let digits = std::str::from_utf8(&digits).unwrap_or_default();
            let byte = u8::from_str_radix(digits, 16).ok();
            let byte = byte.filter(|_| digits.len() == 2 && !digits.starts_with('+'));
            let wrong = "truncated or invalid hexadecimal sequence at position";
            (byte.ok_or_else(|| format!("{wrong} {place}"))?, 4)
        }
        // An unknown escape is a backslash, and the character after it is read separately.
        _ => (b'\\', 1),
    })
}

/// `$NAME` or `${NAME}` inside double quotes; empty if it has no value.
fn variable(
    line: &[Char],
    place: usize,
    environment: &Environment,
) -> Result<(Vec<u8>, usize), String> {
    let brace = usize::from(at(line, place + 1) == b'{');
    let from = place + 1 + brace;
    let rest = line.get(from..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|char| char.byte.is_ascii_alphanumeric() || matches!(char.byte, b'_' | b'.'))
        .count();
    let first = at(line, from);
    if !(first.is_ascii_alphabetic() || matches!(first, b'_' | b'.')) {
        return Err(format!(
            "forbidden first char in environment variable name at position {place}"
        ));
    }
    if brace == 1 && at(line, from + length) != b'}' {
        return Err(format!(
            "unmatched brace in environment variable name at position {place}"
        ));
    }
    let name = String::from_utf8_lossy(&bytes(rest.get(..length).unwrap_or_default()))
        .to_ascii_lowercase();
    let value = environment.defines.get(&name).cloned().unwrap_or_default();
    Ok((value, 1 + brace + length + brace))
}

/// Writes a word so that [`words`] reads it again: as it is if possible, in single quotes, or, as
/// those end with the line, in double quotes with escapes.
pub(super) fn write(word: &str, out: &mut String) {
    let plain = |c: char| !c.is_whitespace() && !"\"'\\#$".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        out.push_str(word);
    } else if word.contains(['\r', '\n']) {
        out.push('"');
        for c in word.chars() {
            match c {
                '\r' => out.push_str("\\r"),
                '\n' => out.push_str("\\n"),
                '"' | '\\' | '$' => out.extend(['\\', c]),
                c => out.push(c),
            }
        }
        out.push('"');
    } else {
        let quoted = word.replace('\'', "'\\''");
        out.push('\'');
        out.push_str(&quoted);
        out.push('\'');
    }
}
