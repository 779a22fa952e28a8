//! The pieces of a word: quotation marks, escapes and variables of each shell.
//!
//! Sources: POSIX.1-2024, 2.2 "Quoting"; "about_Quoting_Rules" and "about_Special_Characters"
//! of PowerShell; `cmd /?` and "How does the Windows Command Interpreter parse scripts".

use super::lexer::{Lexer, Trap, Word, push};
use super::shell::Shell;
use zeroize::Zeroizing;

impl Lexer<'_, '_> {
    /// Takes one piece; at least one character.
    pub(super) fn piece(&mut self, word: &mut Word) {
        match (self.shell(), self.peek()) {
            (_, None) => {}
            (Shell::Posix, Some('\\'))
            | (Shell::PowerShell, Some('`'))
            | (Shell::Cmd, Some('^')) => {
                self.take();
                if let Some(c) = self.take() {
                    push(&mut word.text, c);
                }
                word.quoted = true;
            }
            (Shell::Posix, Some('`')) => self.backquoted(word),
            (Shell::Posix, Some('\'')) => self.literal(word, &['\'']),
            (Shell::PowerShell, Some(c)) if SINGLE.contains(&c) => self.literal(word, &SINGLE),
            (Shell::Posix, Some('"')) => {
                self.set_in_double(true);
                self.double(word, &['"']);
                self.set_in_double(false);
            }
            (Shell::PowerShell, Some(c)) if DOUBLE.contains(&c) => self.double(word, &DOUBLE),
            (Shell::Cmd, Some('"')) => self.toggled(word),
            (Shell::Posix | Shell::PowerShell, Some('$')) => self.dollar(word),
            (Shell::Cmd, Some('%' | '!')) => self.percent(word),
            _ => {
                if let Some(c) = self.take() {
                    push(&mut word.text, c);
                }
            }
        }
    }

    /// `C:\ssl\server.crt` without quotation marks: read as it was meant.
    pub(super) fn drive(&mut self, word: &mut Word) {
        self.trap(Trap::Backslashes, self.line());
        while let Some(c) = self.peek() {
            if c.is_ascii_whitespace() || self.separates(c) || matches!(c, '"' | '\'' | '$') {
                break;
            }
            self.take();
            push(&mut word.text, c);
        }
    }

    /// `'all -SSLv3'` in cmd: read up to the second apostrophe, as it was meant.
    pub(super) fn apostrophes(&mut self, word: &mut Word) {
        /// No option has a longer value.
        const FAR: usize = 4096;
        let closed = word.text.len() > 1 && word.text.ends_with('\'');
        if !closed {
            let rest = self.remaining();
            let line = rest.get(..FAR).unwrap_or(rest).split('\n').next();
            let line = line.unwrap_or_default();
            let Some(end) = line.find('\'') else { return };
            for _ in 0..line.get(..end).map_or(0, |before| before.chars().count()) {
                if let Some(c) = self.take() {
                    push(&mut word.text, c);
                }
            }
            self.take();
        }
        self.trap(Trap::Apostrophes, self.line());
        let inner = Zeroizing::new(word.text.trim_matches('\'').to_owned());
        word.text = inner;
        word.quoted = true;
    }

    /// Text between quotation marks that leave everything as it is.
    fn literal(&mut self, word: &mut Word, marks: &[char]) {
        let opening = self.opening(word);
        let mark = self.take().unwrap_or('\'');
        word.quoted = true;
        while let Some(c) = self.take() {
            if marks.contains(&c) {
                // PowerShell's '' is one '.
                let doubled = self.peek().is_some_and(|next| marks.contains(&next));
                if self.shell() != Shell::PowerShell || !doubled {
                    return;
                }
                self.take();
            }
            push(&mut word.text, c);
        }
        self.unclosed(mark, opening, word);
    }

    /// Text between quotation marks within which variables are expanded.
    fn double(&mut self, word: &mut Word, marks: &[char]) {
        let opening = self.opening(word);
        let mark = self.take().unwrap_or('"');
        word.quoted = true;
        let posix = self.shell() == Shell::Posix;
        while let Some(c) = self.peek() {
            match c {
                _ if marks.contains(&c) => {
                    self.take();
                    let doubled = self.peek().is_some_and(|next| marks.contains(&next));
                    // PowerShell: a doubled quotation mark means one.
                    if posix || !doubled {
                        return;
                    }
                    self.take();
                    push(&mut word.text, '"');
                }
                '\\' if posix => {
                    self.take();
                    match self.peek() {
                        Some('\n') => {
                            self.take();
                        }
                        // POSIX.1-2024, 2.2.3: within double quotes a backslash quotes only these
                        // (and a line feed).
                        Some(c @ ('$' | '`' | '"' | '\\')) => {
                            self.take();
                            push(&mut word.text, c);
                        }
                        _ => push(&mut word.text, '\\'),
                    }
                }
                '`' if posix => self.backquoted(word),
                '`' => {
                    self.take();
                    if let Some(c) = self.take() {
                        push(&mut word.text, c);
                    }
                }
                '$' => self.dollar(word),
                _ => {
                    self.take();
                    push(&mut word.text, c);
                }
            }
        }
        self.unclosed(mark, opening, word);
    }

    /// cmd: a quotation mark toggles quoting, up to the end of the line.
    fn toggled(&mut self, word: &mut Word) {
        let begun = self.line();
        self.take();
        word.quoted = true;
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    self.take();
                    return;
                }
                '\r' | '\n' => break,
                '%' | '!' => self.percent(word),
                _ => {
                    self.take();
                    push(&mut word.text, c);
                }
            }
        }
        self.trap(Trap::Unclosed('"'), begun);
    }

    /// `$NAME`, `${NAME}`, `$env:NAME`, `$(command)`.
    fn dollar(&mut self, word: &mut Word) {
        let rest = self.remaining();
        let behind = rest.get(1..).unwrap_or_default();
        if behind.starts_with('(') {
            let line = self.line();
            let end = matching(behind);
            let text = self.slice(1 + end);
            let inner = text.get(2..text.len().saturating_sub(1));
            // The commands in it are read too: a password may be passed to one of them.
            let inner = inner.unwrap_or_default();
            self.nest(inner, line);
            let shown = if is_own_directory(inner) {
                OWN_DIRECTORY
            } else {
                "$(…)"
            };
            self.expand(word, "", shown);
            return;
        }
        if behind.starts_with('{') {
            let Some(end) = near(behind).find('}') else {
                self.take();
                push(&mut word.text, '$');
                return;
            };
            let text = self.slice(1 + end + 1);
            let name = text
                .get(2..text.len().saturating_sub(1))
                .unwrap_or_default();
            self.expand(word, name, text);
            return;
        }
        let power = self.shell() == Shell::PowerShell;
        let of_name = |c: char| c.is_alphanumeric() || c == '_' || power && c == ':';
        let length: usize = behind
            .chars()
            .take_while(|c| of_name(*c))
            .map(char::len_utf8)
            .sum();
        let special = behind
            .chars()
            .next()
            .is_some_and(|c| matches!(c, '@' | '*' | '#' | '?' | '$' | '!'));
        let length = if length == 0 && special && !power {
            1
        } else {
            length
        };
        if length == 0 {
            self.take();
            push(&mut word.text, '$');
            return;
        }
        let text = self.slice(1 + length);
        self.expand(word, text.get(1..).unwrap_or_default(), text);
    }

    fn backquoted(&mut self, word: &mut Word) {
        let line = self.line();
        let rest = self.remaining();
        let behind = rest.get(1..).unwrap_or_default();
        // The value of a long command between them could not be known either.
        let Some(end) = behind.find('`') else {
            self.take();
            push(&mut word.text, '`');
            return;
        };
        let text = self.slice(end + 2);
        self.nest(text.get(1..=end).unwrap_or_default(), line);
        self.expand(word, "", "`…`");
    }

    /// `%NAME%`, `!NAME!`, `%1`, `%~dp0`, `%%` of cmd.
    fn percent(&mut self, word: &mut Word) {
        let rest = self.remaining();
        let mark = self.peek().unwrap_or('%');
        let behind = rest.get(1..).unwrap_or_default();
        // In a batch file only; on cmd's command line `%%` remains as it is.
        if mark == '%' && behind.starts_with('%') {
            self.slice(2);
            push(&mut word.text, '%');
            return;
        }
        let digit = behind
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, '*' | '~'));
        let end = if mark == '%' && digit {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '~' | '*');
            behind.find(|c| !plain(c)).unwrap_or(behind.len())
        } else {
            let line = near(behind).split('\n').next().unwrap_or_default();
            let named = line.find(mark).filter(|end| {
                let name = line.get(..*end).unwrap_or_default();
                !name.is_empty() && !name.contains([' ', '\t', '"'])
            });
            let Some(end) = named else {
                self.take();
                push(&mut word.text, mark);
                return;
            };
            end + 1
        };
        let text = self.slice(1 + end);
        let name = text.trim_matches(mark);
        self.expand(word, name, text);
    }
}

/// How [`is_own_directory`] is written in a word.
pub(super) const OWN_DIRECTORY: &str = "$(dirname $0)";

/// Whether the command prints the directory of the script.
fn is_own_directory(command: &str) -> bool {
    let mut words = command
        .split_ascii_whitespace()
        .map(|word| word.trim_matches('"'));
    let of_script = |word: Option<&str>| {
        word.is_some_and(|word| ["$0", "${0}", "$BASH_SOURCE", "${BASH_SOURCE[0]}"].contains(&word))
    };
    words.next() == Some("dirname")
        && match words.next() {
            Some("--") => of_script(words.next()),
            word => of_script(word),
        }
        && words.next().is_none()
}

/// What PowerShell reads as a single quotation mark.
const SINGLE: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];

/// What PowerShell reads as a double quotation mark.
const DOUBLE: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];

/// The beginning of `text`, where the end of a name is looked for: each character is examined a
/// bounded number of times.
fn near(text: &str) -> &str {
    const FAR: usize = 512;
    let end = (0..=FAR.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// The length up to the parenthesis that closes the first one.
fn matching(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}
