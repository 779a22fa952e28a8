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
    /// Bytes since the last blank, comment or word began: what nginx's buffer holds.
    held: usize,
    /// The opening quote, if that is a quotation.
    quote: Option<char>,
}

/// `NGX_CONF_BUFFER`: a word or a comment that fills it is `too long`.
const BUFFER: usize = 4096;

/// The statements of a file, in order.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, Refusal> {
    let mut tokens = Tokens {
        rest: text.chars().peekable(),
        line: 1,
        words: Vec::new(),
        first: 1,
        depth: 0,
        found: Vec::new(),
        held: 0,
        quote: None,
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
        self.held += c.len_utf8();
        Some(c)
    }

    /// `ngx_conf_read_token` keeps a word in its buffer until the next one begins, even while it
    /// skips the text after it.
    fn fits(&self) -> Result<(), Refusal> {
        if self.held < BUFFER || self.rest.clone().next().is_none() {
            return Ok(());
        }
        let message = match self.quote {
            Some(quote) => {
                format!("too long parameter, probably missing terminating \"{quote}\" character")
            }
            None => "too long parameter".to_owned(),
        };
        Err((self.line, message))
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
        // The next statement begins again.
        self.held = 0;
    }

    /// One token; `false` at the end of the file.
    fn step(&mut self) -> Result<bool, Refusal> {
        let line = self.line;
        self.fits()?;
        let Some(c) = self.next() else {
            return Ok(false);
        };
        self.held = c.len_utf8();
        match c {
            _ if blank(c) => {}
            '#' => {
                while self.rest.peek().is_some_and(|&c| c != '\n') {
                    self.fits()?;
                    let _ = self.next();
                }
                self.fits()?;
                let _ = self.next();
                self.held = 1;
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
                    _ => self.bare(c)?,
                };
                // Over what follows it, the word stays; a blank goes with it.
                if self.rest.peek().is_some_and(|&c| blank(c)) {
                    self.fits()?;
                    let _ = self.next();
                }
                self.words.push(word);
            }
        }
        Ok(true)
    }

    fn quoted(&mut self, quote: char) -> Result<String, Refusal> {
        let mut word = String::new();
        self.held = 0;
        self.quote = Some(quote);
        loop {
            self.fits()?;
            let Some(c) = self.next() else {
                return Err((
                    self.line,
                    "unexpected end of file, expecting \";\" or \"}\"".to_owned(),
                ));
            };
            match c {
                '\\' => {
                    self.fits()?;
                    self.escape(&mut word);
                }
                _ if c == quote => break,
                _ => word.push(c),
            }
        }
        self.quote = None;
        match self.rest.peek() {
            // After a quote: a blank, the end of the statement, or `)`.
            Some(&c) if !blank(c) && !matches!(c, ';' | '{' | ')') => {
                Err((self.line, format!("unexpected \"{c}\"")))
            }
            _ => Ok(word),
        }
    }

    fn bare(&mut self, first: char) -> Result<String, Refusal> {
        let mut word = String::new();
        let mut variable = first == '$';
        match first {
            '\\' => self.escape(&mut word),
            _ => word.push(first),
        }
        while let Some(&c) = self.rest.peek() {
            self.fits()?;
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
        Ok(word)
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

    /// Measured: nginx 1.22.1, each at its limit.
    #[test]
    fn words_that_fill_the_buffer() {
        let long = |count: usize| "a".repeat(count);
        for good in [
            format!("x {};", long(4095)),
            format!("x {} ;", long(4094)),
            format!("x \"{}\";", long(4094)),
            format!("x \"{}\"{};", long(4090), " ".repeat(9000)),
            format!("#{}\na;", long(4094)),
            format!("a;#{}", long(9000).split_at(4095).0),
        ] {
            assert!(statements(&good).is_ok(), "{} bytes", good.len());
        }
        for bad in [
            format!("x {};", long(4096)),
            format!("x {} ;", long(4095)),
            format!("x \"{}\";", long(4095)),
            format!("x \"{}\";", "\\n".repeat(4000)),
            format!("#{}\na;", long(4095)),
        ] {
            let (_, message) = statements(&bad).unwrap_err();
            assert!(message.starts_with("too long parameter"), "{message}");
        }
    }
}
