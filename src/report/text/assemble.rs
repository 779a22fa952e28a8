//! The report on what was assembled.

use super::style::{GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, finding, printable, write_checks, write_findings};
use crate::answer::{Answer, Fetched, Verdict};
use crate::client;
use crate::command::assemble::{AssembleResult, Part};
use crate::finding::Severity;
use crate::shown::counted;

/// The whole report.
pub fn assembled(answer: &Answer<AssembleResult>, detail: Detail) -> String {
    if detail.quiet {
        return super::quiet(&answer.findings, || headline(answer) + "\n");
    }
    let result = &answer.result;
    let mut out = wrapped("", &headline(answer), "  ", detail.width());
    if let Some(directory) = &result.directory {
        for file in &result.files {
            let key = if file.is_secret {
                ", private key, mode 0600"
            } else {
                ""
            };
            let count = match file.certificates {
                0 => String::new(),
                count => format!(", {}", counted(count, "certificate")),
            };
            let path = format!("{}/{}", directory.trim_end_matches('/'), file.name);
            let line = format!("{STRONG}wrote{STRONG:#} {}{count}{key}", printable(&path));
            out.push_str(&wrapped("  ", &line, "    ", detail.width()));
        }
        for line in &result.settings {
            // To be typed as shown: never wrapped.
            out.push_str(&format!("      {}\n", printable(line)));
        }
    }
    for fetched in &result.fetched {
        write_fetched(&mut out, fetched, detail);
    }
    for part in result.used.iter().filter(|_| detail.verbose) {
        write_part(&mut out, "used", part, detail);
    }
    for part in &result.left_out {
        write_part(&mut out, "left out", part, detail);
    }
    if !answer.findings.is_empty() {
        out.push('\n');
    }
    write_findings(&mut out, &answer.findings, detail);
    write_checks(&mut out, &answer.checks, detail);
    out.push_str(&wrapped("", &closing(None, answer), "  ", detail.width()));
    out
}

fn write_part(out: &mut String, word: &str, part: &Part, detail: Detail) {
    let why = part.why.map_or_else(String::new, |why| format!(": {why}"));
    let (subject, source) = (printable(&part.subject), printable(&part.source));
    let line = format!("{STRONG}{word}{STRONG:#} {subject} ({source}){why}");
    out.push_str(&wrapped("  ", &line, "    ", detail.width()));
}

fn write_fetched(out: &mut String, fetched: &Fetched, detail: Detail) {
    let issuer = printable(&fetched.issuer);
    let from = match &fetched.url {
        Some(url) => format!(" from {}", printable(url)),
        None if fetched.sha256.is_some() => ", fetched by an earlier run".to_owned(),
        None => String::new(),
    };
    let word = match fetched.sha256 {
        Some(_) => "fetched",
        None => "not fetched:",
    };
    let why = fetched.why.as_deref();
    let why = why.map_or_else(String::new, |why| format!(": {}", printable(why)));
    let line = format!("{STRONG}{word}{STRONG:#} {issuer}{from}{why}");
    out.push_str(&wrapped("  ", &line, "    ", detail.width()));
}

fn headline(answer: &Answer<AssembleResult>) -> String {
    let result = &answer.result;
    if result.directory.is_none() {
        let is_error = |one: &&crate::rule::Finding| one.severity == Severity::Error;
        let why = answer.findings.iter().find(is_error);
        let why = why.map_or_else(|| "see below".to_owned(), finding::headline);
        let style = severity_style(Severity::Error);
        return format!(
            "{style}nothing was written{style:#}{STRONG}: {}{STRONG:#}",
            printable(&why)
        );
    }
    let clients = result.preflight.iter().flat_map(|result| &result.clients);
    let deciding: Vec<_> = clients.filter(|row| row.decides).collect();
    let accept = deciding
        .iter()
        .filter(|row| row.verdict == client::Verdict::Accepts);
    let assumed = result.preflight.as_ref();
    let assumed = assumed.is_some_and(|result| result.assumed_anchor.is_some());
    let provided = if assumed {
        ", if they trust the topmost issuer (no --anchors given)"
    } else {
        ""
    };
    let (style, word) = match answer.verdict() {
        Verdict::Pass => (GOOD, "assembled"),
        _ => (
            severity_style(Severity::Warning),
            "assembled, and undecided",
        ),
    };
    format!(
        "{style}{word}{style:#}{STRONG}: for {}; {} of {} clients accept{provided}{STRONG:#}",
        result.server,
        accept.count(),
        deciding.len()
    )
}
