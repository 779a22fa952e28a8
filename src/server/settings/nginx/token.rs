//! Words, blanks, quotes and braces of nginx.conf (`ngx_conf_read_token`).

use crate::source::Lines;

/// How a statement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Simple,
    Open,
    Close,
}

/// Words up to `;`, `{` or `}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) words: Vec<String>,
    pub(super) end: End,
    pub(super) lines: Lines,
}

type Refusal = (usize, String);

struct Tokens<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
    words: Vec<String>,
    first: usize,
    depth: usize,
    found: Vec<Statement>,
}

/// The statements of a file in their order.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, Refusal> {
    let mut tokens = Tokens {
        rest: text.chars().peekable(),
        line: 1,
        words: Vec::new(),
        first: 1,
        depth: 0,
        found: Vec::new(),
    };
    while tokens.step()? {}
    if !tokens.words.is_empty() {
        return Err((
            tokens.line,
            "unexpected end of file, expecting \";\" or \"}\"".to_owned(),
        ));
    }
    if tokens.depth > 0 {
        return Err((
            tokens.line,
            "unexpected end of file, expecting \"}\"".to_owned(),
        ));
    }
    Ok(tokens.found)
}

fn blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

impl Tokens<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn end(&mut self, end: End) {
        let first = if self.words.is_empty() {
            self.line
        } else {
            self.first
        };
        self.found.push(Statement {
            words: std::mem::take(&mut self.words),
            end,
            lines: Lines::new(first, self.line),
        });
    }

    /// One token; `false` at the end of the file.
    fn step(&mut self) -> Result<bool, Refusal> {
        let line = self.line;
        let Some(c) = self.next() else {
            return Ok(false);
        };
        match c {
            _ if blank(c) => {}
            '#' => {
                while self.rest.peek().is_some_and(|&c| c != '\n') {
                    let _ = self.next();
                }
            }
            ';' | '{' if self.words.is_empty() => {
                return Err((line, format!("unexpected \"{c}\"")));
            }
            ';' => self.end(End::Simple),
            '{' => {
                self.depth += 1;
                self.end(End::Open);
            }
            '}' => {
                if !self.words.is_empty() || self.depth == 0 {
                    return Err((line, "unexpected \"}\"".to_owned()));
                }
                self.depth -= 1;
                self.end(End::Close);
            }
            _ => {
                if self.words.is_empty() {
                    self.first = line;
                }
                let word = match c {
                    '"' | '\'' => self.quoted(c)?,
                    _ => self.bare(c),
                };
                self.words.push(word);
            }
        }
        Ok(true)
    }

    fn quoted(&mut self, quote: char) -> Result<String, Refusal> {
        let mut word = String::new();
        loop {
            let Some(c) = self.next() else {
                return Err((
                    self.line,
                    "unexpected end of file, expecting \";\" or \"}\"".to_owned(),
                ));
            };
            match c {
                '\\' => self.escape(&mut word),
                _ if c == quote => break,
                _ => word.push(c),
            }
        }
        match self.rest.peek() {
            // After a quote: a blank, the end of the statement, or `)`.
            Some(&c) if !blank(c) && !matches!(c, ';' | '{' | ')') => {
                Err((self.line, format!("unexpected \"{c}\"")))
            }
            _ => Ok(word),
        }
    }

    fn bare(&mut self, first: char) -> String {
        let mut word = String::new();
        let mut variable = first == '$';
        match first {
            '\\' => self.escape(&mut word),
            _ => word.push(first),
        }
        while let Some(&c) = self.rest.peek() {
            // `${name}` keeps its brace.
            if blank(c) || c == ';' || (c == '{' && !variable) {
                break;
            }
            let _ = self.next();
            variable = c == '$';
            match c {
                '\\' => self.escape(&mut word),
                _ => word.push(c),
            }
        }
        word
    }

    /// `\"`, `\'`, `\\`, `\t`, `\r`, `\n`; before anything else the backslash stays.
    fn escape(&mut self, word: &mut String) {
        match self.next() {
            Some(c @ ('"' | '\'' | '\\')) => word.push(c),
            Some('t') => word.push('\t'),
            Some('r') => word.push('\r'),
            Some('n') => word.push('\n'),
            Some(c) => {
                word.push('\\');
                word.push(c);
            }
            None => word.push('\\'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let found = statements(text).expect(text);
        found.into_iter().map(|statement| statement.words).collect()
    }

    #[test]
    fn quotes_comments_and_variables() {
        assert_eq!(
            words("a \"b c\" 'd;e' f\\;g; # x\n"),
            [["a", "b c", "d;e", "f\\;g"]]
        );
        assert_eq!(words("a b#c;"), [["a", "b#c"]]);
        assert_eq!(words("a ${b}c;"), [["a", "${b}c"]]);
        assert_eq!(
            words("a{b c;}"),
            [
                vec!["a".to_owned()],
                vec!["b".to_owned(), "c".to_owned()],
                vec![]
            ]
        );
    }

    #[test]
    fn what_nginx_refuses() {
        for text in ["a", "a {", "}", ";", "a \"b\"c;", "a \"b", "{", "a }"] {
            assert!(statements(text).is_err(), "{text}");
        }
        assert_eq!(statements("a;\nb \"x").unwrap_err().0, 2);
    }
}
