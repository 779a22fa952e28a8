//! The report on a replacement: the verdict, both certificates side by side, the rest.

use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, finding, printable, write_checks, write_findings};
use crate::answer::{Answer, CheckOutcome, Verdict};
use crate::client;
use crate::finding::Severity;
use crate::preflight::{DiffResult, Side, VerdictChange};
use crate::rule::Finding;
use std::fmt::Write;

/// The whole report.
pub fn diff(answer: &Answer<DiffResult>, detail: Detail) -> String {
    if detail.quiet {
        return super::quiet(&answer.findings, || headline(answer));
    }
    let mut out = wrapped("", &headline(answer), "  ", detail.width());
    out.push('\n');
    out.push_str(&difference(&answer.result, detail));
    out.push('\n');
    write_findings(&mut out, &answer.findings, detail);
    write_checks(&mut out, &answer.checks, detail);
    out.push_str(&wrapped("", &closing(None, answer), "  ", detail.width()));
    out
}

/// `not safe to replace: the new certificate does not cover b.example.com`.
fn headline(answer: &Answer<DiffResult>) -> String {
    let result = &answer.result;
    let (style, word, why) = match answer.verdict() {
        Verdict::Pass if result.same => (
            GOOD,
            "safe to replace",
            "it is the same certificate".to_owned(),
        ),
        Verdict::Pass => {
            let deciding = || result.verdicts.iter().filter(|row| row.decides);
            let all = deciding().count();
            let lost = deciding().filter(|row| row.is_lost()).count();
            let is_won = |row: &&VerdictChange| {
                row.old != client::Verdict::Accepts && row.new == client::Verdict::Accepts
            };
            let won = deciding().filter(is_won).count();
            if lost > 0 {
                let why = format!(
                    "{lost} of {all} clients no longer accept, which --allow or --warn permits"
                );
                (severity_style(Severity::Warning), "replaceable", why)
            } else if won > 0 {
                let why = format!(
                    "no client is lost; {won} of {all} accept the new certificate but not the old one"
                );
                (GOOD, "safe to replace", why)
            } else {
                let why = format!("{all} of {all} clients see no difference");
                (GOOD, "safe to replace", why)
            }
        }
        Verdict::Fail => {
            let is_error = |finding: &&Finding| finding.severity == Severity::Error;
            let first = answer.findings.iter().find(is_error);
            let first = first.or_else(|| answer.findings.first());
            let why = first.map_or_else(|| "see below".to_owned(), finding::headline);
            (severity_style(Severity::Error), "not safe to replace", why)
        }
        Verdict::Undecided => {
            let open = answer.checks.iter().find_map(|check| match &check.outcome {
                CheckOutcome::NotRun {
                    reason,
                    asked_for: true,
                } => Some(reason.clone()),
                _ => None,
            });
            let why = open.unwrap_or_default();
            (severity_style(Severity::Warning), "undecided", why)
        }
    };
    format!(
        "{style}{word}{style:#}{STRONG}: {}{STRONG:#}",
        printable(&why)
    )
}

/// Both sides, line by line: what differs, or everything with `-v`.
pub(super) fn difference(result: &DiffResult, detail: Detail) -> String {
    let mut out = String::new();
    let (old, new) = (&result.old, &result.new);
    let mut row = |label: &str, of: &dyn Fn(&Side) -> String, always: bool| {
        let (old, new) = (of(old), of(new));
        if old == new && !always && !detail.verbose {
            return;
        }
        let text = if old == new {
            printable(&old).into_owned()
        } else {
            format!("{} -> {}", printable(&old), printable(&new))
        };
        let first = format!("  {STRONG}{label:<10}{STRONG:#} ");
        out.push_str(&wrapped(&first, &text, "             ", detail.width()));
    };
    row("file", &|side| side.source.clone(), true);
    row("subject", &|side| side.subject.clone(), true);
    row("issuer", &|side| side.issuer.clone(), false);
    row("key", &|side| key(side), true);
    row("signature", &|side| side.signature_algorithm.clone(), false);
    row("valid", &|side| life(side), true);
    row("usage", &|side| side.key_usage.join(", "), false);
    row(
        "purposes",
        &|side| side.extended_key_usage.join(", "),
        false,
    );
    row("path", &|side| path(side), false);
    let pin = |side: &Side| {
        side.spki_sha256
            .map_or_else(String::new, |pin| pin.to_string())
    };
    row("pin", &pin, false);
    let list = |names: &[String]| match names {
        [] => format!("{DIM}none{DIM:#}"),
        names => printable(&names.join(", ")).into_owned(),
    };
    let _ = writeln!(
        out,
        "  {STRONG}names     {STRONG:#} lost: {}; gained: {}",
        list(&result.lost),
        list(&result.won)
    );
    let key = if result.same_key { "same" } else { "changed" };
    let _ = writeln!(out, "  {STRONG}the key   {STRONG:#} {key}");
    for line in changed(&result.verdicts, detail) {
        let first = format!("  {STRONG}{:<10}{STRONG:#} ", "clients");
        out.push_str(&wrapped(&first, &line, "             ", detail.width()));
    }
    for needed in &result.anchors_needed {
        let _ = writeln!(out, "  {STRONG}to install{STRONG:#} SHA-256 {needed}");
    }
    if detail.verbose {
        for (word, side) in [("old", old), ("new", new)] {
            for record in &side.tlsa {
                let _ = writeln!(out, "  {STRONG}TLSA {word:<5}{STRONG:#} {record}");
            }
        }
    }
    out
}

/// The clients whose verdict changes, similar ones on one line; those that only inform with `-v`.
fn changed(verdicts: &[VerdictChange], detail: Detail) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    let changed = verdicts.iter().filter(|change| change.old != change.new);
    for change in changed.clone() {
        if !change.decides && !detail.verbose {
            continue;
        }
        let mut what = format!("{} -> {}", change.old.as_str(), change.new.as_str());
        if let Some(reason) = change.reason.as_deref().filter(|_| detail.verbose) {
            let _ = write!(what, " ({})", printable(reason));
        }
        match lines.iter_mut().find(|(known, _)| *known == what) {
            Some((_, clients)) => clients.push(&change.client),
            None => lines.push((what, vec![&*change.client])),
        }
    }
    let listed: usize = lines.iter().map(|(_, clients)| clients.len()).sum();
    let mut lines: Vec<_> = lines
        .into_iter()
        .map(|(what, clients)| format!("{what}: {}", clients.join(", ")))
        .collect();
    match changed.count() - listed {
        0 => {}
        1 => lines.push("1 other client changes too (-v)".to_owned()),
        more => lines.push(format!("{more} other clients change too (-v)")),
    }
    lines
}

fn key(side: &Side) -> String {
    match side.bits {
        Some(bits) => format!("{} ({bits} bits)", side.algorithm),
        None => side.algorithm.clone(),
    }
}

fn life(side: &Side) -> String {
    let day = |time: Option<crate::Time>| time.map_or_else(String::new, |time| time.to_string());
    format!("{} to {}", day(side.not_before), day(side.not_after))
}

fn path(side: &Side) -> String {
    let above = side.path.iter().skip(1);
    let above: Vec<_> = above.map(|one| one.subject.as_str()).collect();
    match above.as_slice() {
        [] => "no issuer is sent".to_owned(),
        above => above.join(" < "),
    }
}
