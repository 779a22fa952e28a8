//! Finds the codes that an error text may come from.
//!
//! Both texts are split into words, so that noise does not count: letters and digits in lower
//! case, everything else a gap. The best sign is a quoted text inside the given one; then the given
//! text inside a quoted one; then, line by line, most of a quoted text's words.

mod known;
mod meaning;
mod numbers;
mod tokens;

use super::page::{Likelihood, Page, Symptom};
#[cfg(test)]
use super::texts::Cause;
use super::texts::Elsewhere;
use crate::finding::Code;
use crate::rule::CodeInfo;
use known::{Known, Listed};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use tokens::{Boundary, MoreWords, Word, normalized};

/// A code that a text may come from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Match {
    /// The code's row in the table.
    pub info: &'static CodeInfo,
    /// What its page says.
    pub page: Page,
    /// The quoted text that fits best.
    pub symptom: Symptom,
    /// How well, in hundredths: 100 if one text is in the other.
    pub score: u32,
}

/// Why no code is named for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unclear {
    /// It is empty, or less than a word.
    TooShort,
    /// It is in too many texts to mean anything: `certificate`, `failed`.
    TooGeneral,
    /// No known text resembles it.
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

/// The most codes in an answer.
const MOST: usize = 12;

/// The most of a pasted text that is checked: more than any log line.
pub const MOST_BYTES: usize = 16 << 10;

/// A text with fewer letters and digits than `PKIX` means nothing.
const FEWEST_LETTERS: usize = 4;

/// A word that is in more than this many quoted texts says nothing by itself.
const COMMON: usize = 24;

/// A single word that would lead to more codes than this leads nowhere.
const MOST_OF_A_WORD: usize = 6;

/// Where a text leads.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Leads {
    /// The codes whose symptoms are like it, the likeliest first.
    pub matches: Vec<Match>,
    /// What it is, if it is less likely a certificate's fault than something else's.
    pub elsewhere: Option<Elsewhere>,
}

/// The codes whose symptoms are like `text`, the likeliest first.
///
/// # Errors
/// Why there are none.
pub fn matches(text: &str) -> Result<Vec<Match>, Unclear> {
    leads(text).map(|leads| leads.matches)
}

/// Where `text` leads: to codes, or to a cause that is not the fault of a certificate.
///
/// # Errors
/// Why it leads nowhere.
pub fn leads(text: &str) -> Result<Leads, Unclear> {
    let end = text.floor_char_boundary_at(MOST_BYTES);
    let text = text.get(..end).unwrap_or_default();
    let normal = normalized(text);
    if normal.chars().filter(|c| *c != ' ').count() < FEWEST_LETTERS {
        return Err(Unclear::TooShort);
    }
    let known = Known::get();
    let spelt = normalized(&numbers::spelt_out(text));
    let named = Named::in_text(text);
    let own = known.own(text);
    if !own.is_empty() && named.0.is_empty() {
        return Ok(first(own));
    }
    let mut words = MoreWords::than(&known.words);
    let listed = Listed::like(&normal, &spelt, &mut words);
    let given: Vec<Word> = words.of(&normal).collect();
    let with_numbers: Vec<Word> = words.of(&spelt).collect();
    let whole = known.best(
        &listed,
        |symptom, quoted| known.contained(&given, &with_numbers, symptom, quoted),
        &named,
    );
    if !whole.is_empty() {
        let single = given.len() == 1 && whole.iter().all(|(rank, _)| !rank.quoted_stands);
        if single && whole.len() > MOST_OF_A_WORD {
            return Err(Unclear::TooGeneral);
        }
        return Ok(first(whole));
    }
    let lines = text.lines().map(normalized);
    let lines: Vec<BTreeSet<Word>> = lines.map(|line| words.of(&line).collect()).collect();
    let similar = known.best(
        &listed,
        |symptom, quoted| known.similar(&lines, symptom, quoted),
        &named,
    );
    if similar.is_empty() {
        let meant = known.meant(text);
        if !meant.is_empty() {
            return Ok(first(meant));
        }
        let general = given.iter().all(|&word| known.count(word) > COMMON);
        return Err(if general {
            Unclear::TooGeneral
        } else {
            Unclear::Unknown
        });
    }
    Ok(first(similar))
}

/// The codes that a text names, as certcheck's own reports do.
struct Named(Vec<Code>);

impl Named {
    fn in_text(text: &str) -> Self {
        let codes = Code::ALL.iter().copied();
        let is_named = |code: &Code| {
            let code = code.as_str();
            text.match_indices(code).any(|(at, _)| {
                let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
                let before = text.get(..at).and_then(|text| text.chars().next_back());
                let behind = text
                    .get(at + code.len()..)
                    .and_then(|text| text.chars().next());
                !before.is_some_and(letter) && !behind.is_some_and(|c| letter(c) && c != '.')
            })
        };
        // No code has less than two letters on either side of its dot.
        let mut dots = text.match_indices('.');
        let any = dots.any(|(at, _)| {
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
            let bytes = text.as_bytes();
            letter(at.checked_sub(1).and_then(|at| bytes.get(at))) && letter(bytes.get(at + 1))
        });
        Self(if any {
            codes.filter(is_named).collect()
        } else {
            Vec::new()
        })
    }
}

/// How likely, by these in turn: the quoted text is in the given one; it is typical of the code;
/// how much of it matches, in words or hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    quoted_stands: bool,
    likelihood: Likelihood,
    much: usize,
    score: u32,
}

/// What a text leads to.
enum Found {
    Code(Match),
    Elsewhere(Elsewhere),
}

fn first(mut found: Vec<(Rank, Found)>) -> Leads {
    // A stable sort: equally likely ones stay in the order of the table, codes first.
    found.sort_by_key(|(rank, _)| Reverse(*rank));
    let elsewhere = match found.first() {
        Some((_, Found::Elsewhere(elsewhere))) => Some(elsewhere.clone()),
        _ => None,
    };
    // With another cause, only an actual quotation in the text counts.
    let counts = |rank: &Rank| elsewhere.is_none() || rank.quoted_stands;
    let codes = found.into_iter().filter_map(|(rank, found)| match found {
        Found::Code(found) if counts(&rank) => Some(found),
        _ => None,
    });
    Leads {
        matches: codes.take(MOST).collect(),
        elsewhere,
    }
}

/// The names of the causes that are not the fault of a certificate and that the rules name.
#[cfg(test)]
pub(super) fn meant() -> impl Iterator<Item = &'static str> {
    meaning::named().filter_map(|cause| match cause {
        Cause::Elsewhere(name) => Some(name),
        Cause::Code(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Unclear, matches};
    use crate::finding::Code;
    use std::collections::BTreeSet;

    /// What an administrator pastes, and the code that must come first, or what it is if no
    /// certificate is at fault; `-` if nothing may be named.
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
                let found = super::leads(&format!("{before}{text}{behind}")).unwrap_or_default();
                let names: Vec<_> = found
                    .matches
                    .iter()
                    .map(|found| found.info.code.as_str())
                    .collect();
                let elsewhere = found.elsewhere.map(|cause| format!("not.{}", cause.name));
                let first = elsewhere.as_deref().or(names.first().copied());
                let first = first.unwrap_or("-");
                if first != expected {
                    wrong.push(format!(
                        "{before}{text}\n   {expected}, not {first}, {names:?}"
                    ));
                }
            }
            if expected == "-" {
                unrelated += 1;
            } else if expected.starts_with("not.") {
                leading += 1;
            } else {
                leading += 1;
                codes.insert(expected.parse::<Code>().unwrap());
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
        for (info, page) in super::Page::all() {
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
        // Many codes may share a text, and only twelve are named.
        assert!(elsewhere.len() <= tried / 20, "{elsewhere:#?}");
    }
}
