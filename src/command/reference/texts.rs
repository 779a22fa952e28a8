//! Error texts that no page shows: whole lists from the programs' own sources, and certcheck's own
//! messages.
//!
//! They are at the end of the page of the code that they lead to, next to its rule, or in
//! `pages/causes.txt` under a cause other than a certificate. The lines are: `From: program ~
//! source`, the origin of the texts that follow; `Text: text`, with `…` for what changes; `Maybe:
//! text`, if other faults produce it as often; `Says: text` and `Maybe says: text`, certcheck's own
//! messages. In `causes.txt` a cause begins with `= NAME: what it is ~ what to do`.

use super::page::{Likelihood, Symptom};
use crate::finding::Code;
use crate::rule::CodeInfo;

const CAUSES: &str = include_str!("pages/causes.txt");

/// A cause of an error text that is not the fault of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Elsewhere {
    /// Its name, `broken-connection`.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// The text that fits.
    pub text: &'static str,
    /// The program that says it.
    pub program: &'static str,
}

/// What a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// The fault of this code.
    Code(Code),
    /// A cause of this name that is not the fault of a certificate.
    Elsewhere(&'static str),
}

impl Cause {
    /// The cause called `name`: a code, or `not.NAME`.
    pub(super) fn named(name: &'static str) -> Option<Self> {
        match name.strip_prefix("not.") {
            Some(name) => Some(Self::Elsewhere(name)),
            None => name.parse().ok().map(Self::Code),
        }
    }
}

/// Every cause that is not the fault of a certificate.
pub(super) fn causes() -> impl Iterator<Item = Elsewhere> {
    sections().filter_map(|section| {
        let (name, rest) = section.lines().next()?.split_once(": ")?;
        let (what, fix) = rest.split_once(" ~ ")?;
        Some(Elsewhere {
            name,
            what,
            fix,
            text: "",
            program: "",
        })
    })
}

/// Every listed text of other programs, and what it comes from.
pub(super) fn listed() -> impl Iterator<Item = (Cause, Symptom)> {
    lists().flat_map(|(cause, list)| {
        let (mut program, mut source) = ("", "");
        list.lines().filter_map(move |line| {
            let (name, text) = line.split_once(": ")?;
            let likelihood = match name {
                "From" => {
                    (program, source) = text.split_once(" ~ ")?;
                    return None;
                }
                "Text" => Likelihood::Typical,
                "Maybe" => Likelihood::Sometimes,
                _ => return None,
            };
            let symptom = Symptom {
                text,
                program,
                source,
                likelihood,
            };
            Some((cause, symptom))
        })
    })
}

/// Each of certcheck's own messages, and its code. A test pastes every message of every case, and
/// lists those that lead elsewhere.
pub(super) fn own() -> impl Iterator<Item = (Cause, Symptom)> {
    lists().flat_map(|(cause, list)| {
        list.lines().filter_map(move |line| {
            let (name, text) = line.split_once(": ")?;
            let likelihood = match name {
                "Says" => Likelihood::Typical,
                "Maybe says" => Likelihood::Sometimes,
                _ => return None,
            };
            let symptom = Symptom {
                text,
                program: "certcheck",
                source: "certcheck's own messages",
                likelihood,
            };
            Some((cause, symptom))
        })
    })
}

/// The lines of each code, and of each other cause.
fn lists() -> impl Iterator<Item = (Cause, &'static str)> {
    let codes = CodeInfo::all().map(|info| (Cause::Code(info.code), info.page));
    let others = sections().filter_map(|section| {
        let (name, _) = section.split_once(": ")?;
        Some((Cause::Elsewhere(name), section))
    });
    codes.chain(others)
}

fn sections() -> impl Iterator<Item = &'static str> {
    CAUSES
        .split("\n\n")
        .filter_map(|section| section.strip_prefix("= "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_read() {
        let names: BTreeSet<_> = causes().map(|cause| cause.name).collect();
        assert_eq!(names.len(), CAUSES.matches("= ").count());
        let texts: Vec<_> = listed().chain(own()).collect();
        let mut used: BTreeSet<_> = crate::command::reference::symptom::meant().collect();
        for (cause, symptom) in &texts {
            assert!(
                !symptom.program.is_empty() && symptom.text.len() > 3,
                "{symptom:?}"
            );
            if let Cause::Elsewhere(name) = cause {
                used.insert(*name);
            }
        }
        assert_eq!(names, used, "explained, and no text leads there");
        let lines = lists().flat_map(|(_, list)| list.lines());
        let is_text = |line: &&str| {
            let (name, _) = line.split_once(": ").unwrap_or_default();
            matches!(name, "Text" | "Maybe" | "Says" | "Maybe says")
        };
        assert_eq!(lines.filter(is_text).count(), texts.len());
        for section in sections() {
            for line in section.lines().skip(1) {
                assert!(is_text(&line) || line.starts_with("From: "), "{line}");
            }
        }
        assert!(texts.len() > 2000, "{}", texts.len());
    }
}
