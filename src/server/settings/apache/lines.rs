//! The lines and words of httpd's configuration. Measured: httpd 2.4.71.

use super::super::LONGEST_EXPANSION;

/// A joined line: its text, and its first and last line in the file.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// A line that ends with a backslash continues on the next one, even a comment, and even after two
/// backslashes (measured).
pub(super) fn joined(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut open: Option<Line> = None;
    for (index, line) in text.split('\n').enumerate() {
        let number = index + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let (part, goes_on) = match line.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        let mut current = open.take().unwrap_or_else(|| Line {
            text: String::new(),
            first: number,
            last: number,
        });
        current.text.push_str(part);
        current.last = number;
        if goes_on {
            open = Some(current);
        } else {
            found.push(current);
        }
    }
    found.extend(open);
    found
}

/// Replaces `${NAME}`. An undefined name stays as it is written, and is returned. `None` if the
/// line exceeds the limit.
pub(super) fn expand<'a>(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<&'a str>,
) -> Option<(String, Vec<String>)> {
    let mut out = String::new();
    let mut unknown = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            out.push_str("${");
            rest = behind;
            break;
        };
        match lookup(name) {
            Some(value) => out.push_str(value),
            None => {
                unknown.push(name.to_owned());
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
        }
        if out.len() > LONGEST_EXPANSION {
            return None;
        }
        rest = after;
    }
    out.push_str(rest);
    Some((out, unknown))
}

/// The first word, which may be in quotes, and what follows it (`ap_getword_conf`).
pub(super) fn first_word(text: &str) -> (String, String) {
    let (word, rest) = word(text.trim_start_matches(space));
    (word, rest.to_owned())
}

fn word(text: &str) -> (String, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(quote, text.get(1..).unwrap_or_default()),
        _ => {
            let end = text.find(space).unwrap_or(text.len());
            let (word, behind) = text.split_at_checked(end).unwrap_or((text, ""));
            (word.to_owned(), behind)
        }
    }
}

/// Applies `ap_getword_conf` repeatedly: a word that begins with a quote extends to the next quote
/// of its kind; quotes inside a word are ordinary characters.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(space);
    while !rest.is_empty() {
        let (word, behind) = word(rest);
        found.push(word);
        rest = behind.trim_start_matches(space);
    }
    found
}

fn space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r' | '\n')
}

fn quoted(quote: char, text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == quote {
            return (word, rest.as_str());
        }
        if c == '\\' {
            let mut ahead = rest.clone();
            if let Some(next) = ahead.next()
                && (next == quote || next == '\\')
            {
                word.push(next);
                rest = ahead;
                continue;
            }
        }
        word.push(c);
    }
    // An open quote runs to the end of the line.
    (word, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_httpd_sees_them() {
        assert_eq!(words(r#" a "b c"'d' e"f "#), ["a", "b c", "d", "e\"f"]);
        assert_eq!(words(r#""a\"b\\c\d"#), ["a\"b\\c\\d"]);
        assert_eq!(words(r#""" x"#), ["", "x"]);
        assert!(words("  \t").is_empty());
        let first = |text| first_word(text).0;
        assert_eq!(first("SSLEngine\u{b}on"), "SSLEngine");
        assert_eq!(
            first_word("\"SSLEngine\"on"),
            ("SSLEngine".to_owned(), "on".to_owned())
        );
    }

    #[test]
    fn lines_go_on_behind_a_backslash() {
        let lines = joined("# c \\\nx\r\ny \\\r\n z\n");
        let texts: Vec<_> = lines
            .iter()
            .map(|line| (line.text.as_str(), line.first, line.last))
            .collect();
        assert_eq!(texts, [("# c x", 1, 2), ("y  z", 3, 4), ("", 5, 5)]);
    }

    #[test]
    fn names_are_replaced_once() {
        let lookup = |name: &str| (name == "A").then_some("${A}x");
        assert_eq!(
            expand("${A}/${B}/${C", &lookup).unwrap(),
            ("${A}x/${B}/${C".to_owned(), vec!["B".to_owned()])
        );
        let long = "y".repeat(60_000);
        assert!(expand("${A}${A}", &|_| Some(long.as_str())).is_none());
    }
}
