//! From an error text that somebody has seen to the codes that it may come from.
//!
//! Both texts are taken as words, so that line noise does not count: letters and
//! digits in lower case, everything else a gap. A quoted text that stands in the
//! given one is the best sign; then a given text that stands in a quoted one;
//! then, line by line, most of a quoted text's words.

mod words;

use super::page::{Likelihood, Page, Symptom};
use crate::finding::CodeInfo;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;
use words::{Boundary, Word, Words, normalized, share_of, stand_in};

/// A code that a text may come from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Match {
    /// The code's row.
    pub info: &'static CodeInfo,
    /// What is to be said of it.
    pub page: Page,
    /// The quoted text that fits best.
    pub symptom: Symptom,
    /// How well, in hundredths: 100 where the one text stands in the other.
    pub score: u32,
}

/// Why no code is named for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unclear {
    /// Nothing, or less than a word.
    TooShort,
    /// It stands in too many texts to mean anything: `certificate`, `failed`.
    TooGeneral,
    /// It is like nothing that is known.
    Unknown,
}

impl Unclear {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooGeneral => "too-general",
            Self::Unknown => "unknown",
        }
    }
}

/// The most codes that are given.
const MOST: usize = 12;

/// The least share of a quoted text's words, by number and weighted by how rare
/// they are, that must stand in a line of the given one.
const LEAST: f64 = 0.8;

/// The fewest words of a sentence, which may be quoted with other words in it. Of
/// less, three log lines would have most by accident.
const SENTENCE: usize = 4;

/// The most of a pasted text that is looked at: more than any log line.
pub const MOST_BYTES: usize = 16 << 10;

/// The fewest letters and digits of a text that means something: `PKIX`.
const FEWEST_LETTERS: usize = 4;

/// A word that stands in more than this many quoted texts says nothing by itself.
const COMMON: usize = 24;

/// A single word that would lead to more codes than this leads nowhere.
const MOST_OF_A_WORD: usize = 6;

/// The codes whose symptoms are like `text`, the likeliest first.
///
/// # Errors
/// Why there are none.
pub fn matches(text: &str) -> Result<Vec<Match>, Unclear> {
    let end = text.floor_char_boundary_at(MOST_BYTES);
    let text = text.get(..end).unwrap_or_default();
    let normal = normalized(text);
    if normal.chars().filter(|c| *c != ' ').count() < FEWEST_LETTERS {
        return Err(Unclear::TooShort);
    }
    let known = Known::get();
    let given: Vec<Word> = known.words.of(&normal).collect();
    let whole = known.best(|symptom, quoted| known.contained(&given, symptom, quoted));
    if !whole.is_empty() {
        let single = given.len() == 1 && whole.iter().all(|(rank, _)| !rank.quoted_stands);
        if single && whole.len() > MOST_OF_A_WORD {
            return Err(Unclear::TooGeneral);
        }
        return Ok(first(whole));
    }
    let lines = text.lines().map(normalized);
    let lines: Vec<BTreeSet<Word>> = lines.map(|it| known.words.of(&it).collect()).collect();
    let similar = known.best(|symptom, quoted| known.similar(&lines, symptom, quoted));
    if similar.is_empty() {
        let general = given.iter().all(|&word| known.count(word) > COMMON);
        return Err(if general {
            Unclear::TooGeneral
        } else {
            Unclear::Unknown
        });
    }
    Ok(first(similar))
}

/// How likely, in this order: the quoted text stands in the given one; it is
/// typical of the code; how much of it there is, in words or hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    quoted_stands: bool,
    likelihood: Likelihood,
    much: usize,
    score: u32,
}

fn first(mut found: Vec<(Rank, Match)>) -> Vec<Match> {
    // Stable: what is as likely stays in the order of the table.
    found.sort_by_key(|(rank, _)| Reverse(*rank));
    let found = found.into_iter().map(|(_, found)| found);
    found.take(MOST).collect()
}

/// The pages, their quoted texts as words, and in how many of them each word stands.
struct Known {
    pages: Vec<(&'static CodeInfo, Page, Vec<Quoted>)>,
    words: Words,
    /// In how many different texts a word stands, by its number.
    texts: Vec<usize>,
}

/// A quoted text as words.
struct Quoted {
    /// What stands between the gaps.
    parts: Vec<Vec<Word>>,
    /// Each word once, in the order of their numbers.
    words: Vec<Word>,
    /// Whether it is a sentence, and not a name such as `KEY_VALUES_MISMATCH`.
    sentence: bool,
}

impl Quoted {
    fn new(symptom: &Symptom, known: &mut Words) -> Self {
        let parts = symptom.parts().map(|part| known.learn(part));
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
    /// Made once: the pages do not change.
    fn get() -> &'static Self {
        static KNOWN: OnceLock<Known> = OnceLock::new();
        KNOWN.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut words = Words::default();
        let pages: Vec<(&CodeInfo, Page, Vec<Quoted>)> = Page::all()
            .map(|(info, page)| {
                let quoted = page.seen.iter().map(|it| Quoted::new(it, &mut words));
                let quoted = quoted.collect();
                (info, page, quoted)
            })
            .collect();
        let quoted = pages.iter().flat_map(|(_, _, quoted)| quoted);
        let different: HashSet<&[Word]> = quoted.map(|it| it.words.as_slice()).collect();
        let mut texts = vec![0; words.len()];
        for word in different.into_iter().flatten() {
            if let Some(texts) = texts.get_mut(word.number()) {
                *texts += 1;
            }
        }
        Self {
            pages,
            words,
            texts,
        }
    }

    fn count(&self, word: Word) -> usize {
        self.texts.get(word.number()).copied().unwrap_or(0)
    }

    /// The best symptom of each code that has one.
    fn best(&self, rank: impl Fn(&Symptom, &Quoted) -> Option<Rank>) -> Vec<(Rank, Match)> {
        let best = |(info, page, quoted): &(&'static CodeInfo, Page, Vec<Quoted>)| {
            let symptoms = page.seen.iter().zip(quoted);
            let ranked = symptoms.filter_map(|(it, quoted)| Some((rank(it, quoted)?, it)));
            let (rank, symptom) = ranked.max_by_key(|(rank, _)| *rank)?;
            let found = Match {
                info,
                page: page.clone(),
                symptom: symptom.clone(),
                score: rank.score,
            };
            Some((rank, found))
        };
        self.pages.iter().filter_map(best).collect()
    }

    /// The one text stands in the other, from word to word.
    fn contained(&self, given: &[Word], symptom: &Symptom, quoted: &Quoted) -> Option<Rank> {
        let quoted_stands = stand_in(given, &quoted.parts);
        let given_stands = || {
            let says_something = given.iter().any(|&word| self.count(word) <= COMMON);
            let inside = |part: &Vec<Word>| part.windows(given.len()).any(|it| it == given);
            says_something && quoted.parts.iter().any(inside)
        };
        if !quoted_stands && !given_stands() {
            return None;
        }
        let words: usize = quoted.parts.iter().map(Vec::len).sum();
        Some(Rank {
            quoted_stands,
            likelihood: symptom.likelihood,
            // A longer quotation says more; of those that say more than the given
            // text, the one that says least besides it is nearest.
            much: if quoted_stands {
                words
            } else {
                usize::MAX - words
            },
            score: 100,
        })
    }

    /// Most words of the quoted text stand in one line of the given one.
    fn similar(
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
            let shared = || quoted.words.iter().filter(|it| line.contains(*it));
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

#[cfg(test)]
mod tests {
    use super::{Unclear, matches};
    use crate::finding::Code;
    use std::collections::BTreeSet;

    /// What an administrator pastes, and the code that must come first; `-` where
    /// none may be named.
    const TABLE: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/explain/symptoms.tsv"
    ));

    /// A log's noise around a text.
    const NOISE: [(&str, &str); 3] = [
        ("", ""),
        (
            "Nov 22 10:31:07 web1 app[4711]: [ssl:emerg] [pid 4711:tid 140] ",
            " (errno 0) at /srv/app/lib/connect.rb:211",
        ),
        (
            "2026-11-22T10:31:07.123Z ERROR c.e.Main - 192.0.2.7:51872 -> 443: \"",
            "\"\n\tat com.example.Main.run(Main.java:42)\n",
        ),
    ];

    #[test]
    fn pasted_texts_lead_to_their_codes() {
        let mut wrong = Vec::new();
        let (mut leading, mut unrelated, mut codes) = (0, 0, BTreeSet::new());
        for row in TABLE.lines().skip(1) {
            let (expected, text) = row.split_once('\t').unwrap();
            let text = text.replace("\\n", "\n").replace("\\t", "\t");
            for (before, behind) in NOISE {
                let found = matches(&format!("{before}{text}{behind}")).unwrap_or_default();
                let names: Vec<_> = found.iter().map(|found| found.info.code).collect();
                let first = names.first().copied().unwrap_or("-");
                if first != expected {
                    wrong.push(format!("{before}{text}\n   {expected}, not {names:?}"));
                }
            }
            if expected == "-" {
                unrelated += 1;
            } else {
                leading += 1;
                codes.insert(Code::parse(expected).unwrap().as_str());
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        println!(
            "{leading} texts of {} codes, {unrelated} of none",
            codes.len()
        );
        assert!(leading >= 150 && codes.len() >= 40 && unrelated >= 25);
    }

    #[test]
    fn nothing_is_made_up() {
        for text in ["", "   ", "a", "\u{0}", "é", "no", "key", "?!", "1 2 3"] {
            assert_eq!(
                matches(text).map(|_| ()),
                Err(Unclear::TooShort),
                "{text:?}"
            );
        }
        for text in [
            "certificate",
            "the certificate",
            "error",
            "failed",
            "SSL error",
        ] {
            assert_eq!(
                matches(text).map(|_| ()),
                Err(Unclear::TooGeneral),
                "{text:?}"
            );
        }
        for text in ["hello world", "connection refused", "lorem ipsum dolor"] {
            assert_eq!(matches(text).map(|_| ()), Err(Unclear::Unknown), "{text:?}");
        }
    }

    #[test]
    fn the_pages_are_split_once_for_all_codes() {
        let before = super::super::page::SPLIT.get();
        let known = super::Known::new();
        assert!(known.pages.len() > 80);
        assert_eq!(super::super::page::SPLIT.get() - before, 1);
        for (info, page, _) in &known.pages {
            assert_eq!(
                super::Page::of(Code::parse(info.code).unwrap()).as_ref(),
                Some(page)
            );
        }
    }

    #[test]
    fn a_long_text_is_no_burden() {
        let begun = std::time::Instant::now();
        let long = "unable to get ".repeat(100_000);
        assert!(matches(&long).map_or(0, |found| found.len()) <= super::MOST);
        // Some tens of milliseconds without optimisation.
        assert!(begun.elapsed().as_secs() < 20);
    }

    #[test]
    fn every_quoted_text_leads_to_its_own_code() {
        let (mut tried, mut elsewhere) = (0, Vec::new());
        for info in Code::all() {
            let page = super::Page::of(Code::parse(info.code).unwrap()).unwrap();
            for symptom in page.seen {
                tried += 1;
                let found = matches(symptom.text).unwrap_or_default();
                let own = |found: &super::Match| found.info.code == info.code;
                if !found.iter().any(own) {
                    elsewhere.push(format!("{}: {}", info.code, symptom.text));
                }
            }
        }
        assert!(tried >= 300, "{tried}");
        // Many codes may share a text, and twelve are named.
        assert!(elsewhere.len() <= tried / 20, "{elsewhere:#?}");
    }
}
