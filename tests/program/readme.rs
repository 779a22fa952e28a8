//! The transcripts in README and docs/ are what the program prints: every `console`
//! block, every command in it. A line `…` of its own stands for lines left out.
#![cfg(feature = "cli")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As many transcripts as there are at least.
const LEAST: usize = 4;

const BLOCK: &str = "```console\n";
const PROMPT: &str = "$ certcheck ";

/// The commands of a block, each with what it prints.
fn transcripts(block: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if line.starts_with("$ ") {
            let words = line
                .strip_prefix(PROMPT)
                .unwrap_or_else(|| panic!("only certcheck can be tried here: {line}"));
            found.push((words.to_owned(), String::new()));
        } else {
            let last = found.last_mut().expect("a block begins with a command");
            last.1 += line;
            last.1.push('\n');
        }
    }
    found
}

/// Whether `printed` is `expected`, where a line `…` may be any lines.
fn is_like(expected: &str, printed: &str) -> bool {
    let mut parts = expected.split("…\n");
    let mut rest = match printed.strip_prefix(parts.next().unwrap_or_default()) {
        Some(rest) => rest,
        None => return false,
    };
    let mut cut = false;
    for part in parts {
        cut = true;
        // A part begins at the start of a line.
        let found = rest.match_indices(part).find(|(at, _)| {
            part.is_empty() || *at == 0 || rest.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\n')
        });
        let Some((at, _)) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    (cut && expected.ends_with("…\n")) || rest.trim_end().is_empty()
}

#[test]
fn the_comparison_sees_what_differs() {
    assert!(is_like("one\ntwo\n", "one\ntwo\n\n"));
    assert!(!is_like("one\n", "one\ntwo\n"));
    assert!(!is_like("one\ntwo\n", "one\n"));
    assert!(is_like("one\n…\n", "one\ntwo\n"));
    assert!(is_like("…\ntwo\n", "one\ntwo\n"));
    assert!(!is_like("…\nwo\n", "one\ntwo\n"));
    assert!(is_like("one\n…\nfour\n", "one\ntwo\nthree\nfour\n"));
    assert!(!is_like("one\n…\nthree\n", "one\ntwo\nthree\nfour\n"));
}

#[test]
fn transcripts_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root.join("testdata/pki")).unwrap() {
        let path = entry.unwrap().path();
        let copy = folder.path().join(path.file_name().unwrap());
        fs::copy(&path, &copy).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let mut documents: Vec<PathBuf> = vec![root.join("README.md")];
    let all = fs::read_dir(root.join("docs")).unwrap();
    documents.extend(all.map(|entry| entry.unwrap().path()));
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let (mut seen, mut wrong) = (0, String::new());
    for document in &documents {
        let text = fs::read_to_string(document).unwrap();
        for rest in text.split(BLOCK).skip(1) {
            let block = rest.split_once("```").expect("a block ends").0;
            for (words, expected) in transcripts(block) {
                seen += 1;
                let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
                    .args(words.split(' '))
                    .args(["--at", "2026-11-22T00:00:00Z"])
                    .current_dir(folder.path())
                    .env_clear()
                    .output()
                    .unwrap();
                let printed = String::from_utf8(output.stdout).unwrap();
                if !is_like(&expected, &printed) {
                    let name = document.strip_prefix(root).unwrap().display();
                    wrong += &format!(
                        "{name}: certcheck {words}\n--- written\n{expected}--- printed\n{printed}{}\n",
                        String::from_utf8_lossy(&output.stderr)
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen >= LEAST, "{seen} transcripts");
}
