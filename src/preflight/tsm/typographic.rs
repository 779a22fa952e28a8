//! Quotation marks, dashes and blanks that a word processor put in place of the typed ones.

use super::options::Opt;
use super::table::commands;
use crate::rule;
use zeroize::Zeroizing;

/// A character, its name in Unicode, what was typed.
const CHARACTERS: &[(char, &str, &str)] = &[
    ('\u{2018}', "left single quotation mark, U+2018", "'"),
    ('\u{2019}', "right single quotation mark, U+2019", "'"),
    ('\u{201a}', "single low-9 quotation mark, U+201A", "'"),
    (
        '\u{201b}',
        "single high-reversed-9 quotation mark, U+201B",
        "'",
    ),
    ('\u{201c}', "left double quotation mark, U+201C", "\""),
    ('\u{201d}', "right double quotation mark, U+201D", "\""),
    ('\u{201e}', "double low-9 quotation mark, U+201E", "\""),
    (
        '\u{201f}',
        "double high-reversed-9 quotation mark, U+201F",
        "\"",
    ),
    (
        '\u{ab}',
        "left-pointing double angle quotation mark, U+00AB",
        "\"",
    ),
    (
        '\u{bb}',
        "right-pointing double angle quotation mark, U+00BB",
        "\"",
    ),
    ('\u{2010}', "hyphen, U+2010", "-"),
    ('\u{2011}', "non-breaking hyphen, U+2011", "-"),
    ('\u{2012}', "figure dash, U+2012", "-"),
    ('\u{2013}', "en dash, U+2013", "-"),
    ('\u{2014}', "em dash, U+2014", "-"),
    ('\u{2015}', "horizontal bar, U+2015", "-"),
    ('\u{2212}', "minus sign, U+2212", "-"),
    ('\u{a0}', "no-break space, U+00A0", "a blank"),
    ('\u{202f}', "narrow no-break space, U+202F", "a blank"),
];

fn known(c: char) -> Option<(&'static str, &'static str)> {
    let row = CHARACTERS.iter().find(|(known, ..)| *known == c)?;
    Some((row.1, row.2))
}

fn is_quote(c: char) -> bool {
    known(c).is_some_and(|(_, typed)| matches!(typed, "'" | "\""))
}

fn is_dash(c: char) -> bool {
    known(c).is_some_and(|(_, typed)| typed == "-")
}

fn is_blank(c: char) -> bool {
    known(c).is_some_and(|(_, typed)| typed == "a blank")
}

/// The words as the writer meant them, each with its place among the given words.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    pub(super) words: Vec<Zeroizing<String>>,
    pub(super) places: Vec<usize>,
    /// One finding for each character, at the word where it first appears.
    pub(super) found: Vec<(usize, rule::config::TypographicCharacter)>,
}

/// Reads the words as the writer meant them; `None` if they contain no such character.
pub(super) fn repair(words: &[&str]) -> Option<Repaired> {
    let suspect = |word: &&str| !word.is_ascii() && word.chars().any(|c| known(c).is_some());
    if !words.iter().any(suspect) {
        return None;
    }
    let mut out = Repaired::default();
    // The word that a quotation mark opened.
    let mut open: Option<usize> = None;
    for (place, word) in words.iter().enumerate() {
        for piece in pieces(word, place, &mut out) {
            if open.is_some()
                && let Some(whole) = out.words.last_mut()
            {
                let joined = format!("{} {}", whole.as_str(), piece.as_str());
                *whole = Zeroizing::new(joined);
            } else {
                out.words.push(piece);
                out.places.push(place);
            }
            open = settle(&mut out, place, open);
        }
    }
    (!out.found.is_empty()).then_some(out)
}

/// A word without its leading dashes, split at typographic blanks.
fn pieces(word: &str, place: usize, out: &mut Repaired) -> Vec<Zeroizing<String>> {
    // In a value, such a blank may be intended, as in a path; an option has none.
    let dashed = word.starts_with(|c| is_dash(c) || c == '-');
    let split = dashed && word.contains(is_blank);
    let parts: Vec<&str> = if split {
        if let Some(c) = word.chars().find(|c| is_blank(*c)) {
            out.note(place, c, "a blank");
        }
        word.split(is_blank)
            .filter(|part| !part.is_empty())
            .collect()
    } else {
        vec![word]
    };
    parts
        .into_iter()
        .map(|part| dash(part, place, out))
        .collect()
}

/// The hyphens of an option, and those before protocol versions.
fn dash(word: &str, place: usize, out: &mut Repaired) -> Zeroizing<String> {
    let begins = word.starts_with(|c| is_dash(c) || c == '-');
    let rest = word.trim_start_matches(|c| is_dash(c) || c == '-');
    let head = word.len() - rest.len();
    let of_dash = word
        .get(..head)
        .and_then(|head| head.chars().find(|c| is_dash(*c)));
    if begins
        && let Some(c) = of_dash
        && !is_version(rest)
    {
        let name = rest.split('=').next().unwrap_or_default();
        let hyphens = if short(name) { "-" } else { "--" };
        let shown = if option(name) { name } else { "" };
        out.note(place, c, &format!("{hyphens}{shown}"));
        return Zeroizing::new(format!("{hyphens}{rest}"));
    }
    let mut text = Zeroizing::new(String::with_capacity(word.len()));
    for (at, c) in word.char_indices() {
        let behind = word.get(at + c.len_utf8()..).unwrap_or_default();
        if is_dash(c) && is_version(behind) {
            out.note(place, c, "-");
            text.push('-');
        } else {
            text.push(c);
        }
    }
    text
}

/// Removes quotation marks from the last word; returns the word that one of them still opens.
fn settle(out: &mut Repaired, place: usize, open: Option<usize>) -> Option<usize> {
    let word = out.words.last()?;
    let value = match word.split_once('=') {
        Some((name, _)) if name.starts_with('-') => name.len() + 1,
        _ => 0,
    };
    let rest = word.get(value..).unwrap_or_default();
    // Word processors choose each mark by its position, so the first and the last may be different
    // characters.
    let opens = rest.chars().next().filter(|c| is_quote(*c));
    let closes = rest.chars().last().filter(|c| is_quote(*c));
    let more_than_one = rest.chars().nth(1).is_some();
    // Without an opening mark, it is an apostrophe.
    let Some(c) = opens else { return open };
    let ends = closes.is_some() && more_than_one;
    for c in [Some(c), closes.filter(|_| ends)].into_iter().flatten() {
        out.note(place, c, known(c).map_or("\"", |(_, typed)| typed));
    }
    if ends {
        let word = out.words.last_mut()?;
        let inner = word.get(value..).unwrap_or_default().trim_matches(is_quote);
        let text = Zeroizing::new(format!("{}{inner}", word.get(..value).unwrap_or_default()));
        *word = text;
        None
    } else {
        Some(place)
    }
}

impl Repaired {
    fn note(&mut self, place: usize, c: char, meant: &str) {
        let Some((name, _)) = known(c) else { return };
        let character = c.to_string();
        if self
            .found
            .iter()
            .any(|(_, fact)| fact.character == character)
        {
            return;
        }
        let fact = rule::config::TypographicCharacter {
            character,
            name: name.to_owned(),
            meant: meant.to_owned(),
        };
        self.found.push((place, fact));
    }
}

fn is_version(text: &str) -> bool {
    let starts = |prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts("SSLv") || starts("TLSv")
}

fn every() -> impl Iterator<Item = &'static Opt> {
    let own = commands().flat_map(|command| command.options);
    own.chain(super::options::GLOBAL)
        .chain(super::options::OURS)
}

fn short(name: &str) -> bool {
    every().any(|option| {
        option
            .short
            .is_some_and(|word| word.trim_start_matches('-') == name)
    })
}

fn option(name: &str) -> bool {
    short(name) || every().any(|option| option.long.trim_start_matches('-') == name)
}

#[cfg(test)]
mod tests {
    use super::repair;

    fn words(text: &str) -> (Vec<String>, Vec<usize>, Vec<String>) {
        let words: Vec<&str> = text.split('|').collect();
        let out = repair(&words).unwrap_or_default();
        let found = out.found.into_iter();
        (
            out.words.iter().map(|word| word.to_string()).collect(),
            out.places,
            found
                .map(|(at, fact)| format!("{at} {} {}", fact.character, fact.meant))
                .collect(),
        )
    }

    #[test]
    fn what_a_word_processor_did_is_undone() {
        let (text, places, found) =
            words("\u{2013}cert-file|a.crt|--protocols|\u{201c}all|-SSLv2|\u{2013}SSLv3\u{201d}|x");
        assert_eq!(
            text,
            [
                "--cert-file",
                "a.crt",
                "--protocols",
                "all -SSLv2 -SSLv3",
                "x"
            ]
        );
        assert_eq!(places, [0, 1, 2, 3, 6]);
        assert_eq!(
            found,
            ["0 \u{2013} --cert-file", "3 \u{201c} \"", "5 \u{201d} \""]
        );
        let (text, _, found) = words("\u{2014}cf|\u{2018}a b\u{2019}|--key-file\u{a0}k");
        assert_eq!(text, ["-cf", "a b", "--key-file", "k"]);
        assert_eq!(found.len(), 4, "{found:?}");
        let (text, ..) = words("--protocols=\u{201c}all|-SSLv3\u{201d}");
        assert_eq!(text, ["--protocols=all -SSLv3"]);
    }

    #[test]
    fn values_keep_their_characters() {
        for text in [
            "--description|a \u{2013} b|c",
            "-cf|Zo\u{eb}.crt",
            "",
            "it\u{2019}s",
            "-n|d\u{2019}or",
        ] {
            assert!(
                repair(&text.split('|').collect::<Vec<_>>()).is_none(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_mark_that_is_not_closed_does_not_lose_words() {
        let (text, _, found) = words("a|\u{201c}b|c");
        assert_eq!(text, ["a", "\u{201c}b c"]);
        assert_eq!(found.len(), 1);
    }
}
