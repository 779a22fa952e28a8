//! The words of a line of haproxy.cfg (its manual, section 2.2).

use super::super::LONGEST_EXPANSION;

/// Words: blanks separate, `#` ends the line, `\` quotes one character,
/// `'…'` quotes all, `"…"` quotes all but `\`, and `$NAME` or `${NAME}`; names
/// without a value are put into `unset`.
pub(super) fn split<'a>(
    line: &str,
    variable: &dyn Fn(&str) -> Option<&'a str>,
    unset: &mut Vec<String>,
) -> Result<Vec<String>, &'static str> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars().peekable();
    let mut weak = false;
    let mut length = 0usize;
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' | '\r' if !weak => words.extend(word.take()),
            '#' if !weak => break,
            '"' => {
                weak = !weak;
                word.get_or_insert_default();
            }
            '\'' if !weak => {
                let target = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        Some('\'') => break,
                        Some(c) => target.push(c),
                        None => return Err("unmatched quote"),
                    }
                }
            }
            '\\' => {
                let target = word.get_or_insert_default();
                match rest.next() {
                    Some('n') => target.push('\n'),
                    Some('r') => target.push('\r'),
                    Some('t') => target.push('\t'),
                    Some(c) => target.push(c),
                    None => target.push('\\'),
                }
            }
            '$' if weak => {
                let braced = rest.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = rest.next_if(|&c| c.is_ascii_alphanumeric() || "_.".contains(c))
                {
                    name.push(c);
                }
                if braced && rest.next_if_eq(&'}').is_none() {
                    return Err("syntax error in a variable");
                }
                let value = variable(&name).unwrap_or_else(|| {
                    if unset.len() < 16 {
                        unset.push(name.clone());
                    }
                    ""
                });
                length = length.saturating_add(value.len());
                if length > LONGEST_EXPANSION {
                    return Err("the line is too long");
                }
                word.get_or_insert_default().push_str(value);
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    if weak {
        return Err("unmatched quote");
    }
    words.extend(word);
    Ok(words)
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
        assert!(split("a \"b", &|_| None, &mut Vec::new()).is_err());
        assert!(split("a 'b", &|_| None, &mut Vec::new()).is_err());
    }
}
