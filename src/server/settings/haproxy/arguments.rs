//! The words of a line of haproxy.cfg (its manual, section 2.2; `parse_line` of 2.6).

use super::super::LONGEST_EXPANSION;

/// `MAX_LINE_ARGS` of 2.6.
const MOST: usize = 64;

/// Words: blanks separate, `#` ends the line, `\` quotes one special character, `'…'` quotes all,
/// `"…"` quotes all but `\`, and `$NAME`, `${NAME}`, `${NAME-default}` and `${NAME[*]}`; names
/// without a value are put into `unset`.
pub(super) fn split<'a>(
    line: &str,
    variable: &dyn Fn(&str) -> Option<&'a str>,
    unset: &mut Vec<String>,
) -> Result<Vec<String>, &'static str> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars().peekable();
    let (mut weak, mut strong) = (false, false);
    let mut length = 0usize;
    while let Some(c) = rest.next() {
        match c {
            // The end of the line, even within quotes.
            '\r' | '\n' => break,
            '"' if !strong => {
                weak = !weak;
                word.get_or_insert_default();
            }
            '\'' if !weak => {
                strong = !strong;
                word.get_or_insert_default();
            }
            _ if strong => word.get_or_insert_default().push(c),
            ' ' | '\t' | '\u{b}' | '\u{c}' if !weak => words.extend(word.take()),
            '#' if !weak => break,
            '\\' => {
                let quoted = escape(&mut rest, weak)?;
                word.get_or_insert_default().push(quoted);
            }
            '$' if weak => {
                let braced = rest.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = rest.next_if(|&c| {
                    c.is_ascii_alphanumeric() || c == '_' || (c == '.' && name.is_empty())
                }) {
                    name.push(c);
                }
                if !name.starts_with(|c: char| c.is_ascii_alphabetic() || "_.".contains(c)) {
                    return Err("forbidden first char in environment variable name");
                }
                let mut expanded = false;
                let mut default = None;
                if braced {
                    if rest.next_if_eq(&'[').is_some() {
                        if rest.next() != Some('*') || rest.next() != Some(']') {
                            return Err("truncated or invalid word expansion sequence");
                        }
                        expanded = true;
                    }
                    if rest.next_if_eq(&'-').is_some() {
                        let mut text = String::new();
                        while let Some(c) = rest.next_if(|&c| c != '}') {
                            text.push(c);
                        }
                        default = Some(text);
                    }
                    if rest.next_if_eq(&'}').is_none() {
                        return Err("unmatched brace in environment variable name");
                    }
                }
                // A default replaces a variable that the environment does not have.
                let value = variable(&name);
                if value.is_none() && unset.len() < 16 {
                    unset.push(name.clone());
                }
                let value = value.or(default.as_deref()).unwrap_or_default();
                length = length.saturating_add(value.len());
                if length > LONGEST_EXPANSION {
                    return Err("the line is too long");
                }
                let mut parts = value.split_ascii_whitespace();
                if expanded && value.contains(|c: char| c.is_ascii_whitespace()) {
                    word.get_or_insert_default()
                        .push_str(parts.next().unwrap_or_default());
                    for part in parts {
                        words.extend(word.replace(part.to_owned()));
                    }
                } else {
                    word.get_or_insert_default().push_str(value);
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    if weak || strong {
        return Err("unmatched quote");
    }
    words.extend(word);
    if words.len() > MOST {
        return Err("too many words, truncating after word 64");
    }
    Ok(words)
}

/// The meaning of a backslash and what follows; before any other character it is literal.
fn escape(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    weak: bool,
) -> Result<char, &'static str> {
    let Some(&next) = rest.peek() else {
        return Ok('\\');
    };
    let quoted = match next {
        ' ' | '\\' | '#' | '\'' | '"' => next,
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        '$' if weak => '$',
        'x' => {
            let _ = rest.next();
            let mut digit = || rest.next().and_then(|c| c.to_digit(16));
            let both = (digit(), digit());
            return match both {
                (Some(high), Some(low)) => Ok(char::from_u32(high * 16 + low).unwrap_or('?')),
                _ => Err("truncated or invalid hexadecimal sequence"),
            };
        }
        _ => return Ok('\\'),
    };
    let _ = rest.next();
    Ok(quoted)
}

#[cfg(test)]
mod tests {
    use super::split;

    fn words(line: &str) -> Vec<String> {
        split(
            line,
            &|name| (name == "D").then_some("/etc x"),
            &mut Vec::new(),
        )
        .expect(line)
    }

    #[test]
    fn quotes_escapes_and_variables() {
        assert_eq!(
            words(r#" bind :443 crt "$D/a b" # c"#),
            ["bind", ":443", "crt", "/etc x/a b"]
        );
        assert_eq!(words(r"crt a\ b '$D' \#x"), ["crt", "a b", "$D", "#x"]);
        assert_eq!(words("crt $D \"${D}\"\"\""), ["crt", "$D", "/etc x"]);
        assert_eq!(words("a \"\""), ["a", ""]);
        assert_eq!(words(r"a\x2epem a\.b"), ["a.pem", r"a\.b"]);
        assert_eq!(words("\"${N-x.pem}\" \"${D-y}\""), ["x.pem", "/etc x"]);
        assert_eq!(words("a \"${D[*]}\" b"), ["a", "/etc", "x", "b"]);
        for line in ["a \"b", "a 'b", "a \\x2", "\"${D\"", "\"$1\"", "\"${D[*}\""] {
            assert!(split(line, &|_| None, &mut Vec::new()).is_err(), "{line}");
        }
        assert!(split(&"a ".repeat(65), &|_| None, &mut Vec::new()).is_err());
    }
}
