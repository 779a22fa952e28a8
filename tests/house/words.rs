//! README, CHANGELOG, docs/ and every `--help` are in plain English: the turns that
//! made them hard to read do not come back. Code blocks and quoted words do not count.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Phrases that a plain sentence does without, in lower case.
const TURNS: [&str; 31] = [
    "(s)",
    " 1 findings",
    " a e ",
    "are no ca",
    "as is said",
    "be told by",
    "besides",
    "cannot be told",
    "clients of today",
    "come to ",
    "comes to ",
    "each before",
    "goes by ",
    "held against",
    "hold against",
    "is no ca",
    "is no certificate",
    "is said of",
    "is said,",
    "is said.",
    "nobody",
    "of today",
    "said of",
    "stand in the way",
    "stands as",
    "stands for",
    "stands in",
    "stands there",
    "the very ",
    "which of them",
    "without a word",
];

/// `text` in one line of lower case, without code blocks and the words in backquotes.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (place, block) in text.split("```").enumerate() {
        if place % 2 == 0 {
            let quoted = block.split('`').enumerate();
            out.extend(quoted.map(|(at, part)| if at % 2 == 0 { part } else { "~" }));
        }
    }
    let out = out.replace("\n\n", " ~ ");
    let words: Vec<_> = out.split_whitespace().collect();
    format!(" {} ", words.join(" ").to_lowercase())
}

/// The turns and doubled words in `text`, each with the words around it.
fn smells(text: &str) -> Vec<String> {
    let prose = prose(text);
    let mut found = Vec::new();
    for turn in TURNS {
        for (at, _) in prose.match_indices(turn) {
            let around: String = prose.chars().skip(at.saturating_sub(30)).take(80).collect();
            found.push(format!("`{turn}` in …{around}…"));
        }
    }
    let words: Vec<_> = prose.split(' ').collect();
    for pair in words.windows(2) {
        let letters = pair[0].chars().all(char::is_alphabetic);
        if pair[0] == pair[1] && letters && !pair[0].is_empty() {
            found.push(format!("`{} {}` is doubled", pair[0], pair[1]));
        }
    }
    found
}

#[test]
fn the_search_sees_them() {
    assert_eq!(smells("The key\nis held   against it.").len(), 1);
    assert_eq!(smells("It is the the key.").len(), 1);
    assert_eq!(smells("```\nnobody\n``` and `nobody`").len(), 0);
}

/// Every `--help` of the program, from the names that the one above lists.
fn helps(path: &[String], all: &mut Vec<(String, String)>) {
    let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args(path)
        .arg("--help")
        .env_clear()
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (mut listed, mut kept) = (false, String::new());
    for line in text.lines() {
        let name = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '));
        match name.and_then(|rest| rest.split_once(' ')) {
            // The line of `help` is clap's own.
            Some(("help", _)) if listed => {}
            Some((name, what)) if listed => {
                helps(&[path, &[name.to_owned()]].concat(), all);
                kept += &format!("{what}\n");
            }
            _ => {
                listed = line == "Commands:" || listed && !line.is_empty();
                kept += &format!("{line}\n");
            }
        }
    }
    all.push((format!("certcheck {} --help", path.join(" ")), kept));
}

#[test]
fn documents_and_help_are_in_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ]
    .map(|name| root.join(name))
    .into();
    let docs = fs::read_dir(root.join("docs")).unwrap();
    files.extend(docs.map(|entry| entry.unwrap().path()));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    assert!(files.len() >= 14, "{} documents", files.len());
    let mut texts = Vec::new();
    helps(&[], &mut texts);
    assert!(texts.len() >= 19, "{} helps", texts.len());
    for path in files {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        texts.push((name, fs::read_to_string(&path).unwrap()));
    }
    let wrong: Vec<_> = texts
        .iter()
        .flat_map(|(name, text)| {
            smells(text)
                .into_iter()
                .map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
