//! Error texts beyond those that the pages quote: whole families of them, as the
//! programs' own sources list them, and what is no certificate's fault.
//!
//! The files of `families/` have lines of these forms:
//! `= not.NAME: what it is ~ what to do`, a cause that is no certificate's fault;
//! `@ program ~ source`, where the texts that follow come from;
//! `CODE: text`, with `…` for what changes, and `?` in front of CODE where other
//! faults say it as often. `A|B` is A where the table of codes has it, else B.

use super::page::{Likelihood, Symptom};
use crate::finding::Code;

const FAMILIES: &[&str] = &[
    include_str!("pages/families/openssl.txt"),
    include_str!("pages/families/go.txt"),
    include_str!("pages/families/rustls.txt"),
    include_str!("pages/families/java.txt"),
    include_str!("pages/families/nss.txt"),
    include_str!("pages/families/gnutls.txt"),
    include_str!("pages/families/embedded.txt"),
    include_str!("pages/families/clients.txt"),
    include_str!("pages/families/servers.txt"),
    include_str!("pages/families/web.txt"),
    include_str!("pages/families/mail.txt"),
    include_str!("pages/families/databases.txt"),
    include_str!("pages/families/systems.txt"),
];

/// What is no certificate's fault, with what to do.
const CAUSES: &str = include_str!("pages/families/causes.txt");

/// certcheck's own messages, in the same form: a test pastes every message of every
/// case, and names those that lead elsewhere.
const OWN: &str = include_str!("pages/own.txt");

/// A cause of an error text that is no certificate's fault.
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

/// What a text of the families comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// The fault of this code.
    Code(Code),
    /// A cause of this name that is no certificate's fault.
    Elsewhere(&'static str),
}

/// Name, meaning and cure of every cause that is no certificate's fault.
pub(super) fn causes() -> impl Iterator<Item = Elsewhere> {
    CAUSES.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("= not.")?.split_once(": ")?;
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

/// Every text of other programs, and what it comes from.
pub(super) fn texts() -> impl Iterator<Item = (Cause, Symptom)> {
    FAMILIES.iter().flat_map(|file| read(file))
}

/// Every message of certcheck's own, and its code.
pub(super) fn own() -> impl Iterator<Item = (Cause, Symptom)> {
    read(OWN)
}

fn read(file: &'static str) -> impl Iterator<Item = (Cause, Symptom)> {
    let (mut program, mut source) = ("", "");
    file.lines().filter_map(move |line| {
        if let Some(from) = line.strip_prefix("@ ") {
            (program, source) = from.split_once(" ~ ")?;
            return None;
        }
        let (code, likelihood) = match line.strip_prefix('?') {
            Some(rest) => (rest, Likelihood::Sometimes),
            None => (line, Likelihood::Typical),
        };
        let (codes, text) = code.split_once(": ")?;
        let cause = codes.split('|').find_map(cause)?;
        let symptom = Symptom {
            text,
            program,
            source,
            likelihood,
        };
        Some((cause, symptom))
    })
}

pub(super) fn cause(code: &'static str) -> Option<Cause> {
    match code.strip_prefix("not.") {
        Some(name) => Some(Cause::Elsewhere(name)),
        None => code.parse().ok().map(Cause::Code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_read() {
        let names: BTreeSet<_> = causes().map(|cause| cause.name).collect();
        let mut used = BTreeSet::new();
        let texts: Vec<_> = texts().chain(own()).collect();
        for (cause, symptom) in &texts {
            assert!(
                !symptom.program.is_empty() && symptom.text.len() > 3,
                "{symptom:?}"
            );
            if let Cause::Elsewhere(name) = cause {
                assert!(names.contains(name), "{name} is not explained");
                used.insert(*name);
            }
        }
        // By its words alone.
        used.extend(crate::command::reference::symptom::meant());
        assert_eq!(names, used, "explained, and no text leads there");
        let files = FAMILIES.iter().chain([&OWN]);
        let lines = files.flat_map(|file| file.lines());
        let written = lines.filter(|line| !line.is_empty() && !line.starts_with(['=', '@']));
        assert_eq!(
            written.count(),
            texts.len(),
            "a line has no code that is known"
        );
        assert!(texts.len() > 900, "{}", texts.len());
    }
}
