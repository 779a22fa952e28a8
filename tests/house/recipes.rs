//! The recipes of CONTRIBUTING.md can be followed: the files that they name exist, what they
//! say is in a file is in it, and their tests are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The headings of the four recipes.
const RECIPES: [&str; 4] = [
    "A new finding",
    "A new server",
    "A new client",
    "A new platform for trust plans",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is below a heading of CONTRIBUTING.md, in one line.
fn recipe(heading: &str) -> String {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, below) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let own = below.split("\n## ").next().unwrap();
    own.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words in backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn is_path(word: &str) -> bool {
    let begins = ["src/", "tests/", "testdata/", "docs/", "schema/"];
    begins.iter().any(|start| word.starts_with(start)) && !word.contains([' ', '*', '<'])
}

#[test]
fn the_files_exist() {
    let mut seen = 0;
    for heading in RECIPES {
        for path in quoted(&recipe(heading))
            .into_iter()
            .filter(|word| is_path(word))
        {
            assert!(root().join(path).exists(), "{heading}: {path}");
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen} files");
}

/// "`a.rs` has `text`": a step's example, as the worked one has it.
#[test]
fn the_worked_examples_are_in_the_files() {
    let least = [9, 12, 6, 10];
    for (heading, least) in RECIPES.into_iter().zip(least) {
        let text = recipe(heading);
        let mut seen = 0;
        for part in text.split(" has `").collect::<Vec<_>>().windows(2) {
            let file = part[0]
                .strip_suffix('`')
                .and_then(|before| before.rsplit('`').next());
            let file = file.filter(|word| is_path(word));
            let file = file.unwrap_or_else(|| panic!("{heading}: no file before {:?}", part[1]));
            // Several: "has `this`, `that` and `those`".
            let mut rest = part[1];
            loop {
                let (example, behind) = rest.split_once('`').unwrap();
                let content = fs::read_to_string(root().join(file)).unwrap();
                let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(
                    content.contains(example),
                    "{heading}: {example} is not in {file}"
                );
                seen += 1;
                let next = [", `", " and `"];
                match next.iter().find_map(|start| behind.strip_prefix(start)) {
                    Some(next) => rest = next,
                    None => break,
                }
            }
        }
        assert!(seen >= least, "{heading}: {seen} examples");
    }
}

/// `cargo test --lib rule`: a module of that name; `--test real servers_real`: a file of that
/// binary.
#[test]
fn the_tests_are_there() {
    for heading in RECIPES {
        let text = recipe(heading);
        let mut seen = 0;
        for command in quoted(&text) {
            let Some((_, arguments)) = command.split_once("cargo test --") else {
                continue;
            };
            let words: Vec<_> = arguments.split(' ').collect();
            let found = match words.as_slice() {
                ["lib", module] => names(&root().join("src")).contains(*module),
                ["test", binary] => root().join("tests").join(binary).join("main.rs").exists(),
                ["test", binary, name] => {
                    names(&root().join("tests").join(binary)).contains(name.trim_end_matches("::"))
                }
                _ => false,
            };
            assert!(found, "{heading}: {command}");
            seen += 1;
        }
        assert!(seen >= 3, "{heading}: {seen} tests");
    }
}

/// The names of the files and directories below one, without what is behind the dot.
fn names(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found
}
