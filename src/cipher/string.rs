//! OpenSSL's cipher string, word by word.

use super::alias::{Selection, is_not_built, selection};
use super::level::SecurityLevel;
use super::list::{List, Operation};
use super::suite::Suite;
use super::suite_b::SuiteB;
use super::table::TLS12;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

/// What OpenSSL substitutes for `DEFAULT` (`OSSL_default_cipher_list`, 3.0).
const DEFAULT: &str = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

/// The most bytes of a string that are read. Each word costs one walk through 155 suites; OpenSSL's
/// own programs accept only shorter lines.
const MOST_BYTES: usize = 65_536;

/// What one word of a string did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Switched this many suites on.
    Added(usize),
    /// Switched this many suites off; a later word may switch them on again.
    Removed(usize),
    /// Removed this many suites permanently.
    Killed(usize),
    /// Moved this many suites to the end.
    Moved(usize),
    /// Sorted the suites that are on by the length of the key.
    Sorted,
    /// Set the security level.
    Level(SecurityLevel),
    /// `DEFAULT` in its only place, the beginning.
    Default(usize),
    /// `SUITEB…` at the beginning: it takes the place of the whole string.
    SuiteB(usize),
    /// A word that OpenSSL does not know, and silently skips.
    Unknown,
    /// The name of an algorithm that this OpenSSL is built without.
    NotBuilt,
    /// Words joined by `+` that exclude each other: silently skipped.
    Empty,
    /// OpenSSL refuses the whole string here.
    Refused,
    /// After a word that replaced all others.
    Ignored,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suites = |n: usize| if n == 1 { "suite" } else { "suites" };
        match *self {
            Self::Added(0) => write!(
                f,
                "adds nothing: no suite matches, or the list already has them all"
            ),
            Self::Added(n) => write!(f, "adds {n} {}", suites(n)),
            Self::Removed(n) => write!(f, "removes {n} {}", suites(n)),
            Self::Killed(n) => write!(f, "removes {n} {} for good", suites(n)),
            Self::Moved(n) => write!(f, "moves {n} {} to the end", suites(n)),
            Self::Sorted => write!(f, "sorts by key length"),
            Self::Level(level) => write!(f, "sets security level {level}"),
            Self::Default(n) => write!(f, "OpenSSL's default: {n} {}", suites(n)),
            Self::SuiteB(n) => write!(f, "replaces the whole string: {n} {}", suites(n)),
            Self::Unknown => write!(f, "unknown: OpenSSL ignores it"),
            Self::NotBuilt => write!(f, "this OpenSSL has no such suite"),
            Self::Empty => write!(
                f,
                "no suite matches all of these words: OpenSSL ignores them"
            ),
            Self::Refused => write!(f, "OpenSSL refuses the string here"),
            Self::Ignored => write!(f, "ignored"),
        }
    }
}

/// One word of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// Where it is: bytes of the string, with its sign.
    pub span: Range<usize>,
    /// The word as it is written, with its sign.
    pub text: String,
    /// What it did.
    pub effect: Effect,
}

/// Why OpenSSL refuses a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No suite is left: `no cipher match`.
    NoCipherMatch,
    /// A sign or an `@` command that it does not know: `invalid command`.
    InvalidCommand,
    /// A first word of `SSLCipherSuite` other than `SSL` and `TLSv1.3`.
    UnknownProtocol,
    /// Longer than the limit of this reader.
    TooLong,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCipherMatch => "no cipher match",
            Self::InvalidCommand => "invalid command",
            Self::UnknownProtocol => {
                "protocol not supported: the first of two words is SSL or TLSv1.3"
            }
            Self::TooLong => "longer than certcheck reads",
        })
    }
}

/// How OpenSSL reads a cipher string.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CipherList {
    /// Why the string is refused; `None` if OpenSSL accepts it.
    pub refused: Option<Refusal>,
    /// The suites for TLS 1.2 and older, in order of preference, before any
    /// security level; empty if the string is refused.
    pub suites: Vec<&'static Suite>,
    /// The security level that the string sets (`@SECLEVEL=n`).
    pub level: Option<SecurityLevel>,
    /// Suite B, if the string begins with it: it limits keys, curves and signatures too.
    pub suite_b: Option<SuiteB>,
    /// Each word and what it did.
    pub words: Vec<Word>,
}

impl CipherList {
    /// How OpenSSL 3.0 reads a string, as `SSL_CTX_set_cipher_list` does.
    ///
    /// TLS 1.3 has its own suites, which no word affects: see
    /// [`tls13`](super::tls13).
    ///
    /// ```
    /// use certcheck::cipher::CipherList;
    /// let list = CipherList::openssl("ECDHE+AESGCM:!aRSA");
    /// let names: Vec<_> = list.suites.iter().map(|suite| suite.openssl).collect();
    /// assert_eq!(names, ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"]);
    /// assert!(CipherList::openssl("RC4").refused.is_some());
    /// ```
    pub fn openssl(string: &str) -> Self {
        // The list starts with every suite switched off, and each word edits it in place. The order
        // of the words therefore matters twice: for which suites are on, and for which the server
        // prefers. A C string ends at its first NUL.
        let string = string.split('\0').next().unwrap_or_default();
        let mut reading = Reading {
            list: START.clone(),
            words: Vec::new(),
            level: None,
            suite_b: None,
        };
        let result = if string.len() > MOST_BYTES {
            Err(Refusal::TooLong)
        } else {
            reading.whole(string)
        };
        let suites: Vec<_> = reading.list.suites().collect();
        let refused = match result {
            Err(refusal) => Some(refusal),
            Ok(()) if suites.is_empty() => Some(Refusal::NoCipherMatch),
            Ok(()) => None,
        };
        Self {
            suites: if refused.is_none() {
                suites
            } else {
                Vec::new()
            },
            level: reading.level.filter(|_| refused.is_none()),
            suite_b: reading.suite_b.filter(|_| refused.is_none()),
            words: reading.words,
            refused,
        }
    }
}

/// The list with everything off, in OpenSSL's order.
static START: LazyLock<List> = LazyLock::new(|| List::new(&TLS12));

struct Reading {
    list: List,
    words: Vec<Word>,
    level: Option<SecurityLevel>,
    suite_b: Option<SuiteB>,
}

impl Reading {
    fn whole(&mut self, string: &str) -> Result<(), Refusal> {
        // Suite B comes before everything else, as `check_suiteb_cipher_list` is the first step of
        // `ssl_create_cipher_list`.
        if let Some((mode, word, suites)) = SuiteB::of(string) {
            self.suite_b = Some(mode);
            let before = self.words.len();
            self.run(suites, 0)?;
            self.words.truncate(before);
            let on = self.list.suites().count();
            self.say(string, 0..word, Effect::SuiteB(on));
            if word < string.len() {
                self.say(string, word..string.len(), Effect::Ignored);
            }
            return Ok(());
        }
        let mut from = 0;
        // By the first seven letters alone: `DEFAULTX` is `DEFAULT` and `X`.
        if string.starts_with("DEFAULT") {
            self.run(DEFAULT, 0)?;
            self.words.clear();
            let on = self.list.suites().count();
            from = "DEFAULT".len();
            self.say(string, 0..from, Effect::Default(on));
        }
        self.run(string, from)
    }

    /// The words of a text from a given place on (`ssl_cipher_process_rulestr`).
    fn run(&mut self, string: &str, from: usize) -> Result<(), Refusal> {
        let bytes = string.as_bytes();
        let at = |place: usize| bytes.get(place).copied().unwrap_or(0);
        let mut place = from;
        while place < bytes.len() {
            let start = place;
            let sign = at(place);
            if is_separator(sign) {
                place += 1;
                continue;
            }
            // Without a sign, the suites are added at the end; those that are already on stay where
            // they are.
            if matches!(sign, b'-' | b'+' | b'!' | b'@') {
                place += 1;
            }
            let mut meant = Some(Selection::default());
            let mut known = true;
            let mut built = true;
            let first = place;
            loop {
                let begin = place;
                while is_letter(at(place)) {
                    place += 1;
                }
                if place == begin {
                    self.say(string, start..(place + 1).min(bytes.len()), Effect::Refused);
                    return Err(Refusal::InvalidCommand);
                }
                // A command is one word: `+` has no meaning after it.
                if sign == b'@' {
                    break;
                }
                let joined = at(place) == b'+';
                let word = string.get(begin..place).unwrap_or_default();
                // An unknown word makes the whole entry void, not only its own part of a `+`.
                // OpenSSL does not report it.
                let Some(found) = selection(word, &TLS12) else {
                    known = false;
                    built = !is_not_built(word);
                    break;
                };
                meant = meant.and_then(|meant| meant.and(found));
                // An intersection that is already empty (`aRSA+aECDSA`) ends the word, as in
                // OpenSSL, which then skips to the next separator.
                if meant.is_none() || !joined {
                    break;
                }
                place += 1;
            }
            let word = string.get(first..place).unwrap_or_default();
            let effect = if sign == b'@' {
                let Some(effect) = self.command(word) else {
                    self.say(string, start..place, Effect::Refused);
                    return Err(Refusal::InvalidCommand);
                };
                effect
            } else if let Some(meant) = meant.filter(|_| known) {
                let effect = self.apply(sign, &meant);
                if is_not_built(word) {
                    Effect::NotBuilt
                } else {
                    effect
                }
            } else if known {
                Effect::Empty
            } else if built {
                Effect::Unknown
            } else {
                Effect::NotBuilt
            };
            // What follows a command or a word that is skipped belongs to it.
            if sign == b'@' || !known || effect == Effect::Empty {
                while place < bytes.len() && !is_separator(at(place)) {
                    place += 1;
                }
            }
            self.say(string, start..place, effect);
        }
        Ok(())
    }

    fn apply(&mut self, sign: u8, meant: &Selection) -> Effect {
        match sign {
            b'-' => Effect::Removed(self.list.apply(Operation::Remove, meant)),
            b'+' => Effect::Moved(self.list.apply(Operation::MoveToEnd, meant)),
            b'!' => Effect::Killed(self.list.apply(Operation::Kill, meant)),
            _ => Effect::Added(self.list.apply(Operation::Add, meant)),
        }
    }

    /// `@STRENGTH` and `@SECLEVEL=n`, with one digit from 0 to 5.
    fn command(&mut self, word: &str) -> Option<Effect> {
        if word == "STRENGTH" {
            self.list.sort_by_strength();
            return Some(Effect::Sorted);
        }
        // OpenSSL compares the length before it reads the digit: `@SECLEVEL=02` and `@SECLEVEL=10`
        // are invalid commands.
        let number = word
            .strip_prefix("SECLEVEL=")
            .filter(|number| number.len() == 1)?;
        let level = SecurityLevel::new(number.parse().ok()?)?;
        self.level = Some(level);
        Some(Effect::Level(level))
    }

    fn say(&mut self, string: &str, span: Range<usize>, effect: Effect) {
        // OpenSSL works on bytes and may stop within a character. A displayed span must not.
        let end = (span.end..=string.len()).find(|end| string.is_char_boundary(*end));
        let span = span.start..end.unwrap_or(string.len());
        self.words.push(Word {
            text: string.get(span.clone()).unwrap_or_default().to_owned(),
            span,
            effect,
        });
    }
}

/// What may be between two words (ssl_ciph.c, `ITEM_SEP`).
const fn is_separator(byte: u8) -> bool {
    matches!(byte, b':' | b' ' | b';' | b',')
}

/// What a word is made of. OpenSSL 3.0 has no `_` here, so IANA's names are
/// unknown words; 3.2 has it.
const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'=')
}
