//! The floors of the house: a module uses only what lies below it.
//!
//! The paths of every file under src/ are read (`use` trees and paths within
//! code, `crate::`, `super::` and `std::`), and each is held against the tables
//! below. A module that stands in no table is a failure, so the tables are whole.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Floor and step of every module of the library. A module may use what stands
/// lower, never a neighbour on the same step.
const FLOORS: &[(&str, (u8, u8))] = &[
    ("instant", (0, 0)),
    ("source", (0, 0)),
    ("finding", (0, 1)),
    ("encoding", (1, 0)),
    ("model", (2, 0)),
    ("signature", (3, 0)),
    ("key_match", (4, 0)),
    ("server_name", (4, 0)),
    ("validity", (4, 0)),
    ("chain", (4, 0)),
    ("protocol", (4, 0)),
    ("trust_store", (4, 0)),
    ("server", (5, 0)),
    ("client", (5, 0)),
    ("answer", (6, 0)),
    ("preflight", (6, 1)),
    ("command", (6, 2)),
    ("report", (7, 0)),
];

/// What the library does not do: time, files, environment and network are its arguments.
const OUTSIDE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "env"],
    &["std", "net"],
    &["std", "os"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "time"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "io", "stderr"],
    &["time", "OffsetDateTime", "now_utc"],
    &["time", "OffsetDateTime", "now_local"],
    &["OffsetDateTime", "now_utc"],
    &["OffsetDateTime", "now_local"],
    &["rustls_native_certs"],
    &["openssl_probe"],
];

/// The rooms that must, each behind a feature and named for what it does.
const ROOMS: &[&str] = &["trust_store/native.rs"];

#[test]
fn modules_use_only_lower_floors() {
    let exports = exports();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in library_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let module = module_of(&file);
        if let Some(top) = module.first() {
            seen.insert(top.clone());
        }
        for complaint in upward(&module, &text, &exports) {
            wrong.push(format!("{}: {complaint}", shown(&file)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() >= 4, "only {seen:?} were found");
}

#[test]
fn the_library_asks_for_everything_it_needs() {
    let mut wrong = Vec::new();
    for file in library_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let inside = shown(&file);
        if ROOMS.contains(&inside.trim_start_matches("src/")) {
            assert!(
                text.contains("cfg(feature") || lib_rs_gates(&file),
                "{inside} is behind no feature"
            );
            continue;
        }
        for path in paths(&text) {
            if OUTSIDE
                .iter()
                .any(|outside| begins_with(&path.names, outside))
            {
                wrong.push(format!("{inside}: {}", path.names.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A check that never fails proves nothing: these it must see.
#[test]
fn a_path_upwards_is_seen() {
    let exports = BTreeMap::from([("Time".to_owned(), "instant".to_owned())]);
    let complaints = |module: &[&str], text: &str| {
        upward(
            &module
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
            text,
            &exports,
        )
    };
    for (module, text) in [
        (&["encoding"][..], "use crate::report::Text;"),
        (&["encoding", "pem"], "use super::super::chain::Path;"),
        (
            &["encoding", "pem"],
            "use super::{Section, super::{model::{Certificate, Name}}};",
        ),
        (&["model"], "fn f() -> crate::chain::Path { todo() }"),
        (
            &["chain"],
            "use crate::{finding::Finding, validity::Answer};",
        ),
        (
            &["chain"],
            "mod tests { use super::super::server::Profile; }",
        ),
        (
            &["chain"],
            "mod tests { mod inner { use super::super::super::server::Profile; } }",
        ),
        (
            &["source"],
            "macro_rules! m { () => { $crate::finding::Code } }",
        ),
        (&["cellar"], "fn nothing() {}"),
        (&["model"], "use crate::*;"),
    ] {
        assert!(!complaints(module, text).is_empty(), "{module:?} {text}");
    }
    for (module, text) in [
        (
            &["encoding"][..],
            "use crate::{Time, finding::{Finding, Code}}; use super::source::Span;",
        ),
        (
            &["encoding", "pem"],
            "use super::Section; use super::der; /* crate::report::x */",
        ),
        (
            &["encoding"],
            "// use crate::report;\nconst T: &str = \"crate::report::x\"; const Q: char = '\"';",
        ),
        (
            &["chain"],
            "mod tests { use super::*; fn f<'a>(x: &'a str) {} }",
        ),
        (
            &["report"],
            "pub(crate) fn f() {} pub(in crate::report) fn g() { crate::preflight::run() }",
        ),
        (
            &["finding"],
            "const R: &str = r#\"a \" crate::report::x\"#;",
        ),
    ] {
        assert_eq!(
            complaints(module, text),
            Vec::<String>::new(),
            "{module:?} {text}"
        );
    }
    let found: Vec<_> = paths("use std::{io::Read, fs::{self, File}};")
        .into_iter()
        .map(|p| p.names.join("::"))
        .collect();
    assert_eq!(found, ["std::io::Read", "std::fs::self", "std::fs::File"]);
}

/// Without default features a user of the library gets these crates, and no others.
#[test]
#[cfg(target_os = "linux")]
fn the_library_brings_the_listed_crates_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tree = std::process::Command::new(env!("CARGO"));
    tree.current_dir(root)
        .args(["tree", "--locked", "--no-default-features", "-e", "normal"]);
    let output = support::run(
        {
            tree.args(["--prefix", "none", "--format", "{p}"]);
            tree
        },
        b"",
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    let list = std::fs::read_to_string(root.join("tests/dependencies.txt")).unwrap();
    let listed: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "not in tests/dependencies.txt: {new:?}; no longer there: {gone:?}"
    );
    for alien in [
        "clap",
        "anstream",
        "tempfile",
        "serde_json",
        "rustls-native-certs",
    ] {
        assert!(!found.contains(alien), "{alien} belongs to the program");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn shown(file: &Path) -> String {
    file.strip_prefix(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .display()
        .to_string()
}

/// Every file of the library: src/ without src/bin/.
fn library_files() -> Vec<PathBuf> {
    let mut files = support::files_below(&root());
    files.retain(|file| {
        file.extension().is_some_and(|e| e == "rs") && !file.starts_with(root().join("bin"))
    });
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    files
}

/// `["finding", "key"]` for src/finding/key.rs.
fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(root()).unwrap().with_extension("");
    let mut names: Vec<String> = inside
        .iter()
        .map(|name| name.to_str().unwrap().to_owned())
        .collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    names
}

/// The names that lib.rs lifts out of their modules, with the module of each.
fn exports() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("lib.rs")).unwrap();
    paths(&text)
        .into_iter()
        .filter(|path| path.names.len() > 1)
        .map(|path| (path.names.last().unwrap().clone(), path.names[0].clone()))
        .collect()
}

fn lib_rs_gates(file: &Path) -> bool {
    let parent = file.parent().unwrap().join("mod.rs");
    std::fs::read_to_string(parent).is_ok_and(|text| text.contains("cfg(feature"))
}

fn floor(module: &str) -> Option<(u8, u8)> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, floor)| *floor)
}

/// What `text`, the code of `module`, uses that is not below it.
fn upward(module: &[String], text: &str, exports: &BTreeMap<String, String>) -> Vec<String> {
    let Some(own) = module.first() else {
        return Vec::new();
    };
    let Some(own_floor) = floor(own) else {
        return vec![format!("the module {own} has no floor")];
    };
    let mut complaints = Vec::new();
    for path in paths(text) {
        // Where the path begins, seen from the crate's root.
        let mut at: Vec<String> = module.to_vec();
        at.extend(path.within.iter().cloned());
        let mut names = path.names.as_slice();
        match names.first().map(String::as_str) {
            Some("crate") => {
                at.clear();
                names = &names[1..];
            }
            Some("super") => {}
            _ => continue,
        }
        while names.first().is_some_and(|name| name == "super") {
            at.pop();
            names = &names[1..];
        }
        let Some(target) = at.first().or(names.first()) else {
            continue;
        };
        if at.first() == Some(own) {
            continue;
        }
        let target = exports.get(target).unwrap_or(target);
        if target == own {
            continue;
        }
        match floor(target) {
            None => complaints.push(format!(
                "{} leads to no known module",
                path.names.join("::")
            )),
            Some(floor) if floor < own_floor => {}
            Some(_) => complaints.push(format!(
                "{own} may not use {target} ({})",
                path.names.join("::")
            )),
        }
    }
    complaints
}

/// A path in code: its names, and the inline modules that it stands in.
struct CodePath {
    names: Vec<String>,
    within: Vec<String>,
}

/// Every path of two names or more, with the trees of `use` spread out.
fn paths(text: &str) -> Vec<CodePath> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                open.retain(|(_, opened)| *opened < depth + 1);
            }
            "mod" if tokens.get(at + 2).is_some_and(|next| next == "{") => {
                open.push((tokens[at + 1].clone(), depth + 1));
            }
            word if is_name(word) && tokens.get(at + 1).is_some_and(|next| next == "::") => {
                let mut names = Vec::new();
                at = tree(&tokens, at, &[], &mut names);
                let within: Vec<String> = open.iter().map(|(name, _)| name.clone()).collect();
                found.extend(names.into_iter().map(|names| CodePath {
                    names,
                    within: within.clone(),
                }));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads one path, with its `{}` if there are any, and returns the place behind it.
fn tree(
    tokens: &[String],
    mut at: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut names = before.to_vec();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = match tokens[at].as_str() {
                        "," => at + 1,
                        "as" => at + 2,
                        _ => tree(tokens, at, &names, found),
                    };
                }
                return at + 1;
            }
            Some(word) if is_name(word) || word == "*" => names.push(word.to_owned()),
            _ => {
                found.push(names);
                // A generic argument (`Vec::<T>`) ends the path; whatever stands here is read on.
                return at.max(1);
            }
        }
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            found.push(names);
            return at;
        }
        at += 1;
    }
}

fn begins_with(names: &[String], outside: &[&str]) -> bool {
    names.len() >= outside.len() && names.iter().zip(outside).all(|(name, out)| name == out)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names and signs, without comments, strings and characters.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars()
            .enumerate()
            .all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 1;
            at += 2;
            while at < chars.len() && depth > 0 {
                depth += i32::from(starts(at, "/*")) - i32::from(starts(at, "*/"));
                at += if starts(at, "/*") || starts(at, "*/") {
                    2
                } else {
                    1
                };
            }
        } else if let Some(end) = raw_string(&chars, at) {
            at = end;
        } else if chars[at] == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
        } else if chars[at] == '\'' {
            // A character, unless it is a lifetime.
            let escaped = chars.get(at + 1) == Some(&'\\');
            if escaped {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            } else if chars.get(at + 2) == Some(&'\'') {
                at += 3;
            } else {
                at += 1;
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
            }
        } else if chars[at].is_alphanumeric() || chars[at] == '_' {
            let start = at;
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
            tokens.push(chars[start..at].iter().collect());
        } else if starts(at, "::") {
            tokens.push("::".to_owned());
            at += 2;
        } else {
            if !chars[at].is_whitespace() {
                tokens.push(chars[at].to_string());
            }
            at += 1;
        }
    }
    tokens
}

/// The place behind a raw string that begins here.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    if at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') {
        return None;
    }
    let mut place = at + usize::from(matches!(chars[at], 'b' | 'c'));
    if chars.get(place) != Some(&'r') {
        return None;
    }
    place += 1;
    let hashes = chars[place..].iter().take_while(|c| **c == '#').count();
    place += hashes;
    if chars.get(place) != Some(&'"') {
        return None;
    }
    place += 1;
    while place < chars.len() {
        if chars[place] == '"'
            && chars[place + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
        {
            return Some(place + 1 + hashes);
        }
        place += 1;
    }
    Some(chars.len())
}
