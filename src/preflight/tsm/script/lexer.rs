//! From the text of a script to words, as its shell splits it.
//!
//! The lexer reads each character once; what is nested (`$(…)`) is handed back as text and read
//! by the caller. The work is linear in the text, and each character is in one word at most.

use super::shell::Shell;
use super::variables::Variables;
use zeroize::Zeroizing;

/// One word of a command.
#[derive(Debug)]
pub(super) struct Word {
    /// May be a secret.
    pub(super) text: Zeroizing<String>,
    pub(super) line: usize,
    /// The variable or command in it whose value is not known here, as written.
    pub(super) unknown: Option<String>,
    /// Whether any of it is quoted or escaped.
    pub(super) quoted: bool,
    /// The variable with which it begins.
    pub(super) variable: Option<String>,
}

#[derive(Debug)]
pub(super) enum Token {
    Word(Word),
    /// What ends a command within a line.
    End,
    /// The end of a line that is not continued.
    Line,
}

/// What the shell reads differently from what the writer meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trap {
    /// Blanks between the character that continues a line and the end of the line.
    BlankBehind,
    /// A line that ends with the character by which another shell continues lines.
    OtherShell(char),
    /// A quotation mark that is never closed.
    Unclosed(char),
    /// `C:\ssl` without quotation marks, from which a POSIX shell removes the backslashes.
    Backslashes,
    /// A line of a POSIX shell that ends with CR and LF.
    CarriageReturn,
    /// Apostrophes, which cmd does not treat as quotation marks.
    Apostrophes,
}

/// Everything that one text contains.
#[derive(Debug, Default)]
pub(super) struct Lexed<'t> {
    pub(super) tokens: Vec<Token>,
    /// Each with its line.
    pub(super) traps: Vec<(Trap, usize)>,
    /// Commands within words, with the line on which they begin.
    pub(super) nested: Vec<(&'t str, usize)>,
    /// The texts of here-documents, each with its first line and the line of its command.
    pub(super) documents: Vec<(&'t str, usize, usize)>,
    /// The last line.
    pub(super) lines: usize,
}

pub(super) struct Lexer<'t, 'v> {
    text: &'t str,
    at: usize,
    line: usize,
    shell: Shell,
    variables: &'v Variables,
    out: Lexed<'t>,
    /// The next word is the file of a redirection.
    redirected: bool,
    /// How many unclosed quotation marks were read.
    open: usize,
    /// Within double quotation marks, where a value remains one word.
    in_double: bool,
    /// Delimiters of here-documents that begin on the next line.
    documents: Vec<String>,
}

impl<'t, 'v> Lexer<'t, 'v> {
    pub(super) fn read(
        text: &'t str,
        first_line: usize,
        shell: Shell,
        variables: &'v Variables,
    ) -> Lexed<'t> {
        let mut lexer = Self {
            text,
            at: 0,
            line: first_line,
            shell,
            variables,
            out: Lexed::default(),
            redirected: false,
            open: 0,
            in_double: false,
            documents: Vec::new(),
        };
        while let Some(c) = lexer.peek() {
            lexer.step(c);
        }
        lexer.out.tokens.push(Token::Line);
        lexer.out.lines = lexer.line;
        lexer.out
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn starts(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    /// Takes the next character, and counts lines.
    pub(super) fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        // Only here, so that no branch can lose count: each character of the text goes through
        // this function once.
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn skip(&mut self, bytes: usize) {
        let end = self.at + bytes;
        while self.at < end && self.take().is_some() {}
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// What is at the beginning of a word, or between words.
    fn step(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' | '\u{b}' | '\u{c}' => {
                if self.shell == Shell::Posix && self.starts("\r\n") {
                    self.out.traps.push((Trap::CarriageReturn, self.line));
                }
                self.take();
            }
            '\n' => self.end_of_line(),
            '#' if self.shell != Shell::Cmd => self.skip_line(),
            '<' if self.shell == Shell::PowerShell && self.starts("<#") => {
                let rest = self.rest();
                self.skip(rest.find("#>").map_or(rest.len(), |end| end + 2));
            }
            '<' | '>' => self.redirection(),
            _ if self.separates(c) => {
                self.take();
                self.redirected = false;
                self.out.tokens.push(Token::End);
            }
            _ if self.comment() => self.skip_line(),
            _ if self.continued() => {}
            _ => self.word(),
        }
    }

    /// `rem` and `::` of cmd, where a command begins.
    fn comment(&self) -> bool {
        let begins = !matches!(self.out.tokens.last(), Some(Token::Word(_)));
        if self.shell != Shell::Cmd || !begins {
            return false;
        }
        let rest = self.rest().trim_start_matches('@');
        let rem = rest
            .get(..3)
            .is_some_and(|word| word.eq_ignore_ascii_case("rem"));
        let ends = rest.get(3..).is_none_or(|rest| {
            let next = rest.chars().next();
            next.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ':' | '/' | '='))
        });
        rest.starts_with("::") || rem && ends
    }

    pub(super) fn separates(&self, c: char) -> bool {
        match self.shell {
            Shell::Posix => matches!(c, ';' | '&' | '|' | '(' | ')'),
            Shell::PowerShell => matches!(c, ';' | '&' | '|' | '(' | ')' | '{' | '}'),
            Shell::Cmd => matches!(c, '&' | '|' | '(' | ')'),
        }
    }

    fn end_of_line(&mut self) {
        let command = self.line;
        self.take();
        self.redirected = false;
        self.out.tokens.push(Token::Line);
        // POSIX.1-2024, 2.7.4: the documents begin on the next line, one after the other. Their
        // text is data, which may be a secret, unless the command is a shell.
        for delimiter in std::mem::take(&mut self.documents) {
            let (begin, first) = (self.at, self.line);
            let mut end = begin;
            while self.peek().is_some() {
                let rest = self.rest();
                let line = rest.split('\n').next().unwrap_or_default();
                let ends = line.trim_end_matches('\r').trim_start_matches('\t') == delimiter;
                self.skip(line.len() + 1);
                if ends {
                    break;
                }
                end = self.at;
            }
            let text = self.text.get(begin..end).unwrap_or_default();
            self.out.documents.push((text, first, command));
        }
    }

    /// Skips the character that continues the line, if it is here.
    pub(super) fn continued(&mut self) -> bool {
        let Some(c @ ('\\' | '`' | '^')) = self.peek() else {
            return false;
        };
        let rest = self.rest().get(1..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let behind = rest.get(blanks..).unwrap_or_default();
        let ends = if behind.starts_with('\n') {
            1
        } else if behind.starts_with("\r\n") {
            2
        } else {
            return false;
        };
        let own = c == self.shell.continues();
        // A Windows path may end with a backslash, and a shell command with `.
        let alone = self.at == 0
            || self
                .text
                .get(..self.at)
                .is_some_and(|word| word.ends_with([' ', '\t', '"', '\'']));
        // Two readings are possible: only a character that is set apart can have been meant as a
        // continuation.
        if !own && !alone {
            return false;
        }
        if own && ends == 2 && self.shell == Shell::Posix {
            self.out.traps.push((Trap::CarriageReturn, self.line));
        }
        if !own {
            self.out.traps.push((Trap::OtherShell(c), self.line));
        } else if blanks > 0 {
            self.out.traps.push((Trap::BlankBehind, self.line));
        }
        self.skip(1 + blanks + ends);
        true
    }

    /// `> file`, `2>&1`, `<<EOF`.
    fn redirection(&mut self) {
        let document = self.shell == Shell::Posix && self.starts("<<") && !self.starts("<<<");
        while matches!(self.peek(), Some('<' | '>')) {
            self.take();
        }
        if document {
            if self.peek() == Some('-') {
                self.take();
            }
            while matches!(self.peek(), Some(' ' | '\t')) {
                self.take();
            }
            self.word();
            if let Some(Token::Word(word)) = self.out.tokens.pop() {
                self.documents.push(word.text.to_string());
            }
            return;
        }
        if self.peek() == Some('&') {
            self.take();
            while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '-') {
                self.take();
            }
        } else {
            self.redirected = true;
        }
    }

    fn word(&mut self) {
        let begin = self.at;
        let mut word = Word {
            text: Zeroizing::default(),
            line: self.line,
            unknown: None,
            quoted: false,
            variable: None,
        };
        if self.shell == Shell::Posix && is_drive(self.rest()) {
            self.drive(&mut word);
        }
        while let Some(c) = self.peek() {
            if c.is_ascii_whitespace() || self.separates(c) {
                break;
            }
            if matches!(c, '<' | '>') {
                let digits = word.text.bytes().all(|b| b.is_ascii_digit());
                // `2>`: the number belongs to the redirection, and is not an argument.
                if digits && !word.quoted {
                    return;
                }
                break;
            }
            if self.continued() {
                continue;
            }
            self.piece(&mut word);
        }
        if self.at == begin {
            // Nothing known: never stay at the same place.
            self.take();
            return;
        }
        if self.shell == Shell::Cmd && word.text.starts_with('\'') {
            self.apostrophes(&mut word);
        }
        // PowerShell's `@name`: the elements of a variable, each a word.
        if self.shell == Shell::PowerShell && !word.quoted && is_splat(&word.text) {
            word.unknown = Some(crate::shown::value(&word.text));
        }
        if std::mem::take(&mut self.redirected) {
            return;
        }
        if is_assignment(&word.text) {
            // POSIX.1-2024, 2.9.1: the value of an assignment is not split.
            word.text = Zeroizing::new(word.text.replace(BETWEEN, " "));
        }
        if !word.text.contains(BETWEEN) {
            self.out.tokens.push(Token::Word(word));
            return;
        }
        for text in word.text.split(BETWEEN).filter(|text| !text.is_empty()) {
            self.out.tokens.push(Token::Word(Word {
                text: Zeroizing::new(text.to_owned()),
                line: word.line,
                unknown: word.unknown.clone(),
                quoted: word.quoted,
                variable: word.variable.clone(),
            }));
        }
    }

    pub(super) const fn set_in_double(&mut self, within: bool) {
        self.in_double = within;
    }

    /// Where a quotation mark begins, and how long the word was before it.
    pub(super) fn opening(&self, word: &Word) -> (usize, usize, usize) {
        (self.at, self.line, word.text.len())
    }

    /// An unclosed quotation mark is read as if it ended with its line: what follows are other
    /// commands, and maybe secrets.
    pub(super) fn unclosed(&mut self, mark: char, opening: (usize, usize, usize), word: &mut Word) {
        /// One for each kind of mark is usual; each costs a scan to the end of the text.
        const MOST: usize = 16;
        let (at, line, length) = opening;
        self.trap(Trap::Unclosed(mark), line);
        self.open += 1;
        if self.open > MOST {
            word.text = Zeroizing::default();
            return;
        }
        let rest = self.text.get(at + mark.len_utf8()..).unwrap_or_default();
        let text = rest.split('\n').next().unwrap_or_default();
        self.at = at + mark.len_utf8() + text.len();
        self.line = line;
        let mut own = Zeroizing::new(String::with_capacity(length + text.len()));
        own.push_str(word.text.get(..length).unwrap_or_default());
        own.push_str(text.trim_end_matches('\r'));
        word.text = own;
    }

    pub(super) fn trap(&mut self, trap: Trap, line: usize) {
        self.out.traps.push((trap, line));
    }

    pub(super) const fn line(&self) -> usize {
        self.line
    }

    pub(super) const fn shell(&self) -> Shell {
        self.shell
    }

    /// The value of a variable; if it is not known, the text stays as written.
    pub(super) fn expand(&self, word: &mut Word, name: &str, written: &str) {
        if word.text.is_empty() && !word.quoted {
            word.variable = Some(name.to_owned());
        }
        if let Some(value) = self.variables.value(self.shell, name) {
            // POSIX.1-2024, 2.6.5: the value of a variable outside quotation marks is split into
            // words.
            let splits = self.shell == Shell::Posix && !self.in_double;
            for c in value.chars() {
                let between = splits && matches!(c, ' ' | '\t' | '\n');
                push(&mut word.text, if between { BETWEEN } else { c });
            }
            return;
        }
        for c in written.chars() {
            push(&mut word.text, c);
        }
        if word.unknown.is_none() {
            word.unknown = Some(crate::shown::value(written));
        }
    }

    /// Consumes `bytes` bytes, and returns them.
    pub(super) fn slice(&mut self, bytes: usize) -> &'t str {
        let text = self.rest().get(..bytes).unwrap_or_default();
        self.skip(text.len());
        text
    }

    pub(super) fn remaining(&self) -> &'t str {
        self.rest()
    }

    pub(super) fn nest(&mut self, text: &'t str, line: usize) {
        self.out.nested.push((text, line));
    }
}

/// Separates the words of a value. No argument of a program contains it.
const BETWEEN: char = '\0';

/// `NAME=value`.
fn is_assignment(text: &str) -> bool {
    let name = text.split(['=', BETWEEN]).next().unwrap_or_default();
    let ends = text
        .get(name.len()..)
        .is_some_and(|rest| rest.starts_with('='));
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    ends && !name.is_empty() && name.chars().all(is_of_a_name)
}

fn is_splat(text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Appends without leaving a copy behind if the text has to move.
pub(super) fn push(text: &mut Zeroizing<String>, c: char) {
    // String::push would move the text and leave the old bytes, maybe of a password, in memory.
    if text.capacity() - text.len() < 4 {
        let mut larger = Zeroizing::new(String::with_capacity((text.capacity() * 2).max(64)));
        larger.push_str(text);
        *text = larger;
    }
    text.push(c);
}

/// Whether a Windows path begins here.
fn is_drive(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && bytes.next() == Some(b'\\')
        && bytes.next().is_some_and(|b| b != b'\\')
}
