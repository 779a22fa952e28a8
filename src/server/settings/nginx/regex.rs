//! Whether PCRE compiles the regular expression of a `server_name`.
//!
//! The pattern is read once from left to right, with a stack of open groups. It supports what real
//! names use; any other PCRE feature is [`Answer::Unsure`], so no guess accepts or refuses an
//! expression. The messages are those of PCRE2 10.42, which nginx 1.22.1 of Debian 12 is built
//! with.

/// How PCRE reads a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It compiles: the number of capturing groups, and the names of named ones.
    Compiles { groups: usize, names: Vec<String> },
    /// It does not compile: PCRE's message.
    Refused(String),
    /// It uses a feature that certcheck does not know.
    Unsure,
}

/// How deep groups may nest (`PARENS_NEST_LIMIT`).
const DEEPEST: usize = 250;

/// The longest name of a group (`MAX_NAME_SIZE`).
const LONGEST_NAME: usize = 32;

/// The largest number of a `{…}` (`MAX_REPEAT_COUNT`).
const MOST_REPEATS: u32 = 65_535;

/// From this many repeats, the compiled pattern could be too large.
const MANY_REPEATS: u32 = 1_000;

/// The names of POSIX classes.
const POSIX: &[&str] = &[
    "alpha", "lower", "upper", "alnum", "ascii", "blank", "cntrl", "digit", "graph", "print",
    "punct", "space", "word", "xdigit",
];

/// Why reading ends before the pattern does.
enum Stop {
    Refused(&'static str),
    Unsure,
}

type Read<T> = Result<T, Stop>;

/// How PCRE reads `pattern`.
pub(super) fn compile(pattern: &str) -> Answer {
    let mut reader = Reader {
        text: pattern.chars().collect(),
        ..Reader::default()
    };
    match reader.all() {
        Ok(()) => Answer::Compiles {
            groups: reader.groups,
            names: reader.names,
        },
        Err(Stop::Refused(why)) => Answer::Refused(why.to_owned()),
        Err(Stop::Unsure) => Answer::Unsure,
    }
}

#[derive(Default)]
struct Reader {
    text: Vec<char>,
    at: usize,
    /// For each open group, whether it looks behind.
    open: Vec<bool>,
    groups: usize,
    names: Vec<String>,
    /// The highest `\1` … `\9`.
    reference: usize,
    /// Names that are referred to.
    referred: Vec<String>,
    /// Whether a quantifier may follow.
    repeatable: bool,
}

const NOT_REPEATABLE: Stop = Stop::Refused("quantifier does not follow a repeatable item");

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        Some(c)
    }

    /// Consumes `words` if they come next.
    fn takes(&mut self, words: &str) -> bool {
        let fits = words
            .chars()
            .enumerate()
            .all(|(n, c)| self.peek(n) == Some(c));
        if fits {
            self.at += words.chars().count();
        }
        fits
    }

    fn all(&mut self) -> Read<()> {
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    if self.open.pop().is_none() {
                        return Err(Stop::Refused("unmatched closing parenthesis"));
                    }
                    self.repeatable = true;
                }
                '*' | '+' | '?' => self.quantifier()?,
                '{' => self.braces()?,
                // PCRE would repeat `^` and `$` in some versions and refuse it in others; a real
                // name has no `^*`.
                '|' | '^' | '$' => self.repeatable = false,
                _ => self.repeatable = true,
            }
        }
        if !self.open.is_empty() {
            return Err(Stop::Refused("missing closing parenthesis"));
        }
        let unknown = self
            .referred
            .iter()
            .any(|referred| !self.names.contains(referred));
        // Only known at the end: a reference may be to a group that follows it.
        if unknown || self.reference > self.groups {
            return Err(Stop::Refused("reference to non-existent subpattern"));
        }
        Ok(())
    }

    fn quantifier(&mut self) -> Read<()> {
        if !self.repeatable {
            return Err(NOT_REPEATABLE);
        }
        // A lookbehind must have a fixed length.
        if self.open.contains(&true) {
            return Err(Stop::Unsure);
        }
        // Possessive and lazy quantifiers: neither changes whether the pattern compiles.
        if matches!(self.peek(0), Some('+' | '?')) {
            self.at += 1;
        }
        self.repeatable = false;
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}`; anything else is literal.
    fn braces(&mut self) -> Read<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let inner: String = rest.iter().take_while(|&&c| c != '}').take(32).collect();
        let closed = rest.get(inner.chars().count()) == Some(&'}');
        let (low, high) = match inner.split_once(',') {
            Some((low, high)) => (low, Some(high)),
            None => (inner.as_str(), None),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits(low) && !low.is_empty() && high.is_none_or(digits);
        if !closed || !plain {
            // PCRE2 10.43 accepts blanks, and `{,3}`.
            let newer = inner
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
            if closed && newer && !inner.is_empty() {
                return Err(Stop::Unsure);
            }
            self.repeatable = true;
            return Ok(());
        }
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let least = number(low);
        let most = high.filter(|high| !high.is_empty()).map(number);
        if least > MOST_REPEATS || most.is_some_and(|most| most > MOST_REPEATS) {
            return Err(Stop::Refused("number too big in {} quantifier"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(Stop::Refused("numbers out of order in {} quantifier"));
        }
        // The compiled pattern has a copy for each repeat, and nested ones multiply: whether it
        // fits into PCRE's 64 KiB is not computed here.
        if least.max(most.unwrap_or(0)) > MANY_REPEATS {
            return Err(Stop::Unsure);
        }
        self.at += inner.chars().count() + 1;
        self.quantifier()
    }

    fn escape(&mut self) -> Read<()> {
        let Some(c) = self.next() else {
            return Err(Stop::Refused("\\ at end of pattern"));
        };
        match c {
            'Q' => return self.quoted(),
            // The end of a quotation that never began.
            'E' => return Ok(()),
            'A' | 'B' | 'G' | 'Z' | 'b' | 'z' => {
                self.repeatable = false;
                return Ok(());
            }
            '1'..='9' => {
                if self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                    return Err(Stop::Unsure);
                }
                let number = c.to_digit(10).unwrap_or(0) as usize;
                self.reference = self.reference.max(number);
            }
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'h' | 'H' | 'v' | 'V' => {}
            'k' => self.reference()?,
            _ => {
                let _ = self.character(c)?;
            }
        }
        self.repeatable = true;
        Ok(())
    }

    /// A character written with a backslash, inside or outside a class.
    fn character(&mut self, c: char) -> Read<char> {
        Ok(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            'x' => {
                let digits: Option<u32> = (|| {
                    let high = self.peek(0)?.to_digit(16)?;
                    Some(high * 16 + self.peek(1)?.to_digit(16)?)
                })();
                let Some(code) = digits else {
                    return Err(Stop::Unsure);
                };
                self.at += 2;
                char::from_u32(code).unwrap_or_default()
            }
            'c' if self.at == self.text.len() => {
                return Err(Stop::Refused("\\c at end of pattern"));
            }
            'l' | 'L' | 'u' | 'U' => {
                return Err(Stop::Refused(
                    "PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u",
                ));
            }
            'i' | 'j' | 'm' | 'q' | 'y' | 'I' | 'J' | 'M' | 'O' | 'T' | 'Y' => {
                return Err(Stop::Refused("unrecognized character follows \\"));
            }
            _ if c.is_ascii_alphanumeric() => return Err(Stop::Unsure),
            _ => c,
        })
    }

    /// `\Q…\E`: everything is literal.
    fn quoted(&mut self) -> Read<()> {
        while self.at < self.text.len() {
            if self.takes("\\E") {
                break;
            }
            self.at += 1;
            self.repeatable = true;
        }
        Ok(())
    }

    /// `\k<name>`, `\k'name'`, `\k{name}`.
    fn reference(&mut self) -> Read<()> {
        let end = match self.next() {
            Some('<') => '>',
            Some('\'') => '\'',
            Some('{') => '}',
            _ => {
                return Err(Stop::Refused(
                    "\\k is not followed by a braced, angle-bracketed, or quoted name",
                ));
            }
        };
        let name = self.name(end)?;
        self.referred.push(name);
        Ok(())
    }

    fn name(&mut self, end: char) -> Read<String> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some(c) if c == end => break,
                Some(c) if c.is_ascii_digit() && name.is_empty() => {
                    return Err(Stop::Refused("subpattern name must start with a non-digit"));
                }
                Some(c) if c.is_ascii_alphanumeric() || c == '_' => name.push(c),
                Some(c) if !c.is_ascii() => return Err(Stop::Unsure),
                _ => {
                    return Err(Stop::Refused(
                        "syntax error in subpattern name (missing terminator?)",
                    ));
                }
            }
        }
        if name.is_empty() {
            return Err(Stop::Refused("subpattern name expected"));
        }
        if name.len() > LONGEST_NAME {
            return Err(Stop::Refused(
                "subpattern name is too long (maximum 32 code units)",
            ));
        }
        Ok(name)
    }

    fn group(&mut self) -> Read<()> {
        self.repeatable = false;
        if self.peek(0) == Some('*') {
            return Err(Stop::Unsure);
        }
        let mut behind = false;
        if self.takes("?#") {
            loop {
                match self.next() {
                    Some(')') => return Ok(()),
                    Some(_) => {}
                    None => return Err(Stop::Refused("missing ) after (?# comment")),
                }
            }
        } else if self.takes("?<=") || self.takes("?<!") {
            behind = true;
        } else if self.takes("?P<") || self.takes("?<") {
            self.named('>')?;
        } else if self.takes("?'") {
            self.named('\'')?;
        } else if self.takes("?P=") {
            let name = self.name(')')?;
            self.referred.push(name);
            self.repeatable = true;
            return Ok(());
        } else if self.takes("?:") || self.takes("?>") || self.takes("?=") || self.takes("?!") {
        } else if self.takes("?") {
            if !self.flags()? {
                return Ok(());
            }
        } else {
            self.groups += 1;
        }
        if self.open.contains(&true) {
            return Err(Stop::Unsure);
        }
        self.open.push(behind);
        if self.open.len() > DEEPEST {
            return Err(Stop::Refused("parentheses are too deeply nested"));
        }
        Ok(())
    }

    fn named(&mut self, end: char) -> Read<()> {
        let name = self.name(end)?;
        if self.names.contains(&name) {
            return Err(Stop::Refused(
                "two named subpatterns have the same name (PCRE2_DUPNAMES not set)",
            ));
        }
        self.names.push(name);
        self.groups += 1;
        Ok(())
    }

    /// `(?i)` and `(?i:`; whether a group begins.
    fn flags(&mut self) -> Read<bool> {
        loop {
            match self.next() {
                Some('i' | 'm' | 's' | '-') => {}
                Some(':') => return Ok(true),
                Some(')') => return Ok(false),
                Some('z' | 'Z' | 'q' | 'e' | '*' | '.') => {
                    return Err(Stop::Refused("unrecognized character after (? or (?-"));
                }
                _ => return Err(Stop::Unsure),
            }
        }
    }
}

mod class;

#[cfg(test)]
mod tests;
