//! From an error text that somebody has seen to the codes that it may come from.

use super::page::{Page, Symptom};
use crate::finding::{Code, CodeInfo};
use std::collections::{BTreeMap, BTreeSet};

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

/// The most codes that are given.
const MOST: usize = 8;

/// The least share of a quoted text's words, weighted by how rare they are, that
/// must stand in the given one.
const LEAST: f64 = 0.6;

/// The most of a pasted text that is looked at: more than any log line.
const MOST_BYTES: usize = 16 << 10;

/// The codes whose symptoms are like `text`, the likeliest first.
pub fn matches(text: &str) -> Vec<Match> {
    let end = text.floor_char_boundary_at(MOST_BYTES);
    let given = normalized(text.get(..end).unwrap_or_default());
    if given.is_empty() {
        return Vec::new();
    }
    let words: BTreeSet<&str> = given.split(' ').collect();
    let pages: Vec<(&CodeInfo, Page)> = Code::all()
        .filter_map(|info| Some((info, Page::of(Code::parse(info.code)?)?)))
        .collect();
    let rarity = Rarity::of(&pages);
    let mut found: Vec<(Rank, Match)> = Vec::new();
    for (info, page) in pages {
        let best = page
            .seen
            .iter()
            .filter_map(|symptom| {
                let score = score(&given, &words, symptom, &rarity)?;
                Some(((score, symptom.typical), symptom.clone()))
            })
            .max_by_key(|(rank, _)| *rank);
        if let Some((rank, symptom)) = best {
            let score = rank.0.min(100);
            found.push((
                rank,
                Match {
                    info,
                    page,
                    symptom,
                    score,
                },
            ));
        }
    }
    // Stable: what is as likely stays in the order of the table.
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    found
        .into_iter()
        .take(MOST)
        .map(|(_, found)| found)
        .collect()
}

/// How likely: the score, and whether the text is typical of the code.
type Rank = (u32, bool);

fn score(given: &str, words: &BTreeSet<&str>, symptom: &Symptom, rarity: &Rarity) -> Option<u32> {
    let quoted = normalized(symptom.text);
    if contains_words(given, &quoted) {
        // A longer quotation says more.
        let length = quoted.split(' ').count().min(20);
        return u32::try_from(100 + length).ok();
    }
    if contains_words(&quoted, given) {
        return Some(100);
    }
    let weight = |words: &mut dyn Iterator<Item = &str>| -> f64 {
        words.map(|word| rarity.weight(word)).sum()
    };
    let quoted_words: BTreeSet<&str> = quoted.split(' ').collect();
    let shared = weight(&mut quoted_words.intersection(words).copied());
    let all = weight(&mut quoted_words.iter().copied());
    let share = shared / all.max(f64::MIN_POSITIVE);
    (share >= LEAST && quoted_words.intersection(words).count() > 1).then(|| hundredths(share))
}

fn hundredths(share: f64) -> u32 {
    (1..=99)
        .rev()
        .find(|&n| share * 100.0 >= f64::from(n))
        .unwrap_or(0)
}

/// Whether `part` stands in `whole`, beginning and ending with a word.
fn contains_words(whole: &str, part: &str) -> bool {
    format!(" {whole} ").contains(&format!(" {part} "))
}

/// Letters and digits in lower case, everything else a blank; `_` too, so that
/// `KEY_VALUES_MISMATCH` is `key values mismatch`.
fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// In how many quoted texts each word stands.
struct Rarity {
    texts: BTreeMap<String, u32>,
}

impl Rarity {
    fn of(pages: &[(&CodeInfo, Page)]) -> Self {
        let mut texts = BTreeMap::new();
        for symptom in pages.iter().flat_map(|(_, page)| &page.seen) {
            let text = normalized(symptom.text);
            let words: BTreeSet<&str> = text.split(' ').collect();
            for word in words {
                *texts.entry(word.to_owned()).or_insert(0) += 1;
            }
        }
        Self { texts }
    }

    fn weight(&self, word: &str) -> f64 {
        1.0 / f64::from(self.texts.get(word).copied().unwrap_or(1))
    }
}

/// The boundary of a character at or below an offset.
trait Boundary {
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

#[cfg(test)]
mod tests {
    use super::matches;

    /// What an administrator pastes, and the code that must come first.
    #[test]
    fn pasted_texts_lead_to_their_codes() {
        for (text, code) in [
            (
                "unable to get local issuer certificate",
                "chain.missing-intermediate",
            ),
            (
                "curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html",
                "chain.missing-intermediate",
            ),
            ("key values mismatch", "key.mismatch"),
            (
                "ssl.SSLError: [X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3926)",
                "key.mismatch",
            ),
            ("SEC_ERROR_UNKNOWN_ISSUER", "chain.missing-intermediate"),
            (
                "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
                "chain.missing-intermediate",
            ),
            ("PKIX path building failed", "chain.missing-intermediate"),
            ("sslv3 alert bad certificate", "chain.missing-intermediate"),
            ("ee key too small", "key.weak"),
            (
                "AH02231: No SSL protocols available [hint: SSLProtocol]",
                "protocol.empty-set",
            ),
            (
                "x509: certificate relies on legacy Common Name field, use SANs instead",
                "certificate.no-subject-alt-name",
            ),
            (
                "self-signed certificate in certificate chain",
                "chain.untrusted-root",
            ),
            ("self signed certificate", "chain.self-signed"),
            ("SSLProtocol: Illegal protocol 'all,'", "protocol.separator"),
            ("certificate has expired", "certificate.expired"),
            (
                "FATAL:  private key file \"server.key\" has group or world access",
                "key.file-mode",
            ),
            ("Enter PEM pass phrase:", "key.encrypted"),
            (
                "error:0480006C:PEM routines::no start line",
                "encoding.der-where-pem-expected",
            ),
        ] {
            let found = matches(text);
            let first = found.first().map(|found| found.info.code);
            assert_eq!(first, Some(code), "{text}");
        }
    }

    #[test]
    fn nothing_is_made_up() {
        for text in ["", "   ", "hello world", "connection refused", "\u{0}", "é"] {
            assert!(matches(text).is_empty(), "{text:?}");
        }
        assert!(matches(&"unable ".repeat(100_000)).len() <= 8);
    }
}
