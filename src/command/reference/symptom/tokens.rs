//! Texts as words, and one text in another.
//!
//! Every word of the quoted texts has a number: comparing numbers is fast, and a word that occurs
//! in a hundred texts is stored once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// How many words may be where a quoted text has `…`: a path, a name, the
/// noise between two lines of a log.
const GAP: usize = 40;

pub(super) fn share_of(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// Whether the parts are in `given` one after the other, no further apart than [`GAP`] words.
pub(super) fn stand_in(given: &[Word], parts: &[Vec<Word>]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    given
        .windows(first.len())
        .enumerate()
        .filter(|(_, window)| window == first)
        .any(|(at, _)| follow(given, at + first.len(), rest))
}

pub(super) fn follow(given: &[Word], from: usize, parts: &[Vec<Word>]) -> bool {
    let mut from = from;
    parts.iter().all(|part| {
        let behind = given.get(from..).unwrap_or_default();
        let found = behind
            .windows(part.len())
            .take(GAP)
            .position(|window| window == part);
        match found {
            Some(at) => {
                from += at + part.len();
                true
            }
            None => false,
        }
    })
}

/// A word, as its number among the words of the quoted texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Word(usize);

impl Word {
    /// A word in no quoted text; it equals none that is in one.
    const UNKNOWN: Self = Self(usize::MAX);

    pub(super) fn number(self) -> usize {
        self.0
    }
}

/// The words of the quoted texts.
#[derive(Default)]
pub(super) struct Words {
    known: Numbers,
}

/// The words by their texts.
type Numbers = HashMap<Cow<'static, str>, Word, BuildHasherDefault<Fnv>>;

impl Words {
    /// The words of a quoted text, each with a number from now on.
    pub(super) fn learn(&mut self, text: &'static str) -> Vec<Word> {
        // Most words are already in the compared form and need no copy.
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let mut words = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if word.is_empty() {
                continue;
            }
            let word = if word.chars().all(plain) {
                Cow::Borrowed(word)
            } else {
                Cow::Owned(normalized(word))
            };
            let next = Word(self.known.len());
            words.push(*self.known.entry(word).or_insert(next));
        }
        words
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

/// FNV-1a: for our own short words, which no one chooses to collide, it takes a fifth of the
/// standard hash's time.
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Words in addition to the permanent ones.
pub(super) struct MoreWords<'a> {
    known: &'a Words,
    more: Numbers,
}

impl<'a> MoreWords<'a> {
    pub(super) fn than(known: &'a Words) -> Self {
        Self {
            known,
            more: Numbers::default(),
        }
    }

    /// The words of a quoted text, each with a number from now on.
    pub(super) fn learn(&mut self, text: &str) -> Vec<Word> {
        let normal = normalized(text);
        let words = normal.split(' ').filter(|word| !word.is_empty());
        let numbered = words.map(|word| match self.word(word) {
            Some(word) => word,
            None => {
                let number = Word(self.known.len() + self.more.len());
                self.more.insert(Cow::Owned(word.to_owned()), number);
                number
            }
        });
        numbered.collect()
    }

    /// The words of a text that is [`normalized`].
    pub(super) fn of(&self, normal: &str) -> impl Iterator<Item = Word> {
        let words = normal.split(' ');
        words.map(|word| self.word(word).unwrap_or(Word::UNKNOWN))
    }

    fn word(&self, word: &str) -> Option<Word> {
        let known = self.known.known.get(word);
        known.or_else(|| self.more.get(word)).copied()
    }
}

/// Whether `line` is `template` with something in place of each `…`. From the left, each part is
/// matched at its first occurrence, the last one at the end: with one kind of gap this misses no
/// match and costs one search.
pub(super) fn is_made_of(line: &str, template: &str) -> bool {
    let mut parts = template.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    false
}

/// Letters and digits in lower case, everything else as a blank; `_` too, so that
/// `KEY_VALUES_MISMATCH` is `key values mismatch`.
pub(super) fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The character boundary at or before an offset.
pub(super) trait Boundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        let at = at.min(self.len());
        (0..=at)
            .rev()
            .find(|&at| self.is_char_boundary(at))
            .unwrap_or(0)
    }
}
