//! The quoted texts as words, and how like a given text is to each.

use super::super::page::{Likelihood, Page, Symptom};
use super::super::texts::{self, Cause, Elsewhere};
use super::meaning;
use super::tokens::{Fnv, MoreWords, Word, Words, is_made_of, share_of, stand_in};
use super::{Found, Match, Named, Rank};
use crate::finding::Code;
use crate::rule::CodeInfo;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hasher;
use std::sync::OnceLock;

/// The least share of a quoted text's words, by number and weighted by how rare they are, that must
/// be in a line of the given one.
const LEAST: f64 = 0.8;

/// The fewest words of a sentence, which may be quoted with other words in it. Three log lines
/// would contain most words of a shorter one by accident.
const SENTENCE: usize = 4;

/// The pages, their quoted texts as words, and in how many of them each word occurs.
pub(super) struct Known {
    pub(super) pages: Vec<(&'static CodeInfo, Page, Vec<Quoted>)>,
    elsewhere: Vec<Elsewhere>,
    pub(super) words: Words,
    /// How many different texts each word occurs in, by its number.
    texts: Vec<usize>,
}

/// The listed texts that a given text may be, by what they come from. Only the pages decide how
/// common a word is: the lists are mostly names.
pub(super) struct Listed(HashMap<Cause, Vec<(Symptom, Quoted)>>);

impl Listed {
    /// Most of two thousand texts share no word with a given one, so only those whose words may be
    /// in it, by their hashes, are split.
    pub(super) fn like(given: &str, spelt: &str, words: &mut MoreWords) -> Self {
        let hashes: HashSet<u64> = spelt.split(' ').map(|part| hash(part.bytes())).collect();
        let fewest = given.split(' ').collect::<HashSet<_>>().len();
        let mut like: HashMap<Cause, Vec<(Symptom, Quoted)>> = HashMap::new();
        for (cause, symptom) in texts::listed() {
            let (mut all, mut shared) = (0, 0);
            let between = |byte: &u8| !byte.is_ascii_alphanumeric();
            let parts = symptom.text.as_bytes().split(between);
            for word in parts.filter(|part| !part.is_empty()) {
                all += 1;
                let lower = word.iter().map(u8::to_ascii_lowercase);
                shared += usize::from(hashes.contains(&hash(lower)));
            }
            if share_of(shared, all) >= LEAST || shared >= fewest {
                let quoted = Quoted::new(&symptom, |part| words.learn(part));
                like.entry(cause).or_default().push((symptom, quoted));
            }
        }
        Self(like)
    }
}

/// A word's hash, byte by byte.
fn hash(word: impl Iterator<Item = u8>) -> u64 {
    let mut hash = Fnv::default();
    word.for_each(|byte| hash.write(&[byte]));
    hash.finish()
}

/// A quoted text as words.
pub(super) struct Quoted {
    /// What is between the gaps.
    parts: Vec<Vec<Word>>,
    /// Each word once, in the order of the numbers.
    words: Vec<Word>,
    /// Whether it is a sentence, and not a name such as `KEY_VALUES_MISMATCH`.
    sentence: bool,
}

impl Quoted {
    fn new(symptom: &Symptom, learn: impl FnMut(&'static str) -> Vec<Word>) -> Self {
        let parts = symptom.parts().map(learn);
        // `[…]` has no word.
        let parts: Vec<Vec<Word>> = parts.filter(|part| !part.is_empty()).collect();
        let mut words = parts.concat();
        words.sort_unstable();
        words.dedup();
        let written = symptom.text.split_whitespace().count();
        Self {
            sentence: words.len().min(written) >= SENTENCE,
            words,
            parts,
        }
    }
}

impl Known {
    /// Built once: the pages do not change.
    pub(super) fn get() -> &'static Self {
        static KNOWN: OnceLock<Known> = OnceLock::new();
        KNOWN.get_or_init(Self::new)
    }

    pub(super) fn new() -> Self {
        let mut words = Words::default();
        let pages: Vec<(&CodeInfo, Page, Vec<Quoted>)> = Page::all()
            .map(|(info, page)| {
                let quoted = page
                    .seen
                    .iter()
                    .map(|text| Quoted::new(text, |part| words.learn(part)));
                let quoted = quoted.collect();
                (info, page, quoted)
            })
            .collect();
        let quoted = pages.iter().flat_map(|(_, _, quoted)| quoted);
        let different: HashSet<&[Word]> = quoted.map(|text| text.words.as_slice()).collect();
        let mut texts = vec![0; words.len()];
        for word in different.into_iter().flatten() {
            if let Some(texts) = texts.get_mut(word.number()) {
                *texts += 1;
            }
        }
        Self {
            pages,
            elsewhere: texts::causes().collect(),
            words,
            texts,
        }
    }

    pub(super) fn count(&self, word: Word) -> usize {
        self.texts.get(word.number()).copied().unwrap_or(0)
    }

    /// Certcheck's own messages that are a whole line of the text.
    pub(super) fn own(&self, text: &str) -> Vec<(Rank, Found)> {
        let mut found: Vec<(Rank, Found)> = Vec::new();
        for (cause, symptom) in texts::own() {
            let mut lines = text.lines().map(str::trim);
            if !lines.any(|line| is_made_of(line, symptom.text)) {
                continue;
            }
            let rank = Rank {
                quoted_stands: true,
                likelihood: symptom.likelihood,
                // A longer message is a closer match.
                much: symptom.text.len(),
                score: 100,
            };
            found.extend(
                self.found(cause, &symptom, rank)
                    .map(|answer| (rank, answer)),
            );
        }
        // Each code once, with its longest text.
        found.sort_by_key(|(rank, _)| Reverse(*rank));
        let mut seen = HashSet::new();
        found.retain(|(_, it)| match it {
            Found::Code(it) => seen.insert(Cause::Code(it.info.code)),
            Found::Elsewhere(it) => seen.insert(Cause::Elsewhere(it.name)),
        });
        found
    }

    /// What the words mean, if no quoted text resembles them.
    pub(super) fn meant(&self, text: &str) -> Vec<(Rank, Found)> {
        let causes = meaning::causes(text).into_iter().enumerate();
        let found = causes.filter_map(|(place, cause)| {
            let rank = Rank {
                quoted_stands: true,
                likelihood: Likelihood::Sometimes,
                much: usize::MAX - place,
                score: MEANT,
            };
            Some((rank, self.found(cause, &BY_WORDS, rank)?))
        });
        found.collect()
    }

    /// The code or other cause, with the symptom that led to it.
    fn found(&self, cause: Cause, symptom: &Symptom, rank: Rank) -> Option<Found> {
        match cause {
            Cause::Code(code) => {
                let (info, page, _) = self.pages.iter().find(|(info, ..)| info.code == code)?;
                Some(Found::Code(Match {
                    info,
                    page: page.clone(),
                    symptom: symptom.clone(),
                    score: rank.score,
                }))
            }
            Cause::Elsewhere(name) => {
                let known = self.elsewhere.iter().find(|cause| cause.name == name)?;
                Some(Found::Elsewhere(Elsewhere {
                    text: symptom.text,
                    program: symptom.program,
                    ..known.clone()
                }))
            }
        }
    }

    /// The best symptom of each code, and of each other cause, that has one.
    pub(super) fn best(
        &self,
        listed: &Listed,
        rank: impl Fn(&Symptom, &Quoted) -> Option<Rank>,
        named: &Named,
    ) -> Vec<(Rank, Found)> {
        let family = |cause| {
            let texts = listed.0.get(&cause).into_iter().flatten();
            texts.map(|(symptom, quoted)| (symptom, quoted))
        };
        let ranked = |(symptom, quoted)| Some((rank(symptom, quoted)?, symptom));
        let codes = self.pages.iter().filter_map(|(info, page, quoted)| {
            let own = page.seen.iter().zip(quoted);
            let texts = own.chain(family(Cause::Code(info.code)));
            let best = texts.filter_map(ranked).max_by_key(|(rank, _)| *rank);
            let best = best.map(|(rank, symptom)| (rank, symptom.clone()));
            let by_name = named.0.contains(&info.code).then(|| by_name(info.code));
            let (rank, symptom) = by_name.or(best)?;
            let found = Match {
                info,
                page: page.clone(),
                symptom,
                score: rank.score,
            };
            Some((rank, Found::Code(found)))
        });
        let others = self.elsewhere.iter().filter_map(|cause| {
            let texts = family(Cause::Elsewhere(cause.name));
            let (rank, symptom) = texts.filter_map(ranked).max_by_key(|(rank, _)| *rank)?;
            let found = Elsewhere {
                text: symptom.text,
                program: symptom.program,
                ..cause.clone()
            };
            Some((rank, Found::Elsewhere(found)))
        });
        codes.chain(others).collect()
    }

    /// One text is in the other, word for word.
    pub(super) fn contained(
        &self,
        given: &[Word],
        with_numbers: &[Word],
        symptom: &Symptom,
        quoted: &Quoted,
    ) -> Option<Rank> {
        let quoted_stands = stand_in(with_numbers, &quoted.parts);
        let given_stands = || {
            let says_something = given.iter().any(|&word| self.count(word) <= super::COMMON);
            let inside = |part: &Vec<Word>| part.windows(given.len()).any(|window| window == given);
            says_something && quoted.parts.iter().any(inside)
        };
        if !quoted_stands && !given_stands() {
            return None;
        }
        let words: usize = quoted.parts.iter().map(Vec::len).sum();
        Some(Rank {
            quoted_stands,
            likelihood: symptom.likelihood,
            // A longer quotation says more; of those that are longer than the given text, the
            // shortest is nearest.
            much: if quoted_stands {
                words
            } else {
                usize::MAX - words
            },
            score: 100,
        })
    }

    /// Most words of the quoted text are in one line of the given one.
    pub(super) fn similar(
        &self,
        lines: &[BTreeSet<Word>],
        symptom: &Symptom,
        quoted: &Quoted,
    ) -> Option<Rank> {
        if !quoted.sentence {
            return None;
        }
        let weight = |word: &Word| {
            let count = u32::try_from(self.count(*word)).unwrap_or(u32::MAX);
            1.0 / f64::from(count.max(1))
        };
        let all: f64 = quoted.words.iter().map(weight).sum();
        let share = |line: &BTreeSet<Word>| {
            let shared = || quoted.words.iter().filter(|word| line.contains(*word));
            let by_number = share_of(shared().count(), quoted.words.len());
            let by_weight = shared().map(weight).sum::<f64>() / all.max(f64::MIN_POSITIVE);
            (by_number >= LEAST && by_weight >= LEAST).then_some(by_weight)
        };
        let best = lines.iter().filter_map(share).max_by(f64::total_cmp)?;
        let hundredths = (1..100).rev().find(|&n| best * 100.0 >= f64::from(n));
        let score = hundredths.unwrap_or(1);
        Some(Rank {
            quoted_stands: false,
            likelihood: symptom.likelihood,
            much: usize::try_from(score).unwrap_or(0),
            score,
        })
    }
}

/// The score of a text that has the words of a fault but resembles no quoted text.
const MEANT: u32 = 50;

/// Replaces the quoted text in that case.
const BY_WORDS: Symptom = Symptom {
    text: "the words of this text",
    program: "a program",
    source: "what the words mean",
    likelihood: Likelihood::Sometimes,
};

/// A code that is named in the text: nothing is likelier.
fn by_name(code: Code) -> (Rank, Symptom) {
    let rank = Rank {
        quoted_stands: true,
        likelihood: Likelihood::Typical,
        much: usize::MAX,
        score: 100,
    };
    let symptom = Symptom {
        text: code.as_str(),
        program: "certcheck",
        source: "the code itself",
        likelihood: Likelihood::Typical,
    };
    (rank, symptom)
}
