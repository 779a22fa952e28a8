//! The report on a `tsm` command: the preflight, and what running the command changes; for a
//! script, the same for each command under its lines.

use super::style::{DIM, STRONG, severity_style};
use super::wrap::wrapped;
use super::{Detail, closing, preflight, printable, style};
use crate::answer::{Answer, Verdict};
use crate::finding::Severity;
use crate::preflight::tsm::{CommandResult, ScriptResult, TsmResult};

/// The whole report.
///
/// With `quiet`, one line for each error, and the verdict if there is none.
pub fn tsm(answer: &Answer<TsmResult>, detail: Detail) -> String {
    let mut out = preflight(answer, &answer.result.preflight, detail);
    if let Some(page) = answer
        .result
        .page
        .filter(|_| detail.verbose && !detail.quiet)
    {
        let source = format!("Tableau Server itself was not run: what it does is from {page}");
        out.push_str(&wrapped("", &source, "  ", detail.width()));
    }
    let effects = &answer.result.effects;
    // A command with an error must not be run yet.
    if detail.quiet || effects.is_empty() || answer.verdict() == Verdict::Fail {
        return out;
    }
    out.push_str("\nWhen you run it\n");
    for effect in effects {
        out.push_str(&wrapped("  - ", effect, "    ", detail.width()));
    }
    out
}

/// The report on a script: the verdict, then each of its commands.
pub fn script(
    answer: &Answer<TsmResult>,
    commands: &[Answer<TsmResult>],
    detail: Detail,
) -> String {
    let Some(script) = &answer.result.script else {
        return tsm(answer, detail);
    };
    if detail.quiet {
        return super::quiet(&answer.findings, || headline(answer, script));
    }
    let width = detail.width();
    let mut out = wrapped("", &headline(answer, script), "  ", width);
    let count = match script.commands.len() {
        1 => "1 tsm command".to_owned(),
        several => format!("{several} tsm commands"),
    };
    let skipped = match script.skipped {
        0 => String::new(),
        1 => ", 1 other line skipped".to_owned(),
        several => format!(", {several} other lines skipped"),
    };
    let source = printable(&script.source);
    let read = format!("{source}, read as {}: {count}{skipped}", script.shell);
    out.push_str(&wrapped("", &read, "  ", width));
    for (command, answer) in script.commands.iter().zip(commands) {
        let place = place(script, command);
        out.push('\n');
        let heading = format!("{DIM}{place}{DIM:#} {STRONG}{}{STRONG:#}", command.name);
        out.push_str(&wrapped("", &heading, "  ", width));
        out.push_str(&tsm(answer, detail));
    }
    if script.commands.len() > 1 {
        out.push('\n');
        out.push_str(&wrapped("", &closing(Some(&source), answer), "  ", width));
    }
    out
}

/// `setup.sh:3-6`.
fn place(script: &ScriptResult, command: &CommandResult) -> String {
    let (first, last) = (command.lines.first, command.lines.last);
    let source = printable(&script.source);
    if first == last {
        format!("{source}:{first}")
    } else {
        format!("{source}:{first}-{last}")
    }
}

/// `not fit: 1 of 3 tsm commands would fail: setup.sh:3 tsm security external-ssl enable`.
fn headline(answer: &Answer<TsmResult>, script: &ScriptResult) -> String {
    let verdict = answer.verdict();
    let (style, word) = match verdict {
        Verdict::Pass => (style::GOOD, "fit"),
        Verdict::Fail => (severity_style(Severity::Error), "not fit"),
        Verdict::Undecided => (severity_style(Severity::Warning), "undecided"),
    };
    let those: Vec<&CommandResult> = script
        .commands
        .iter()
        .filter(|command| command.verdict == verdict)
        .collect();
    let all = script.commands.len();
    let commands = if all == 1 { "command" } else { "commands" };
    let Some(first) = those.first().filter(|_| verdict != Verdict::Pass) else {
        return format!("{style}{word}{style:#}{STRONG}: {all} tsm {commands}{STRONG:#}");
    };
    format!(
        "{style}{word}{style:#}{STRONG}: {} of {all} tsm {commands}, first {} at {}{STRONG:#}",
        those.len(),
        first.name,
        place(script, first)
    )
}
