//! GitHub Actions: workflow commands for annotations, and a job summary in Markdown.
//!
//! The escapes are those of actions/toolkit (`packages/core/src/command.ts`).

use super::harmless::{harmless, is_file};
use super::outline::{Outline, of_target};
use crate::answer::Verdict;
use crate::finding::Severity;
use crate::rule::Finding;
use std::fmt::Write;

/// The most rows of a summary's table: GitHub refuses a page of more than 1 MiB.
const ROWS: usize = 200;

/// The annotations, one per line.
pub fn github(outline: &Outline<'_>) -> String {
    let mut out = String::new();
    for finding in &outline.findings {
        let _ = writeln!(out, "{}", annotation(finding));
    }
    for more in &outline.omitted {
        let text = format!("{}: {} more of {}", more.source, more.count, more.code);
        let title = property(&of_target(more.target, more.code.as_str()));
        let _ = writeln!(out, "::notice title={title}::{}", data(&text));
    }
    for waived in outline.waived {
        let (finding, waiver) = (&waived.finding, &waived.waiver);
        let text = format!(
            "waived until {}: {}: {} ({}, {})",
            waiver.until,
            waiver.reason,
            finding.message(),
            finding.subject.source,
            waiver.place()
        );
        let title = title(finding);
        let _ = writeln!(out, "::notice title={title}::{}", data(&text));
    }
    for (check, reason) in outline.undecided() {
        let title = format!("not checked: {}", check.name);
        let title = property(&of_target(check.target.as_deref(), &title));
        let _ = writeln!(out, "::error title={title}::{}", data(reason));
    }
    // Log lines must not look like workflow commands.
    for remark in &outline.remarks {
        let _ = writeln!(out, "certcheck {}: {}", outline.command, data(remark));
    }
    let headline = data(&outline.headline());
    let _ = writeln!(
        out,
        "certcheck {}: {}: {headline}",
        outline.command,
        outline.verdict.as_str()
    );
    out
}

/// What is written to standard output if nothing could be checked.
pub fn github_failure(message: &str) -> String {
    format!(
        "::error title={}::{}\n",
        property("certcheck: could not check"),
        data(message)
    )
}

/// The code, after the target of `certcheck run`.
fn title(finding: &Finding) -> String {
    property(&of_target(
        finding.target.as_deref(),
        finding.code().as_str(),
    ))
}

fn annotation(finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    };
    let subject = &finding.subject;
    let mut properties = Vec::new();
    let mut text = finding.message();
    if is_file(&subject.source) {
        properties.push(format!("file={}", property(&subject.source)));
        if let Some(lines) = subject.lines {
            properties.push(format!("line={}", lines.first.max(1)));
            properties.push(format!("endLine={}", lines.last.max(1)));
        }
    } else {
        text = format!("{}: {text}", subject.source);
    }
    properties.push(format!("title={}", title(finding)));
    if let Some(why) = &finding.consequence {
        text.push_str(&format!("; {why}"));
    }
    if let Some(remedy) = finding.remedy() {
        text.push_str(&format!("; to fix it: {}", remedy.text));
        if let Some(proven) = finding.proven() {
            text.push_str(&format!("; {proven}"));
        }
    }
    format!("::{kind} {}::{}", properties.join(","), data(&text))
}

fn data(text: &str) -> String {
    // The runner decodes these (actions/toolkit, `escapeData`). The percent sign comes first: the
    // other codes contain one.
    let text = harmless(text).replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The job summary that GitHub shows.
pub fn github_summary(outline: &Outline<'_>) -> String {
    let mark = match outline.verdict {
        Verdict::Pass => "✅ pass",
        Verdict::Fail => "❌ fail",
        Verdict::Undecided => "❔ undecided",
    };
    let mut out = format!(
        "## certcheck {}: {mark}\n\n{}\n\nJudged for {}.\n",
        outline.command,
        markdown(&outline.headline()),
        outline.at
    );
    if !outline.findings.is_empty() {
        out.push_str(
            "\n| severity | code | where | what | what to do |\n| --- | --- | --- | --- | --- |\n",
        );
    }
    for finding in outline.findings.iter().take(ROWS) {
        let subject = &finding.subject;
        let lines = subject.lines.map_or_else(String::new, |lines| {
            format!(":{}-{}", lines.first, lines.last)
        });
        let mut remedy = finding
            .remedy()
            .map_or_else(String::new, |remedy| remedy.text);
        if let (false, Some(proven)) = (remedy.is_empty(), finding.proven()) {
            remedy.push_str(&format!("; {proven}"));
        }
        let _ = writeln!(
            out,
            "| {} | {} | {}{lines} | {} | {} |",
            finding.severity.as_str(),
            finding.code(),
            markdown(&of_target(finding.target.as_deref(), &subject.source)),
            markdown(&finding.message()),
            markdown(&remedy)
        );
    }
    let left = outline.findings.len().saturating_sub(ROWS);
    if left > 0 {
        let _ = writeln!(out, "| | | | {left} more findings | |");
    }
    for more in outline.omitted.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} more | |",
            more.severity.as_str(),
            more.code,
            markdown(&of_target(more.target, more.source)),
            more.count
        );
    }
    let mut open = outline.undecided().peekable();
    if open.peek().is_some() {
        out.push_str("\n| not checked | why |\n| --- | --- |\n");
    }
    for (check, reason) in open {
        let name = of_target(check.target.as_deref(), check.name);
        let _ = writeln!(out, "| {} | {} |", markdown(&name), markdown(reason));
    }
    if !outline.waived.is_empty() {
        out.push_str(
            "\n| waived | where | what | reason | until |\n| --- | --- | --- | --- | --- |\n",
        );
    }
    for waived in outline.waived.iter().take(ROWS) {
        let (finding, waiver) = (&waived.finding, &waived.waiver);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} ({}) |",
            finding.code(),
            markdown(&of_target(
                finding.target.as_deref(),
                &finding.subject.source
            )),
            markdown(&finding.message()),
            markdown(&waiver.reason),
            markdown(&waiver.until),
            markdown(&waiver.place())
        );
    }
    for remark in &outline.remarks {
        let _ = writeln!(out, "\n{}", markdown(remark));
    }
    let targets = outline.targets();
    if !targets.is_empty() {
        out.push_str("\n| target | verdict |\n| --- | --- |\n");
    }
    for target in targets.iter().take(ROWS) {
        let text = |name: &str| target.get(name).and_then(|text| text.as_str());
        let name = markdown(text("name").unwrap_or_default());
        let _ = writeln!(
            out,
            "| {name} | {} |",
            text("verdict").unwrap_or("not judged")
        );
    }
    let clients = outline.clients();
    if !clients.is_empty() {
        out.push_str("\n| client | verdict | endpoint | reason |\n| --- | --- | --- | --- |\n");
    }
    for row in clients.iter().take(ROWS) {
        let reason = row.row.get("reason").and_then(|reason| reason.as_str());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            markdown(row.client),
            row.verdict,
            markdown(&row.place()),
            markdown(reason.unwrap_or_default())
        );
    }
    out.push('\n');
    out
}

/// Text that is nothing but text in GitHub's Markdown: no link, mention, tag or table cell.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in harmless(text).chars() {
        // A list of what is safe, not of what is not: Markdown, HTML and GitHub's own mentions and
        // references each have characters with a special meaning.
        if c.is_alphanumeric() || " .,;/()=…-".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out
}
