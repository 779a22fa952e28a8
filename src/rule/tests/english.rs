//! The texts of the rules and their pages, and all comments and string literals under
//! `src/`, are plain English.

use crate::shown::article;
use std::path::{Path, PathBuf};

/// Phrases that a reader stumbles over. `*` is the rest of a word.
const NOT_ENGLISH: &[&str] = &[
    "all the same",
    "anew",
    "anybody",
    "as far as",
    "besides",
    "comes to",
    "each before",
    "everybody",
    "goes by",
    "held against",
    "in clear",
    "it is no *",
    "is not told",
    "is said of",
    "it is said",
    "leave it out",
    "need not be",
    "no notice",
    "nobody",
    "of today",
    "one of yours",
    "pass over",
    "passes over",
    "says nothing any more",
    "somebody",
    "stand",
    "stands",
    "this is no *",
    "told",
    "whoever",
    "without a word",
];

/// Singular and plural at once: `shown::counted` writes the right one.
const BOTH_NUMBERS: &str = "(s)";

/// Words before which `it is no *` is good English.
const GOOD_AFTER_NO: &[&str] = &["longer", "such", "reason"];

/// Beginnings of words whose first sound differs from their spelling, and acronyms that are read as
/// words.
const HEARD_OTHERWISE: &[&str] = &[
    "eu", "fifo", "fips", "hap", "hour", "mac", "nul", "one", "rfc", "seq", "sha", "uni", "us",
    "ut", "xz",
];

/// What other programs print, or what is in their files: quoted verbatim.
const QUOTATIONS: &[&str] = &[
    "Error(s) found in configuration file",
    "missing required setting(s)",
    "overrides already set parameter(s)",
    "The parameter(s)",
    "root root",
];

/// The number of odd phrases left outside src/rule. It may only fall: lower it
/// when you fix some.
const LEFT: usize = 6;

#[test]
fn every_text_is_plain_english() {
    let mut seen = 0;
    let mut faults = Vec::new();
    for file in texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rule")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let page = file.extension().is_some_and(|extension| extension == "txt");
        for prose in if page { own(&text) } else { prose(&text) } {
            seen += 1;
            for fault in faults_of(&prose) {
                faults.push(format!("{}: {fault}: {prose}", file.display()));
            }
        }
    }
    assert!(seen > 2000, "only {seen} texts");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The tests at the end of a file are left out: their strings are input.
#[test]
fn the_other_sources_have_no_more_odd_turns_than_are_left() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut seen, mut faults) = (0, Vec::new());
    for file in texts(&source) {
        let of_rules = file.starts_with(source.join("rule"));
        if of_rules || file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let (code, _) = text
            .split_once("\n#[cfg(test)]\nmod ")
            .unwrap_or((&text, ""));
        for prose in prose(code) {
            seen += 1;
            let quoted = QUOTATIONS.iter().any(|words| prose.contains(words));
            for fault in faults_of(&prose).into_iter().filter(|_| !quoted) {
                faults.push(format!("{}: {fault}: {prose}", file.display()));
            }
        }
    }
    assert!(seen > 10_000, "only {seen} texts");
    assert!(
        faults.len() <= LEFT,
        "{} odd turns, and LEFT in {} allows {LEFT}: say what you added in plain words.\n{}",
        faults.len(),
        file!(),
        faults.join("\n")
    );
}

#[test]
fn a_fault_is_seen() {
    for (text, fault) in [
        ("a CA stands first", "stands"),
        ("2 certificate(s) in the file", "(s)"),
        ("it is no CA", "it is no *"),
        ("the the key", "the the"),
        ("a EC key", "a EC"),
        ("an DSA key", "an DSA"),
        ("Nobody reads it", "nobody"),
    ] {
        assert_eq!(faults_of(text), [fault], "{text}");
    }
    for text in [
        "it is no longer valid; an EC key, a DSA key, a UTF-8 file, an `openssl` key",
        "the standard outstanding issue that that_key has",
        "1 certificate, 2 certificates",
    ] {
        assert_eq!(faults_of(text), [""; 0], "{text}");
    }
    let code = "let a = \"one \\\n  string\"; // a comment\n'\"'; r\"x\"";
    assert_eq!(prose(code), ["one string", " a comment", "x"]);
}

/// The files of the rules, without the tests.
fn texts(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            files.extend(texts(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The lines of a page in certcheck's own words, without quotations and commands.
fn own(page: &str) -> Vec<String> {
    let lines = page.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(name, _)| matches!(*name, "Breaks" | "For" | "Fix"))
        .map(|(_, words)| words.to_owned())
        .collect()
}

/// Comments and string literals of a source file.
fn prose(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (_, here) = rest.split_at(at);
        if let Some(comment) = here.strip_prefix("//") {
            let end = comment.find('\n').unwrap_or(comment.len());
            let (comment, after) = comment.split_at(end);
            found.push(comment.trim_start_matches(['/', '!']).to_owned());
            rest = after;
        } else if let Some(after) = here.strip_prefix("'\"'") {
            rest = after;
        } else if let Some(string) = here.strip_prefix('"') {
            let (string, after) = literal(string);
            found.push(string);
            rest = after;
        } else {
            rest = here.get(1..).unwrap_or_default();
        }
    }
    found
}

/// A string literal up to its closing quote, and what follows.
fn literal(code: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = code;
    loop {
        let Some(at) = rest.find(['"', '\\']) else {
            return (text, "");
        };
        text.push_str(&rest[..at]);
        let (sign, after) = rest[at..].split_at(1);
        if sign == "\"" {
            return (text, after);
        }
        // An escape; a newline swallows the blanks of the next line.
        rest = match after.strip_prefix('\n') {
            Some(next) => next.trim_start(),
            None => after.get(1..).unwrap_or_default(),
        };
    }
}

/// The phrases in `prose` that are not plain English.
fn faults_of(prose: &str) -> Vec<String> {
    let words: Vec<&str> = prose.split_whitespace().collect();
    let bare: Vec<String> = words
        .iter()
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.to_lowercase()
        })
        .collect();
    let mut faults = Vec::new();
    for turn in NOT_ENGLISH {
        let turn_words: Vec<&str> = turn.split(' ').collect();
        let is_here = bare.windows(turn_words.len()).any(|here| {
            let alike = |(word, turn): (&String, &&str)| *turn == "*" || word == turn;
            let good = here
                .last()
                .is_some_and(|last| turn.ends_with('*') && GOOD_AFTER_NO.contains(&last.as_str()));
            here.iter().zip(&turn_words).all(alike) && !good
        });
        if is_here {
            faults.push((*turn).to_owned());
        }
    }
    if words.iter().any(|word| word.contains(BOTH_NUMBERS)) {
        faults.push(BOTH_NUMBERS.to_owned());
    }
    for (pair, low) in words.windows(2).zip(bare.windows(2)) {
        let ([first, second], [low_first, low_second]) = (pair, low) else {
            continue;
        };
        let plain = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        if first == second && plain(first) {
            faults.push(format!("{first} {second}"));
        }
        let heard = HEARD_OTHERWISE
            .iter()
            .any(|prefix| low_second.starts_with(prefix));
        let articles = matches!(low_first.as_str(), "a" | "an") && plain(first);
        let follows = second.starts_with(|c: char| c.is_ascii_alphabetic());
        if articles && follows && !heard && article(second) != low_first {
            faults.push(format!("{first} {second}"));
        }
    }
    faults
}
