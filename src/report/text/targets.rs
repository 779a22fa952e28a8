//! Several targets: the verdict of all, each target's own report, one summary.

use super::style::{DIM, GOOD, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, printable, write_findings};
use crate::answer::{Answer, Verdict};
use crate::finding::Severity;
use crate::report::Word;
use crate::report::targets::{Target, TargetsResult};
use crate::rule::Finding;
use anstyle::Style;
use std::fmt::Write;

/// The targets, in the order of the file.
pub fn targets(answer: &Answer<TargetsResult>, detail: Detail) -> String {
    let mut out = String::new();
    let targets = &answer.result.targets;
    if detail.quiet {
        for target in targets
            .iter()
            .filter(|one| one.verdict != Some(Verdict::Pass) || one.word == Some(Word::NoError))
        {
            line(&mut out, target, detail);
        }
        if out.is_empty() {
            let _ = writeln!(out, "{}", closing(Some("run"), answer));
        }
        return out;
    }
    for target in targets.iter().filter(|target| !target.text.is_empty()) {
        let _ = writeln!(out, "{STRONG}── {} ──{STRONG:#}", printable(&target.name));
        out.push_str(&target.text);
        out.push('\n');
    }
    let own = |one: &&Finding| one.code().area() == "waiver";
    let mut about: Vec<Finding> = answer.findings.iter().filter(own).cloned().collect();
    // The report of the target said this already.
    about.retain(|one| {
        !targets
            .iter()
            .any(|target| target.text.contains(&one.message()))
    });
    write_findings(&mut out, &about, detail);
    let _ = writeln!(out, "{STRONG}{}{STRONG:#}", answer.result.headline());
    for target in targets {
        line(&mut out, target, detail);
    }
    let _ = writeln!(out, "{}", closing(Some("run"), answer));
    out
}

fn line(out: &mut String, target: &Target, detail: Detail) {
    let (style, word) = word(target.word);
    let name = printable(&target.name);
    let mut line = format!("{style}{word:<10}{style:#} {name}");
    let count = |member: &str| {
        let summary = target.document.get("summary");
        let count = summary.and_then(|summary| summary.get(member)?.as_u64());
        count.unwrap_or(0)
    };
    let mut parts: Vec<_> = target.why.iter().cloned().collect();
    for (member, one, many) in [
        ("error", "error", "errors"),
        ("warning", "warning", "warnings"),
        ("waived", "waived", "waived"),
    ] {
        match count(member) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            count => parts.push(format!("{count} {many}")),
        }
    }
    parts.extend(
        target
            .failure
            .as_deref()
            .map(|why| printable(why).into_owned()),
    );
    if !parts.is_empty() {
        let _ = write!(line, " {DIM}{}{DIM:#}", parts.join(", "));
    }
    out.push_str(&wrapped("  ", &line, "             ", detail.width()));
}

fn word(word: Option<Word>) -> (Style, &'static str) {
    let style = match word {
        Some(Word::Fit) => GOOD,
        Some(Word::NothingToCheck) => DIM,
        Some(Word::Undecided | Word::NoError) => severity_style(Severity::Warning),
        Some(Word::NotFit) | None => severity_style(Severity::Error),
    };
    (style, word.map_or("not judged", Word::as_str))
}
