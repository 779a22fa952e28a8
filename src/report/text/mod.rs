//! The report for people, in the manner of rustc's diagnostics.
//!
//! Everything is plain text with ANSI styles; whoever prints it strips the
//! styles where they are not wanted. Text that comes from an input is made
//! harmless first: no control character and no bidirectional override of a
//! hostile file reaches a terminal.

mod body;
mod ciphers;
mod explain;
mod fix;
mod handshake;
mod key_id;
mod loaders;
mod places;
mod probe;
mod protocols;
mod style;
mod trust;

pub use body::{chain, conversion, inspection, matching, object, preflight, verification};
pub use ciphers::ciphers;
pub use explain::explanation;
pub use handshake::handshake;
pub use key_id::key_ids;
pub use probe::probe;
pub use protocols::protocols;
pub use style::printable;
pub use trust::{trust_plan, trust_status};

use crate::answer::{Answer, Check, Outcome, Summary, Verdict};
use crate::finding::{Severity, Value};
use crate::report::repeats::{Omitted, Told, tell};
use crate::rule::Finding;
use std::fmt::Write;
use style::{DIM, STRONG, severity_style};

/// The most findings of one code in one input that are written out; the
/// others are counted. Ten of a kind are a pattern.
const MOST_ALIKE: usize = 10;
/// The same with `-v`.
const MOST_ALIKE_VERBOSE: usize = 1_000;

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Also the checks that ran, the references and all evidence.
    pub verbose: bool,
    /// Only the closing line.
    pub quiet: bool,
}

/// Findings, checks and the closing line of an answer, `title` naming the question.
///
/// The result itself is written by the functions named after it.
pub fn answer<T>(title: &str, answer: &Answer<T>, detail: Detail) -> String {
    let mut out = String::new();
    if !detail.quiet {
        let most = if detail.verbose {
            MOST_ALIKE_VERBOSE
        } else {
            MOST_ALIKE
        };
        for told in tell(&answer.findings, most) {
            match told {
                Told::One(finding) => write_finding(&mut out, finding, detail),
                Told::More(omitted) => write_omitted(&mut out, omitted),
            }
            out.push('\n');
        }
        write_checks(&mut out, &answer.checks, detail);
    }
    write_closing(
        &mut out,
        title,
        answer.verdict(),
        answer.summary(),
        &answer.checks,
    );
    out
}

fn write_finding(out: &mut String, finding: &Finding, detail: Detail) {
    let style = severity_style(finding.severity);
    let subject = &finding.subject;
    let _ = writeln!(
        out,
        "{style}{}[{}]{style:#}{STRONG}: {}{STRONG:#}",
        finding.severity.as_str(),
        finding.code(),
        printable(&finding.message())
    );
    let place = match subject.lines {
        Some(lines) if lines.first == lines.last => format!(":{}", lines.first),
        Some(lines) => format!(":{}-{}", lines.first, lines.last),
        None => String::new(),
    };
    let _ = writeln!(
        out,
        "  {DIM}-->{DIM:#} {}{place} {DIM}({}){DIM:#}",
        printable(&subject.source),
        subject.part.as_str().replace('-', " ")
    );
    write_evidence(out, finding);
    if let Some(consequence) = &finding.consequence {
        write_note(out, "why", &printable(consequence));
    }
    if let Some(remedy) = finding.remedy() {
        write_note(out, "help", &printable(&remedy.text));
        for command in &remedy.commands {
            let _ = writeln!(
                out,
                "   {DIM}|{DIM:#}       {STRONG}{}{STRONG:#}",
                printable(command)
            );
        }
        if let Some(then) = &remedy.then {
            write_note(out, "then", &printable(&then.words()));
        }
    }
    if detail.verbose {
        for reference in finding.references() {
            write_note(out, "see", reference);
        }
    }
}

/// What is not written out is said, and counted in the closing line.
fn write_omitted(out: &mut String, omitted: Omitted<'_>) {
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

/// The facts side by side: one under the other, so that digits can be compared.
fn write_evidence(out: &mut String, finding: &Finding) {
    let rows: Vec<_> = finding
        .evidence
        .fields()
        .into_iter()
        .filter(|(_, value)| !matches!(value, Value::Absent) && *value != Value::List(vec![]))
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

fn write_note(out: &mut String, kind: &str, text: &str) {
    let _ = writeln!(out, "   {DIM}={DIM:#} {STRONG}{kind}:{STRONG:#} {text}");
}

fn write_checks(out: &mut String, checks: &[Check], detail: Detail) {
    let mut said = false;
    for check in checks {
        let line = match &check.outcome {
            Outcome::Ran if detail.verbose => "ran".to_owned(),
            Outcome::NotApplicable { reason } if detail.verbose => {
                format!("not applicable: {reason}")
            }
            Outcome::NotRun { reason, .. } => format!("not run: {reason}"),
            _ => continue,
        };
        said = true;
        let _ = writeln!(
            out,
            "{DIM}check {:<12}{DIM:#} {}",
            check.name,
            printable(&line)
        );
    }
    if said {
        out.push('\n');
    }
}

fn write_closing(
    out: &mut String,
    title: &str,
    verdict: Verdict,
    summary: Summary,
    checks: &[Check],
) {
    let style = match verdict {
        Verdict::Pass => style::GOOD,
        Verdict::Fail => severity_style(Severity::Error),
        Verdict::Undecided => severity_style(Severity::Warning),
    };
    let mut parts = Vec::new();
    for (count, word) in [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.notices, "notice"),
    ] {
        if count > 0 {
            parts.push(format!(
                "{count} {word}{}",
                if count == 1 { "" } else { "s" }
            ));
        }
    }
    if summary.allowed > 0 {
        parts.push(format!("{} allowed", summary.allowed));
    }
    if parts.is_empty() {
        let not_run = |check: &Check| matches!(check.outcome, Outcome::NotRun { .. });
        parts.push(if checks.iter().any(not_run) {
            "nothing found by the checks that ran".to_owned()
        } else {
            "nothing found".to_owned()
        });
    }
    let ran = checks
        .iter()
        .filter(|check| check.outcome == Outcome::Ran)
        .count();
    if !checks.is_empty() {
        parts.push(format!("{ran} of {} checks ran", checks.len()));
    }
    let _ = writeln!(
        out,
        "{STRONG}{}:{STRONG:#} {style}{}{style:#} ({})",
        printable(title),
        verdict.as_str(),
        parts.join(", ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fingerprint, Part, Subject};
    use crate::rule;
    use crate::source::Lines;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c == '\u{1b}' {
                rest.by_ref().find(|c| *c == 'm');
            } else {
                out.push(c);
            }
        }
        out
    }

    #[test]
    fn a_finding_reads_like_a_diagnostic() {
        let finding = Finding::new(
            rule::key::Mismatch {
                certificate_spki: Some(Fingerprint::from_digest([0x11; 32])),
                key_spki: Some(Fingerprint::from_digest([0x22; 32])),
                certificate: Some("server.crt".into()),
                matches: None,
                own_key: None,
                what: None,
            },
            Subject {
                source: "other.key".into(),
                part: Part::PrivateKey,
                index: 0,
                lines: Some(Lines::new(1, 28)),
            },
        )
        .because("Apache does not start (AH02565)");
        let text = plain(&answer(
            "preflight",
            &Answer::new((), vec![finding], vec![Check::ran("key-match")], []),
            Detail::default(),
        ));
        let expected = format!(
            "error[key.mismatch]: this key does not belong to the certificate in server.crt
  --> other.key:1-28 (private key)
   |
   | certificate spki  {}
   | key spki          {}
   | certificate       server.crt
   |
   = why: Apache does not start (AH02565)
   = help: find the key that the certificate was requested with
   |       certcheck match server.crt ./*

preflight: fail (1 error, 1 of 1 checks ran)
",
            "11".repeat(32),
            "22".repeat(32)
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_hostile_label_does_not_reach_the_terminal() {
        let finding = Finding::new(
            rule::encoding::MissingEnd {
                label: "\u{1b}[2J\u{202e}X".into(),
                lost: true,
            },
            Subject::file("a\u{7}b"),
        );
        let text = plain(&answer(
            "inspect",
            &Answer::new((), vec![finding], vec![], []),
            Detail::default(),
        ));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
        assert!(text.contains("\\u{202e}"), "{text}");
    }

    #[test]
    fn what_repeats_itself_is_counted() {
        let many = (0..10_007).map(|index| {
            let mut subject = Subject::file("a.key");
            subject.index = index;
            Finding::new(rule::key::DsaUnusable {}, subject)
        });
        let answer_of_many = Answer::new((), many.collect(), vec![], []);
        let text = plain(&answer("inspect", &answer_of_many, Detail::default()));
        assert_eq!(text.matches("--> a.key").count(), MOST_ALIKE);
        assert!(
            text.contains("[key.dsa-unusable]: and 9997 more of the same in a.key"),
            "{text}"
        );
        assert!(text.contains("(10007 errors)") || text.contains("(10007 warnings)"));
    }

    #[test]
    fn quiet_says_the_verdict_alone() {
        let text = plain(&answer(
            "match",
            &Answer::new((), vec![], vec![], []),
            Detail {
                quiet: true,
                ..Detail::default()
            },
        ));
        assert_eq!(text, "match: pass (nothing found)\n");
    }
}
