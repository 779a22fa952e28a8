//! The last test binary that cargo runs: which parts of the tests were not run, why, and
//! how many. It has its own `main`, since libtest hides what passing tests print.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets something unexpected has failed"
)]

#[path = "support/here.rs"]
mod here;

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    // As cargo-nextest asks a binary for its tests.
    if std::env::args().any(|word| word == "--list") {
        return ExitCode::SUCCESS;
    }
    let text = fs::read_to_string(here::record()).unwrap_or_default();
    print!("{}", account(&text));
    forget();
    assert!(account_is_right(), "the account itself is wrong");
    ExitCode::SUCCESS
}

/// What the lines of a record come to, for people.
fn account(record: &str) -> String {
    let mut parts: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for line in record.lines() {
        let mut fields = line.splitn(3, '\t');
        if let (Some(binary), Some(part), Some(why)) = (fields.next(), fields.next(), fields.next())
        {
            parts.insert((binary, part), why);
        }
    }
    let count = match parts.len() {
        0 => return "\nskipped: 0 parts of the tests that cargo was asked for\n\n".to_owned(),
        1 => "1 part".to_owned(),
        several => format!("{several} parts"),
    };
    let mut text =
        format!("\nskipped: {count} of the tests (.ci/run installs all programs, and runs them)\n");
    let width = parts.keys().map(|(binary, _)| binary.len()).max().unwrap();
    for ((binary, part), why) in parts {
        text += &format!("  {binary:width$}  {part}: {why}\n");
    }
    text + "\n"
}

fn account_is_right() -> bool {
    let text =
        account("trust\topenssl\tnot installed\ntrust\topenssl\tnot installed\nprobe\tgo\told\n");
    text.contains("skipped: 2 parts of")
        && text.contains("  probe  go: old\n")
        && text.contains("  trust  openssl: not installed\n")
        && account("").contains("skipped: 0 parts")
}

/// Removes this run's record, and those that single binaries left a day ago.
fn forget() {
    let _ = fs::remove_file(here::record());
    for entry in fs::read_dir(here::folder()).into_iter().flatten().flatten() {
        let age = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .map(|moment| moment.elapsed());
        if matches!(age, Ok(Ok(age)) if age > Duration::from_secs(86_400)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
