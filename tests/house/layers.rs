//! The floors of the house: a module uses only what lies below it.
//!
//! The paths of every file under src/ are read (`use` trees and paths within
//! code, `crate::`, `super::` and `std::`), and each is held against the tables
//! below. A module that stands in no table is a failure, so the tables are whole.
#![cfg(feature = "cli")]

use crate::support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::paths::paths;

/// Layer and step of every module of the library. A module may use what is
/// lower, never a neighbour on the same step.
const FLOORS: &[(&str, (u8, u8))] = &[
    ("instant", (0, 0)),
    ("release", (0, 0)),
    ("same", (0, 0)),
    ("dated", (0, 1)),
    ("shown", (0, 0)),
    ("spelling", (0, 0)),
    ("source", (0, 0)),
    ("finding", (0, 1)),
    ("rule", (0, 2)),
    ("crypto", (0, 0)),
    ("encoding", (1, 0)),
    ("manifest", (1, 1)),
    ("model", (2, 0)),
    ("signature", (3, 0)),
    ("key_file", (4, 0)),
    ("known_bad", (4, 0)),
    ("key_loading", (4, 0)),
    ("key_match", (4, 0)),
    ("server_name", (4, 0)),
    ("validity", (4, 0)),
    ("chain", (4, 1)),
    ("cipher", (4, 0)),
    ("protocol", (4, 1)),
    ("handshake", (4, 2)),
    ("trust_store", (4, 0)),
    ("server", (5, 0)),
    ("client", (5, 0)),
    ("probe", (5, 0)),
    ("objects", (5, 1)),
    ("answer", (6, 0)),
    ("preflight", (6, 1)),
    ("command", (6, 2)),
    ("identity", (6, 2)),
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
    &["SystemTime", "now"],
    &["std", "time", "SystemTime", "now"],
    &["OffsetDateTime", "now_local"],
    &["rustls_native_certs"],
    &["openssl_probe"],
];

/// What begins like something above, and is only a value.
const VALUES: &[&[&str]] = &[
    &["std", "net", "IpAddr"],
    &["std", "time", "Duration"],
    &["std", "time", "SystemTime"],
    &["std", "time", "UNIX_EPOCH"],
    &["std", "net", "Ipv4Addr"],
    &["std", "net", "Ipv6Addr"],
];

/// The rooms that must, each behind a feature and named for what it does.
const ROOMS: &[&str] = &[
    "trust_store/native.rs",
    "probe/connect.rs",
    "probe/connections.rs",
    "probe/failure.rs",
    "probe/offers.rs",
    "probe/starttls.rs",
    "probe/stream.rs",
    "probe/tls.rs",
];

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
            // A unit test may take its own time, or read testdata/.
            let in_a_test = path
                .within
                .iter()
                .chain(&module_of(&file))
                .any(|name| name == "tests");
            if !in_a_test
                && among(OUTSIDE, &path.names)
                && (!among(VALUES, &path.names) || path.names.ends_with(&["now".to_owned()]))
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
            "use crate::{finding::Finding, protocol::Answer};",
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
        // A module that no table names.
        (&["cellar"], "fn nothing() {}"),
        // A glob hides what is used.
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

fn among(list: &[&[&str]], names: &[String]) -> bool {
    list.iter().any(|listed| {
        names.len() >= listed.len() && names.iter().zip(*listed).all(|(name, word)| name == word)
    })
}
