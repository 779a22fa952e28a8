//! One finding, in the manner of rustc: headline, place, the facts that the headline
//! does not have, why it matters here, what to do.

use super::style::{DIM, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, printable};
use crate::finding::{Excerpt, Value};
use crate::report::repeats::Omitted;
use crate::rule::Finding;
use anstyle::Style;
use std::fmt::Write;
use textwrap::core::display_width;

/// The whole finding.
pub(super) fn write(out: &mut String, finding: &Finding, detail: Detail) {
    let style = severity_style(finding.severity);
    let head = format!(
        "{style}{}[{}]{style:#}{STRONG}:",
        finding.severity.as_str(),
        finding.code()
    );
    let message = format!("{head} {}{STRONG:#}", printable(&finding.message()));
    out.push_str(&wrapped("", &message, "  ", detail.width()));
    let _ = writeln!(
        out,
        "  {DIM}-->{DIM:#} {} {DIM}({}){DIM:#}",
        place(finding),
        finding.subject.part.as_str().replace('-', " ")
    );
    if let Some(excerpt) = &finding.excerpt {
        write_excerpt(out, excerpt, severity_style(finding.severity));
    }
    write_evidence(out, finding, detail);
    if let Some(consequence) = &finding.consequence {
        note(out, "why", &printable(consequence), detail);
    }
    if let Some(remedy) = finding.remedy() {
        note(out, "help", &printable(&remedy.text), detail);
        for command in &remedy.commands {
            // Never wrapped, so that it can be copied.
            let _ = writeln!(
                out,
                "   {DIM}|{DIM:#}       {STRONG}{}{STRONG:#}",
                printable(command)
            );
        }
        if let Some(then) = &remedy.then {
            note(out, "then", &printable(&then.words()), detail);
        }
        if let Some(proof) = &finding.proof {
            note(out, "after this", &proof.words(), detail);
        }
    }
    if detail.verbose {
        for reference in finding.references() {
            note(out, "see", reference, detail);
        }
    }
}

/// The whole finding on one line: `server.key:1-28: error[key.mismatch]: …`.
pub(super) fn write_line(out: &mut String, finding: &Finding) {
    let style = severity_style(finding.severity);
    let _ = writeln!(
        out,
        "{}: {style}{}[{}]{style:#}: {}",
        place(finding),
        finding.severity.as_str(),
        finding.code(),
        printable(&finding.message())
    );
}

/// Only its message.
pub(super) fn headline(finding: &Finding) -> String {
    finding.message()
}

/// Findings that are not written out are mentioned, and counted in the closing line.
pub(super) fn write_omitted(out: &mut String, omitted: Omitted<'_>) {
    let style = severity_style(omitted.severity);
    let _ = writeln!(
        out,
        "{style}{}[{}]{style:#}{STRONG}: and {} more of the same in {}{STRONG:#}",
        omitted.severity.as_str(),
        omitted.code,
        omitted.count,
        printable(omitted.source)
    );
}

/// The input and its lines.
pub(super) fn place(finding: &Finding) -> String {
    let subject = &finding.subject;
    let lines = match subject.lines {
        Some(lines) if lines.first == lines.last => format!(":{}", lines.first),
        Some(lines) => format!(":{}-{}", lines.first, lines.last),
        None => String::new(),
    };
    format!("{}{lines}", printable(&subject.source))
}

/// The line, and carets below the word.
fn write_excerpt(out: &mut String, excerpt: &Excerpt, style: Style) {
    let Excerpt {
        line,
        text,
        start,
        length,
        ..
    } = excerpt;
    let width = |text: Option<&str>| display_width(&printable(text.unwrap_or_default()));
    let number = line.to_string();
    let margin = " ".repeat(number.len().max(2));
    let indent = " ".repeat(width(text.get(..*start)));
    let carets = "^".repeat(width(text.get(*start..start + length)).max(1));
    let _ = writeln!(out, "{margin} {DIM}|{DIM:#}");
    let _ = writeln!(out, "{number:>2} {DIM}|{DIM:#} {}", printable(text));
    let _ = writeln!(
        out,
        "{margin} {DIM}|{DIM:#} {indent}{style}{carets}{style:#}"
    );
}

/// The facts, one below the other, so that digits can be compared.
fn write_evidence(out: &mut String, finding: &Finding, detail: Detail) {
    let rows: Vec<_> = finding
        .evidence
        .fields()
        .into_iter()
        // An absent fact or an empty list would waste a line.
        .filter(|(_, value)| !matches!(value, Value::Absent) && *value != Value::List(vec![]))
        .collect();
    let rows: Vec<_> = if detail.verbose {
        rows
    } else {
        news(finding, rows)
    };
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, value)| (name.replace('_', " "), value))
        .collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "   {DIM}|{DIM:#}");
    for (name, value) in rows {
        let values = match value {
            Value::List(values) => values,
            value => vec![value],
        };
        for (index, value) in values.iter().enumerate() {
            let name = if index == 0 { name.as_str() } else { "" };
            let _ = writeln!(
                out,
                "   {DIM}|{DIM:#} {DIM}{name:width$}{DIM:#}  {}",
                printable(&value.to_string())
            );
        }
    }
    let _ = writeln!(out, "   {DIM}|{DIM:#}");
}

/// The facts that no sentence of the finding contains: a pair of digests, a list of names. Flags
/// and single digests are for programs; JSON and `-v` have all.
fn news(finding: &Finding, rows: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    let remedy = finding.remedy().unwrap_or_default();
    let mut said = finding.message();
    for text in finding
        .consequence
        .iter()
        .chain([&remedy.text, &finding.subject.source])
        .chain(&remedy.commands)
    {
        said.push('\n');
        said.push_str(text);
    }
    let digits = |value: &Value| match value {
        Value::Text(text) if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => text.len(),
        _ => 0,
    };
    let is_digest = |value: &Value| digits(value) >= 40;
    let alike = |value: &Value| {
        let others = rows.iter().filter(|(_, it)| digits(it) == digits(value));
        others.count() > 1
    };
    // The finding's message already has this fact.
    let is_said = |value: &Value| said.contains(&value.to_string());
    let is_news = |value: &Value| match value {
        Value::Flag(_) | Value::Absent => false,
        // A single digest cannot be compared. Two are shown below each other, so that the
        // difference is visible.
        value if is_digest(value) => alike(value),
        Value::List(values) => !values.iter().all(is_said),
        value => !is_said(value),
    };
    rows.iter()
        .filter(|(_, value)| is_news(value))
        .cloned()
        .collect()
}

fn note(out: &mut String, kind: &str, text: &str, detail: Detail) {
    let first = format!("   {DIM}={DIM:#} {STRONG}{kind}:{STRONG:#} ");
    let hanging = " ".repeat(kind.len() + 7);
    out.push_str(&wrapped(&first, text, &hanging, detail.width()));
}
