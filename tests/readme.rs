//! The README's transcripts are what the program prints.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// As many transcripts as there are at least.
const LEAST: usize = 4;

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
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let transcripts: Vec<_> = readme
        .split("```console\n$ certcheck ")
        .skip(1)
        .map(|rest| {
            rest.split_once("\n```")
                .unwrap()
                .0
                .split_once('\n')
                .unwrap()
        })
        .collect();
    assert!(
        transcripts.len() >= LEAST,
        "{} transcripts",
        transcripts.len()
    );
    for (words, expected) in transcripts {
        let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
            .args(words.split(' '))
            .args(["--at", "2026-11-22T00:00:00Z"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            printed.starts_with(expected),
            "certcheck {words}\n--- README\n{expected}\n--- printed\n{printed}"
        );
    }
}
