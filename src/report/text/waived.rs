//! What was found and does not count, because a waiver accepts it.

use super::style::{DIM, STRONG};
use super::wrap::wrapped;
use super::{Detail, MOST_ALIKE, MOST_ALIKE_VERBOSE, finding, printable};
use crate::answer::{Answer, Fetched};
use std::fmt::Write;

/// That an error stays although a waiver or a severity names it, and what was fetched; empty if
/// there is neither.
pub fn kept<T>(answer: &Answer<T>, detail: Detail) -> String {
    let fetched = answer.fetched().iter().map(Fetched::words);
    answer
        .kept()
        .into_iter()
        .chain(fetched)
        .map(|line| wrapped("", &printable(&line), "  ", detail.width()))
        .collect()
}

/// The waived findings, each with its reason, its last day, and where the waiver is; empty if
/// there are none.
pub fn waived<T>(answer: &Answer<T>, detail: Detail) -> String {
    let mut out = String::new();
    let most = if detail.verbose {
        MOST_ALIKE_VERBOSE
    } else {
        MOST_ALIKE
    };
    let all = answer.waived();
    if all.is_empty() {
        return out;
    }
    out.push('\n');
    for one in all.iter().take(most) {
        let found = &one.finding;
        let line = format!(
            "{STRONG}waived:{STRONG:#} {}[{}]: {}",
            found.severity.as_str(),
            found.code(),
            printable(&found.message())
        );
        out.push_str(&wrapped("", &line, "  ", detail.width()));
        let _ = writeln!(out, "  {DIM}-->{DIM:#} {}", finding::place(found));
        let waiver = &one.waiver;
        for (word, text) in [
            ("reason", waiver.reason.clone()),
            ("until", format!("{} ({})", waiver.until, waiver.place())),
        ] {
            let first = format!("   {DIM}={DIM:#} {STRONG}{word}:{STRONG:#} ");
            let hanging = " ".repeat(word.len() + 7);
            out.push_str(&wrapped(
                &first,
                &printable(&text),
                &hanging,
                detail.width(),
            ));
        }
    }
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(out, "… and {more} more waived");
    }
    out
}
