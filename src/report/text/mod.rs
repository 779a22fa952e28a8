//! The report for people, in the manner of rustc's diagnostics.
//!
//! Everything is plain text with ANSI styles; the caller strips the styles if the output does not
//! support them. Text that comes from an input is made harmless first: no control character and no
//! bidirectional override of a hostile file reaches a terminal.

mod assemble;
mod body;
mod ciphers;
mod clients;
mod config;
mod diff;
mod doctor;
mod explain;
mod finding;
mod fix;
mod gate;
mod handshake;
mod key_id;
mod loaders;
mod places;
mod preflight;
mod probe;
mod program;
mod protocols;
#[cfg(feature = "scan")]
mod scan;
mod style;
#[cfg(feature = "json")]
mod targets;
mod trust;
mod tsm;
mod versions;
mod waived;
mod wrap;

pub use assemble::assembled;
pub use body::{chain, conversion, inspection, matching, object, verification};
pub use ciphers::ciphers;
pub use config::config;
pub use diff::diff;
pub use doctor::doctor;
pub use explain::explanation;
pub use gate::gate;
pub use handshake::handshake;
pub use key_id::key_ids;
pub use preflight::preflight;
pub use probe::{probe, probes};
pub use protocols::protocols;
#[cfg(feature = "scan")]
pub use scan::scan;
pub use style::printable;
#[cfg(feature = "json")]
pub use targets::targets;
pub use trust::{trust_plan, trust_status};
pub use tsm::{script as tsm_script, tsm};
pub use waived::{kept, waived};

use crate::answer::{Answer, Check, CheckOutcome, Verdict};
use crate::finding::Severity;
use crate::report::repeats::{Told, tell};
use crate::rule::Finding;
use std::fmt::Write;
use style::{STRONG, severity_style};

/// The most findings of one code in one input that are written out; the
/// others are counted. Ten of a kind show the pattern.
const MOST_ALIKE: usize = 10;
/// The same with `-v`.
const MOST_ALIKE_VERBOSE: usize = 1_000;

/// How much the report shows, and how wide it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Also the checks that ran, the references, all evidence and all clients.
    pub verbose: bool,
    /// One line for each error; the closing line if there is none.
    pub quiet: bool,
    /// The columns of the terminal; 80 if that is not known.
    pub columns: Option<usize>,
}

impl Detail {
    fn width(self) -> usize {
        self.columns.unwrap_or(wrap::USUAL)
    }
}

/// Findings, checks and the closing line of an answer, `title` naming the question.
///
/// The result itself is written by the functions named after it.
pub fn answer<T>(title: &str, answer: &Answer<T>, detail: Detail) -> String {
    let mut out = String::new();
    if detail.quiet {
        return quiet(&answer.findings, || closing(Some(title), answer));
    }
    write_findings(&mut out, &answer.findings, detail);
    write_checks(&mut out, &answer.checks, detail);
    write_closing(&mut out, Some(title), answer);
    out
}

/// One line for each error; if there is none, the text of `verdict`.
fn quiet(findings: &[Finding], verdict: impl FnOnce() -> String) -> String {
    let mut out = String::new();
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    // These lines are not grouped by kind, and a file can have an error in each of its lines.
    for finding in errors.take(MOST_ALIKE_VERBOSE) {
        finding::write_line(&mut out, finding);
    }
    if out.is_empty() {
        out = verdict();
        out.push('\n');
    }
    out
}

fn write_findings(out: &mut String, findings: &[Finding], detail: Detail) {
    let most = if detail.verbose {
        MOST_ALIKE_VERBOSE
    } else {
        MOST_ALIKE
    };
    for told in tell(findings, most) {
        match told {
            Told::One(one) => finding::write(out, one, detail),
            Told::More(omitted) => finding::write_omitted(out, omitted),
        }
        out.push('\n');
    }
}

fn write_checks(out: &mut String, checks: &[Check], detail: Detail) {
    let mut said = false;
    for check in checks {
        let line = match &check.outcome {
            CheckOutcome::Ran if detail.verbose => "ran".to_owned(),
            CheckOutcome::NotApplicable { reason } if detail.verbose => {
                format!("not applicable: {reason}")
            }
            CheckOutcome::NotRun { reason, .. } => format!("not checked: {reason}"),
            _ => continue,
        };
        said = true;
        let line = format!("{STRONG}{}{STRONG:#} {}", check.name, printable(&line));
        out.push_str(&wrap::wrapped("", &line, "  ", detail.width()));
    }
    if said {
        out.push('\n');
    }
}

/// The last line: how many findings, how many checks; after the title, the verdict.
fn write_closing<T>(out: &mut String, title: Option<&str>, answer: &Answer<T>) {
    let _ = writeln!(out, "{}", closing(title, answer));
}

fn closing<T>(title: Option<&str>, answer: &Answer<T>) -> String {
    let (verdict, summary, checks) = (answer.verdict(), answer.summary(), &answer.checks);
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
    if summary.waived > 0 {
        parts.push(format!("{} waived", summary.waived));
    }
    if parts.is_empty() {
        let not_run = |check: &Check| matches!(check.outcome, CheckOutcome::NotRun { .. });
        // "nothing found" would promise too much if a check did not run.
        parts.push(if checks.iter().any(not_run) {
            "nothing found by the checks that ran".to_owned()
        } else {
            "nothing found".to_owned()
        });
    }
    let ran = checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Ran)
        .count();
    if !checks.is_empty() {
        parts.push(format!("{ran} of {} checks ran", checks.len()));
    }
    let parts = parts.join(", ");
    match title {
        Some(title) => format!(
            "{STRONG}{}:{STRONG:#} {style}{}{style:#} ({parts})",
            printable(title),
            verdict.as_str()
        ),
        None => parts,
    }
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
                matches_in: None,
                own_key: None,
                own_key_in: None,
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
