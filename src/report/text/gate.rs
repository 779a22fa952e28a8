//! The report on a gate.

use super::style::{GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, printable, write_checks, write_findings};
use crate::answer::{Answer, Verdict};
use crate::command::gate::GateResult;
use crate::finding::Severity;
use crate::shown::counted;

/// The whole report.
pub fn gate(answer: &Answer<GateResult>, detail: Detail) -> String {
    if detail.quiet {
        return super::quiet(&answer.findings, || headline(answer) + "\n");
    }
    let mut out = wrapped("", &headline(answer), "  ", detail.width());
    if detail.verbose {
        for (path, what) in &answer.result.files {
            let line = format!("{what:<10} {}", printable(path));
            out.push_str(&wrapped("  ", &line, "    ", detail.width()));
        }
    }
    if !answer.findings.is_empty() {
        out.push('\n');
    }
    write_findings(&mut out, &answer.findings, detail);
    write_checks(&mut out, &answer.checks, detail);
    out.push_str(&wrapped("", &closing(None, answer), "  ", detail.width()));
    out
}

fn headline(answer: &Answer<GateResult>) -> String {
    let result = &answer.result;
    let all = counted(result.files.len() as u64, "path");
    let number = |wanted: &str| {
        let found = result.files.iter().filter(|(_, what)| *what == wanted);
        found.count() as u64
    };
    let (style, word, why) = if answer.verdict() == Verdict::Pass {
        let judged = result.judged_at.map(|at| at.to_string());
        let judged = judged.unwrap_or_default();
        let with = match result.options.as_slice() {
            [] => String::new(),
            options => format!(", with {}", options.join(" ")),
        };
        let same = counted(number("same"), "path");
        let unread = match number("present") {
            0 => String::new(),
            unread => format!(
                "; {} still there, contents not compared",
                counted(unread, "password file")
            ),
        };
        let why = format!(
            "{same} unchanged since {judged}, judged for {}{with}{unread}",
            result.server
        );
        (GOOD, "passes", why)
    } else {
        let differ = result.files.len() as u64 - number("same") - number("present");
        let why = match differ {
            0 => "the receipt does not allow it".to_owned(),
            count => format!("{count} of {all} changed since the preflight"),
        };
        (severity_style(Severity::Error), "refused", why)
    };
    format!(
        "{style}{word}{style:#}{STRONG}: {}{STRONG:#}",
        printable(&why)
    )
}
