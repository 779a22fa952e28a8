//! Running the program by hand, for what no case can say.

use super::{run, testdata};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) const AT: &str = "2026-11-22T12:00:00Z";

pub(crate) fn pki(name: &str) -> String {
    testdata().join("pki").join(name).display().to_string()
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certcheck"));
    command.env_clear().current_dir(std::env::temp_dir());
    command
}

pub(crate) fn certcheck(words: &[&str]) -> Output {
    let mut command = program();
    command.args(words);
    run(command, b"")
}

/// Sends a signal, `TERM` or `INT`.
pub(crate) fn signal(child: &std::process::Child, name: &str) {
    // The shell's own: a bare system has no program `kill`.
    let line = format!("kill -{name} {}", child.id());
    let sent = Command::new("sh").args(["-c", &line]).status();
    assert!(sent.unwrap().success());
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub(crate) fn code(output: &Output) -> i32 {
    output
        .status
        .code()
        .unwrap_or_else(|| panic!("ended by a signal: {}", stderr(output)))
}

/// The document of a run with `--format json`.
pub(crate) fn document(words: &[&str]) -> (i32, Value) {
    let output = certcheck(&[words, &["--format", "json"]].concat());
    let value = serde_json::from_slice(&output.stdout);
    (
        code(&output),
        value.unwrap_or_else(|e| panic!("{words:?}: {e}: {}", stderr(&output))),
    )
}

pub(crate) fn codes_of(document: &Value) -> Vec<&str> {
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect()
}

/// Exit 2, the name on standard error, nothing on standard output.
#[track_caller]
pub(crate) fn refused(words: &[&str], name: &str) {
    let output = certcheck(words);
    assert_eq!(code(&output), 2, "{words:?}: {}", stderr(&output));
    assert!(
        stderr(&output).contains(name),
        "{words:?}: {}",
        stderr(&output)
    );
    assert_eq!(stdout(&output), "", "{words:?}");
}

pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn put(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

pub(crate) fn listing(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
