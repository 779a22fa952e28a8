//! No two files of the library use each other, neither directly nor through others.
//!
//! A name that a module only hands on (`pub use child::Name;`) belongs to the file that
//! defines it: who uses it uses that file, and the module that hands it on does not. A
//! module and the modules inside it are one thing told in several files, and may use each
//! other.

use crate::support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::paths::paths;

/// Files by module: `encoding::pem` for src/encoding/pem.rs, "" for src/lib.rs.
type Files = BTreeMap<String, Source>;

struct Source {
    text: String,
    /// Absolute path of every name that a `use` brings in.
    brought: BTreeMap<String, String>,
    /// Of these, the names that are handed on and not used here.
    handed_on: BTreeSet<String>,
}

#[test]
fn no_file_uses_a_file_that_uses_it() {
    let files = library();
    assert!(files.len() > 300, "only {} files were read", files.len());
    let circles = circles(&uses(&files));
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

/// A check that never fails proves nothing: this one must see these, and only these.
#[test]
fn a_circle_is_seen() {
    let circles_of = |files: &[(&str, &str)]| {
        let modules: BTreeSet<String> = files.iter().map(|(name, _)| (*name).into()).collect();
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), source(name, text, &modules)))
            .collect();
        circles(&uses(&files))
    };
    for files in [
        &[("a", "use crate::b::B;"), ("b", "use super::a::A;")][..],
        &[
            ("a", "use crate::b::go; fn f() { go() }"),
            ("b", "use crate::a;\nfn go() { a::f() }"),
        ],
        &[
            ("a", "mod b;\nmod c;\npub use c::C;"),
            ("a::b", "use super::C;"),
            ("a::c", "use super::b::B;"),
        ],
        &[
            ("a", "use crate::b::B;"),
            ("b", "use crate::c::C;"),
            ("c", "use crate::{\n    a::A,\n};"),
        ],
    ] {
        assert_eq!(circles_of(files).len(), 1, "{files:?}");
    }
    for files in [
        &[
            ("a", "pub mod b;\npub use b::B;\nfn f(b: B) {}"),
            ("a::b", "use super::A;"),
        ][..],
        &[
            ("a", "use crate::b::B;"),
            ("b", "mod tests { use crate::a::A; }"),
        ],
        &[
            ("a", "mod b;\nuse b::B;\nstruct A;"),
            ("a::b", "use super::super::c::C;"),
        ],
    ] {
        assert_eq!(circles_of(files), [""; 0], "{files:?}");
    }
}

fn library() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    for file in support::files_below(&root) {
        let inside = file.strip_prefix(&root).unwrap();
        if inside.starts_with("bin") || inside.extension().is_none_or(|extension| extension != "rs")
        {
            continue;
        }
        let mut names: Vec<&str> = inside.iter().map(|name| name.to_str().unwrap()).collect();
        let last = names.pop().unwrap().trim_end_matches(".rs");
        if !matches!(last, "mod" | "lib") {
            names.push(last);
        }
        if names.is_empty() || names.contains(&"tests") {
            continue;
        }
        texts.insert(names.join("::"), std::fs::read_to_string(&file).unwrap());
    }
    let modules: BTreeSet<String> = texts.keys().cloned().collect();
    texts
        .into_iter()
        .map(|(module, text)| {
            let source = source(&module, &text, &modules);
            (module, source)
        })
        .collect()
}

fn source(module: &str, text: &str, modules: &BTreeSet<String>) -> Source {
    let mut brought = BTreeMap::new();
    let mut handed_on = BTreeSet::new();
    for (public, statement) in use_statements(text) {
        for path in paths(&statement) {
            let Some(absolute) = absolute(module, &path.names, &BTreeMap::new(), modules) else {
                continue;
            };
            let name = path.names.last().unwrap().clone();
            // The name occurs in the `use` alone: the file hands it on, and does nothing with it.
            if public && words(text).filter(|word| *word == name).count() < 2 {
                handed_on.insert(name.clone());
            }
            brought.insert(name, absolute);
        }
    }
    Source {
        text: text.to_owned(),
        brought,
        handed_on,
    }
}

/// The `use` statements of a file outside its unit tests, and whether each is public.
fn use_statements(text: &str) -> Vec<(bool, String)> {
    let text = before_tests(text);
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in text.lines().map(str::trim) {
        let (public, start) = match line.split_once("use ") {
            Some(("", _)) => (false, true),
            Some((before, _)) if before.starts_with("pub") => (true, true),
            _ => (false, false),
        };
        if open.is_none() && start {
            open = Some((public, String::new()));
        }
        if let Some((_, statement)) = &mut open {
            statement.push_str(line);
            statement.push(' ');
            if line.ends_with(';') {
                found.extend(open.take());
            }
        }
    }
    found
}

fn before_tests(text: &str) -> &str {
    text.find("mod tests {").map_or(text, |at| &text[..at])
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    before_tests(text)
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
}

/// The path from the crate's root, where `names` begins with `crate`, `super`, `self`, a
/// module below this one, or a name that a `use` brought in.
fn absolute(
    module: &str,
    names: &[String],
    brought: &BTreeMap<String, String>,
    modules: &BTreeSet<String>,
) -> Option<String> {
    let mut at: Vec<String> = Vec::new();
    let own = || {
        module
            .split("::")
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
    };
    let mut rest = names;
    match names.first()?.as_str() {
        "crate" => rest = &names[1..],
        "self" => {
            at.extend(own());
            rest = &names[1..];
        }
        "super" => {
            at.extend(own());
            while rest.first().is_some_and(|name| name == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        first => {
            at.extend(own());
            at.push(first.to_owned());
            if !modules.contains(&at.join("::")) {
                at = vec![brought.get(first)?.clone()];
            }
            rest = &names[1..];
        }
    }
    at.extend(rest.iter().cloned());
    Some(at.join("::"))
}

/// The module whose file defines what `path` names.
fn home(path: &str, files: &Files) -> Option<String> {
    let mut path = path.to_owned();
    // A name may be handed on by several modules; a circle of them would not compile, and must not
    // hang this test either.
    for _ in 0..8 {
        let mut module = path.as_str();
        while !files.contains_key(module) {
            module = module.rsplit_once("::")?.0;
        }
        let rest = path[module.len()..].trim_start_matches("::");
        let name = rest.split("::").next().unwrap_or_default();
        match files[module].brought.get(name) {
            Some(there) if !name.is_empty() => {
                path = format!("{there}{}", &rest[name.len()..]);
            }
            _ => return Some(module.to_owned()),
        }
    }
    None
}

/// Which modules each uses, and by which name.
fn uses(files: &Files) -> BTreeMap<String, BTreeMap<String, String>> {
    let modules: BTreeSet<String> = files.keys().cloned().collect();
    let mut all = BTreeMap::new();
    for (module, source) in files {
        let mut used = BTreeMap::new();
        for path in paths(before_tests(&source.text)) {
            // A unit test may look down on its own file from anywhere.
            if path.within.iter().any(|name| name == "tests") {
                continue;
            }
            let last = path.names.last().unwrap();
            if source.handed_on.contains(last) {
                continue;
            }
            let there = absolute(module, &path.names, &source.brought, &modules)
                .and_then(|path| (!modules.contains(&path)).then_some(path))
                .and_then(|path| home(&path, files));
            if let Some(there) = there.filter(|there| !inside(there, module)) {
                used.entry(there).or_insert_with(|| last.clone());
            }
        }
        all.insert(module.clone(), used);
    }
    all
}

/// Whether one of the two modules is, or lies in, the other.
fn inside(one: &str, other: &str) -> bool {
    let lies_in = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    lies_in(one, other) || lies_in(other, one)
}

/// One line for each circle: the shortest way round from its first module.
fn circles(uses: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for start in uses.keys() {
        if seen.contains(start) {
            continue;
        }
        if let Some(way) = way_back(start, uses) {
            seen.extend(way.iter().cloned());
            let steps: Vec<String> = way
                .iter()
                .zip(way.iter().cycle().skip(1))
                .map(|(from, to)| format!("{from} uses {to} ({})", uses[from][to]))
                .collect();
            found.push(steps.join(", "));
        }
    }
    found
}

fn way_back(
    start: &String,
    uses: &BTreeMap<String, BTreeMap<String, String>>,
) -> Option<Vec<String>> {
    let mut before: BTreeMap<&String, &String> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in uses.get(at).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let mut way = vec![at.clone()];
                while way.last().unwrap() != start {
                    way.push(before[way.last().unwrap()].clone());
                }
                way.reverse();
                return Some(way);
            }
            if next != start && !before.contains_key(next) {
                before.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}
