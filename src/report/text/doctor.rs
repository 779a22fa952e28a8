//! One screen about a machine's servers, the worst first.

use super::program::program;
use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, finding, printable, write_findings};
use crate::answer::{Answer, Verdict};
use crate::command::doctor::{DoctorResult, ServerFound};
use crate::finding::Severity;
use crate::report::Word;
use crate::rule::Finding;
use std::fmt::Write;

/// The most findings that are named without `-v`: what fits a screen.
const MOST: usize = 12;

/// The servers, and what was found about them.
pub fn doctor(answer: &Answer<DoctorResult>, detail: Detail) -> String {
    let mut out = String::new();
    if detail.quiet {
        return super::quiet(&answer.findings, || closing(Some("doctor"), answer));
    }
    let servers = &answer.result.servers;
    let bad = servers
        .iter()
        .filter(|found| found.verdict == Verdict::Fail);
    let all = answer.result.found();
    let word = Word::of_doctor(answer);
    let why = match (word, bad.count()) {
        (Word::NotFit, 0) => format!("{all}; the errors are outside their settings"),
        (Word::NotFit, count) => {
            format!("{count} of {} with errors", all.trim_end_matches(" found"))
        }
        (Word::Undecided, _) => format!("{all}, but certcheck could not read everything"),
        (Word::NothingToCheck, _) => format!("{all}, without TLS"),
        (Word::NoError, _) => format!("{all}, but some want the same port"),
        (Word::Fit, _) => all,
    };
    let verdict = format!("{}: {why}", word.as_str());
    let _ = writeln!(out, "{STRONG}{verdict}{STRONG:#}");
    let system = &answer.result.system;
    if !system.is_empty() {
        out.push_str(&wrapped("  ", &printable(system), "  ", detail.width()));
    }
    for found in servers {
        server(&mut out, found, detail);
    }
    let denied = |reason: &String| reason.contains("ermission denied");
    if servers
        .iter()
        .any(|found| found.undecided.iter().any(denied))
    {
        out.push_str("  run certcheck as root to include what this user may not read\n");
    }
    for (path, why) in &answer.result.not_read {
        let line = format!("not read: {}: {}", printable(path), printable(why));
        out.push_str(&wrapped("  ", &line, "    ", detail.width()));
    }
    // Notices are only counted, in the last line.
    let matters = |one: &&Finding| one.severity != Severity::Notice;
    let all: Vec<_> = answer.findings.iter().filter(matters).collect();
    if !all.is_empty() {
        out.push('\n');
    }
    if detail.verbose {
        write_findings(&mut out, &answer.findings, detail);
    } else {
        // The same finding about several files (copies of a certificate) is shown once.
        let mut groups: Vec<(&Finding, Vec<&Finding>)> = Vec::new();
        for one in all {
            let same = |group: &&mut (&Finding, Vec<&Finding>)| {
                group.0.evidence == one.evidence && group.0.severity == one.severity
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.1.push(one),
                None => groups.push((one, Vec::new())),
            }
        }
        for (one, others) in groups.iter().take(MOST) {
            let mut line = String::new();
            finding::write_line(&mut line, one);
            out.push_str(&wrapped("", line.trim_end(), "  ", detail.width()));
            if !others.is_empty() {
                let places: Vec<_> = others.iter().map(|one| finding::place(one)).collect();
                let line = format!("also: {}", places.join(", "));
                out.push_str(&wrapped("  ", &line, "    ", detail.width()));
            }
            if let Some(remedy) = one.remedy() {
                let text = format!("{DIM}{}{DIM:#}", printable(&remedy.text));
                out.push_str(&wrapped("  = help: ", &text, "    ", detail.width()));
                if let Some(proven) = one.proven() {
                    out.push_str(&wrapped("  = ", &proven, "    ", detail.width()));
                }
            }
        }
        if let Some(more) = groups.len().checked_sub(MOST).filter(|more| *more > 0) {
            let _ = writeln!(out, "… and {more} more (-v explains all)");
        }
    }
    out.push('\n');
    out.push_str(&wrapped(
        "",
        &closing(Some("doctor"), answer),
        "  ",
        detail.width(),
    ));
    out
}

fn server(out: &mut String, found: &ServerFound, detail: Detail) {
    let (style, word) = match found.verdict {
        Verdict::Fail => (severity_style(Severity::Error), "not fit"),
        Verdict::Undecided => (severity_style(Severity::Warning), "undecided"),
        Verdict::Pass if found.without_tls => (DIM, "no TLS"),
        Verdict::Pass => (GOOD, "fit"),
    };
    let endpoints = found.preflight.iter().flat_map(|result| &result.scopes);
    let speaks = endpoints.filter(|scope| scope.tls).count();
    let mut what = match (found.stops(), speaks) {
        (true, _) => "would not start".to_owned(),
        (false, 0) => String::new(),
        (false, 1) => "1 endpoint".to_owned(),
        (false, count) => format!("{count} endpoints"),
    };
    for (count, one) in [(found.errors, "error"), (found.warnings, "warning")] {
        if count > 0 {
            let comma = if what.is_empty() { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            let _ = write!(what, "{comma}{count} {one}{plural}");
        }
    }
    let configs = found.config.join(" ");
    let mut line = format!(
        "{style}{word:<9}{style:#} {} {}",
        program(found.server),
        printable(&configs)
    );
    if !what.is_empty() {
        let _ = write!(line, " {DIM}{what}{DIM:#}");
    }
    out.push_str(&wrapped("  ", &line, "            ", detail.width()));
    let startup = found
        .preflight
        .as_ref()
        .and_then(|result| result.startup.as_ref());
    if let Some(reload) = startup.and_then(|startup| startup.reload.as_ref()) {
        out.push_str(&wrapped(
            "            ",
            &printable(&reload.text),
            "            ",
            detail.width(),
        ));
    }
    for reason in found.undecided.iter().take(3) {
        out.push_str(&wrapped(
            "            ",
            &printable(reason),
            "            ",
            detail.width(),
        ));
    }
}
