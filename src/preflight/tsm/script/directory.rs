//! Where relative paths of a script start: what `cd` and its kind change.

use super::lexer::Word;
use super::pieces::OWN_DIRECTORY;
use crate::source::Lines;

/// The directory in which a command of a script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Directory {
    /// Where the script is started.
    Start,
    /// That of the script's own file: `cd "$(dirname "$0")"`, `cd /d %~dp0`.
    OfScript,
    /// Changed on this line to another one.
    ChangedOn(usize),
}

/// Commands that change the directory, in any of the three shells.
const CHANGES: &[&str] = &[
    "cd",
    "chdir",
    "pushd",
    "popd",
    "set-location",
    "sl",
    "push-location",
    "pop-location",
];

/// How scripts name their own directory.
const OWN: &[&str] = &[OWN_DIRECTORY, "${0%/*}", "%~dp0", "$PSScriptRoot"];

/// Where a program with these words behind it leads, if it changes the directory.
pub(super) fn change(program: &str, behind: &[Word], line: usize) -> Option<Directory> {
    if !CHANGES.contains(&program) {
        return None;
    }
    let mut targets = behind.iter().filter(|word| {
        let option = word.text.starts_with('-') && word.text.len() > 1;
        !option && !word.text.eq_ignore_ascii_case("/d") && !is_operator(word)
    });
    let own = |word: &Word| {
        let text = word.text.trim_matches('"').trim_end_matches(['/', '\\']);
        OWN.contains(&text)
    };
    Some(match (targets.next(), targets.next()) {
        (Some(word), None) if own(word) => Directory::OfScript,
        _ => Directory::ChangedOn(line),
    })
}

fn is_operator(word: &Word) -> bool {
    !word.quoted && word.text.as_str() == "--"
}

/// The directory of a command: the last change on its line or before.
pub(super) fn at(changes: &[(usize, Directory)], lines: Option<Lines>) -> Directory {
    let first = lines.map_or(usize::MAX, |lines| lines.first);
    let before = changes.iter().rev().find(|(line, _)| *line <= first);
    before.map_or(Directory::Start, |(_, directory)| *directory)
}
