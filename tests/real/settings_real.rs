//! The settings of testdata/settings-real against what the real servers did
//! with them: what fails there is never a pass, and of what works no more than
//! one in twenty is anything but a pass.
#![cfg(feature = "cli")]

use crate::support;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// How many settings there are; fewer compared fail.
const ROWS: usize = 123;

/// The moment at which the certificates are judged: when the servers were measured.
const AT: &str = "2026-11-28T18:00:00Z";

/// A copy of the settings with its own path in them, and keys as servers want them.
fn copy(from: &Path, to: &Path, root: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target, root);
            continue;
        }
        let bytes = fs::read(&source).unwrap();
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text.replace("@ROOT@", root).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        fs::write(&target, bytes).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let key = target
                .extension()
                .is_some_and(|end| end == "key" || end == "enc");
            let mode = if key { 0o600 } else { 0o644 };
            fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

/// Exit code, verdict, and the checks that did not run.
fn judged(command: &str) -> (i32, String) {
    // Who owns the copy, runs the server.
    let words = command.replace(" --run-as postgres", "");
    let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args(words.split(' '))
        .args(["--format", "json", "--at", AT])
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let codes: Vec<_> = document["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| finding["code"].to_string())
        .collect();
    let open: Vec<_> = document["checks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|check| check["outcome"] == "not-run")
        .map(|row| format!("{}: {}", row["check"], row["reason"]))
        .collect();
    (
        output.status.code().unwrap(),
        format!("{} {codes:?} {open:?}", document["verdict"]),
    )
}

#[test]
fn what_the_real_servers_refuse_is_never_passed() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().canonicalize().unwrap();
    let root = root.to_str().unwrap();
    copy(
        &support::testdata().join("settings-real"),
        Path::new(root),
        root,
    );
    let table = fs::read_to_string(Path::new(root).join("settings.tsv")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .map(|row| row.split('\t').collect())
        .collect();
    let (mut compared, mut sound, mut decided) = (0, 0, 0);
    let (mut passed_wrongly, mut not_passed) = (Vec::new(), Vec::new());
    for row in &rows {
        let (exit, found) = judged(row[4]);
        compared += 1;
        let line = format!(
            "{} {}: {} there, {exit} here {found}",
            row[0], row[1], row[2]
        );
        match (row[2], exit) {
            ("OK", 0) => sound += 1,
            ("OK", _) => {
                sound += 1;
                not_passed.push(line);
            }
            ("TEST" | "START" | "HANDSHAKE", 0) => passed_wrongly.push(line),
            ("TEST" | "START" | "HANDSHAKE", 1 | 2) => {
                decided += usize::from(found.starts_with("\"fail\""));
            }
            _ => panic!("{line}"),
        }
    }
    let broken = compared - sound;
    println!(
        "{compared} settings: {sound} sound, {} of them not passed; {broken} broken, {decided} of them refused, \
         {} passed",
        not_passed.len(),
        passed_wrongly.len()
    );
    let differ = passed_wrongly.len();
    support::here::compared("settings", "five servers", compared, ROWS, differ);
    assert!(
        passed_wrongly.is_empty(),
        "passed wrongly:\n{}",
        passed_wrongly.join("\n")
    );
    assert!(
        not_passed.len() * 20 <= sound,
        "sound and not passed:\n{}",
        not_passed.join("\n")
    );
}
