//! How nginx splits its configuration into words: `ngx_conf_read_token`
//! (source: 1.22; measured: 1.22.1).

use super::lexer::{Char, Word, at, covered};

/// One directive: its words, the name among them, and how it ended.
pub(super) struct Directive {
    pub(super) words: Vec<Word>,
    pub(super) end: End,
}

/// What follows a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Semicolon,
    OpeningBrace,
    /// `}` with nothing before it.
    ClosingBrace,
    /// The text ended between directives.
    Text,
}

/// The longest word, in bytes: a word must fit nginx's buffer
/// (`NGX_CONF_BUFFER`).
const WORD_LIMIT: usize = 4096;

/// Reads directives one by one.
pub(super) struct Reader<'a> {
    text: &'a [Char],
    place: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [Char]) -> Self {
        Self { text, place: 0 }
    }

    /// The next directive. An error is nginx's text, with the words before it.
    pub(super) fn next(&mut self) -> Result<Directive, (String, Vec<Word>)> {
        let mut words = Vec::new();
        loop {
            self.skip_blanks_and_comments();
            let Some(char) = self.text.get(self.place) else {
                return if words.is_empty() {
                    Ok(Directive {
                        words,
                        end: End::Text,
                    })
                } else {
                    let error = "unexpected end of file, expecting \";\" or \"}\"";
                    Err((error.to_owned(), words))
                };
            };
            let end = match char.byte {
                b';' => Some(End::Semicolon),
                b'{' => Some(End::OpeningBrace),
                b'}' => Some(End::ClosingBrace),
                _ => None,
            };
            if let Some(end) = end {
                self.place += 1;
                // A closing brace must come alone, `;` and `{` only after a word: one comparison covers both.
                if words.is_empty() == (end == End::ClosingBrace) {
                    return Ok(Directive { words, end });
                }
                let error = format!("unexpected \"{}\"", char::from(char.byte));
                return Err((error, words));
            }
            match self.word() {
                Ok(word) => words.push(word),
                Err(error) => return Err((error, words)),
            }
        }
    }

    fn skip_blanks_and_comments(&mut self) {
        let mut comment = false;
        while let Some(char) = self.text.get(self.place) {
            match char.byte {
                b'\n' => comment = false,
                _ if comment => {}
                b' ' | b'\t' | b'\r' => {}
                b'#' => comment = true,
                _ => return,
            }
            self.place += 1;
        }
    }

    /// A word; what ends it is left unread, except a closing quote.
    fn word(&mut self) -> Result<Word, String> {
        let start = self.place;
        let quote = match at(self.text, start) {
            quote @ (b'"' | b'\'') => Some(quote),
            _ => None,
        };
        let inner = start + usize::from(quote.is_some());
        self.place = inner;
        let mut variable = false;
        loop {
            // nginx refuses a word that fills its buffer. The test comes before the next byte is read, so a
            // hostile file costs at most one buffer for each word.
            if self.place - inner >= WORD_LIMIT {
                return Err("too long parameter started".to_owned());
            }
            let Some(char) = self.text.get(self.place) else {
                return Err("unexpected end of file, expecting \";\" or \"}\"".to_owned());
            };
            match (char.byte, quote) {
                // `${` begins a variable's name: the brace does not end the word.
                (b'{', _) if variable => {
                    self.place += 1;
                    continue;
                }
                (b'\\', _) => self.place += 1,
                (byte, Some(quote)) if byte == quote => break,
                (b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{', None) => break,
                _ => {}
            }
            variable = char.byte == b'$';
            self.place += 1;
        }
        let raw = self.text.get(inner..self.place).unwrap_or_default();
        if quote.is_none() {
            return Ok(Word::new(unescaped(raw), raw, false));
        }
        self.place += 1;
        let whole = self.text.get(start..self.place).unwrap_or_default();
        let word = Word {
            value: unescaped(raw),
            span: covered(whole),
            quoted: true,
        };
        match at(self.text, self.place) {
            b')' => self.place += 1,
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' => {}
            _ if self.place >= self.text.len() => {}
            other => return Err(format!("unexpected \"{}\"", char::from(other))),
        }
        Ok(word)
    }
}

/// `\"`, `\'` and `\\` lose their backslash, `\t \r \n` become control
/// characters, all others stay.
fn unescaped(raw: &[Char]) -> Vec<u8> {
    let mut value = Vec::with_capacity(raw.len());
    let mut place = 0;
    while let Some(char) = raw.get(place) {
        let (byte, taken) = match (char.byte, at(raw, place + 1)) {
            (b'\\', escaped @ (b'"' | b'\'' | b'\\')) => (escaped, 2),
            (b'\\', b't') => (b'\t', 2),
            (b'\\', b'r') => (b'\r', 2),
            (b'\\', b'n') => (b'\n', 2),
            (byte, _) => (byte, 1),
        };
        value.push(byte);
        place += taken;
    }
    value
}
