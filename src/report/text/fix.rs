//! The edit that repairs a chain, as a diff of sections.

use super::printable;
use super::style::{DIM, STRONG};
use crate::command::chain::{Action, Change, Fix};
use std::fmt::Write;

/// How many similar lines in a row are written out.
const MOST_ALIKE: usize = 10;

/// What is removed, what is added, and what stays.
pub(super) fn write(out: &mut String, fix: &Fix, complete: bool) {
    if !fix.needed {
        let words = if complete {
            "nothing to repair"
        } else {
            "these files cannot repair it"
        };
        let _ = writeln!(out, "{STRONG}fix{STRONG:#}        {words}");
    } else {
        let _ = writeln!(out, "{STRONG}fix{STRONG:#}");
        changes(out, &fix.changes);
    }
    if !fix.unused.is_empty() {
        let _ = writeln!(out, "{STRONG}not used{STRONG:#}");
        changes(out, &fix.unused);
    }
    if fix.text_left_out > 0 {
        let _ = writeln!(
            out,
            "{STRONG}left out{STRONG:#}   {} bytes of text around the sections",
            fix.text_left_out
        );
    }
    match fix.private_key {
        "kept" => {
            let _ = writeln!(
                out,
                "{STRONG}key{STRONG:#}        kept: keep the file secret"
            );
        }
        "left-out" => {
            let _ = writeln!(
                out,
                "{STRONG}key{STRONG:#}        left out: it stays where it is"
            );
        }
        _ => {}
    }
    if !fix.healed.is_empty() {
        let codes: Vec<_> = fix.healed.iter().map(|code| code.as_str()).collect();
        let _ = writeln!(out, "{STRONG}repaired{STRONG:#}   {}", codes.join(", "));
    }
    match &fix.written {
        Some(written) => {
            let mode = if written.secret { ", mode 0600" } else { "" };
            let plural = if written.sections == 1 { "" } else { "s" };
            let _ = writeln!(
                out,
                "{STRONG}wrote{STRONG:#}      {} {DIM}({} section{plural}, {} bytes{mode}; read back and judged again){DIM:#}",
                printable(&written.path),
                written.sections,
                written.bytes
            );
        }
        None if !fix.needed => {}
        None => {
            let _ = writeln!(
                out,
                "{STRONG}wrote{STRONG:#}      nothing {DIM}(-o FILE writes it){DIM:#}"
            );
        }
    }
}

fn changes(out: &mut String, changes: &[Change]) {
    // Runs of similar lines are shortened, so that the order of the file stays visible.
    let alike = |a: &Change, b: &Change| a.action == b.action && a.subject == b.subject;
    for run in changes.chunk_by(alike) {
        for change in run.iter().take(MOST_ALIKE) {
            line(out, change);
        }
        if let Some(more) = run.len().checked_sub(MOST_ALIKE).filter(|more| *more > 0) {
            let sign = run.first().map_or(' ', |change| sign(change.action));
            let _ = writeln!(out, " {sign} … and {more} more of the same");
        }
    }
}

const fn sign(action: Action) -> char {
    match action {
        Action::Remove => '-',
        Action::Add => '+',
        Action::Keep | Action::Leave => ' ',
    }
}

fn line(out: &mut String, change: &Change) {
    let lines = change.lines.map_or_else(String::new, |lines| {
        format!(":{}-{}", lines.first, lines.last)
    });
    let name = change.subject.as_deref().unwrap_or_default();
    let why = change.why.as_deref().map_or_else(String::new, |why| {
        format!("  {DIM}{}{DIM:#}", printable(why))
    });
    let _ = writeln!(
        out,
        " {} {}{}{}  {}{lines}{why}",
        sign(change.action),
        change.kind,
        if name.is_empty() { "" } else { " " },
        printable(name),
        printable(&change.source),
    );
}
