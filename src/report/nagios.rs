//! A plugin's line for Nagios, Icinga and their like (monitoring-plugins.org, "Plugin Output").
//!
//! The first line has the state, one sentence and the figures; the others list the findings.

use super::harmless::harmless;
use super::outline::{Outline, of_target, told};
use crate::answer::Verdict;
use crate::finding::Severity;
use std::fmt::Write;

/// A plugin's state, which is its exit code too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// Nothing to do.
    Ok,
    /// It works, but something expires soon or some clients refuse.
    Warning,
    /// It does not work.
    Critical,
    /// The state could not be determined.
    Unknown,
}

impl State {
    /// 0, 1, 2 or 3.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// The state of an answer.
    pub fn of(outline: &Outline<'_>) -> Self {
        let warned = |severity| severity >= Severity::Warning;
        match outline.verdict {
            Verdict::Fail => Self::Critical,
            // UNKNOWN, not OK: what was not checked may be at fault.
            Verdict::Undecided => Self::Unknown,
            Verdict::Pass if outline.findings.iter().any(|found| warned(found.severity)) => {
                Self::Warning
            }
            Verdict::Pass if outline.undecided().next().is_some() => Self::Unknown,
            Verdict::Pass => Self::Ok,
        }
    }
}

/// The plugin's output.
pub fn nagios(outline: &Outline<'_>) -> String {
    let state = State::of(outline);
    let summary = outline.summary;
    let mut figures = format!(
        "errors={};;0;0 warnings={};0;;0 notices={};;;0 undecided={};;;0 allowed={};;;0 waived={};;;0",
        summary.errors,
        summary.warnings,
        summary.notices,
        outline.undecided().count(),
        summary.allowed,
        summary.waived
    );
    let certificates = outline.certificates();
    let days = |end| outline.at.days_until(end);
    if let Some(first) = certificates
        .iter()
        .map(|certificate| certificate.not_after)
        .min()
    {
        let _ = write!(figures, " days_left={};;0:", days(first));
    }
    let mut named: Vec<(String, i64)> = certificates
        .iter()
        .map(|certificate| {
            (
                certificate.sha256.chars().take(8).collect(),
                days(certificate.not_after),
            )
        })
        .collect();
    // A certificate that several endpoints send is one figure.
    named.sort();
    named.dedup();
    // Nagios reads at most 8 kB of output.
    for (name, left) in named.iter().take(20) {
        let _ = write!(figures, " days_left_{name}={left};;0:");
    }
    let headline = match (state, outline.findings.first()) {
        // The first warning, not the number of clients.
        (State::Warning, Some(first)) => outline.with_accepted(told(first)),
        _ => outline.headline(),
    };
    let mut out = format!(
        "CERTCHECK {} - {} | {figures}\n",
        state.word(),
        line(&headline)
    );
    for finding in &outline.findings {
        let subject = &finding.subject;
        let at = subject
            .lines
            .map_or_else(String::new, |lines| format!(":{}", lines.first));
        let text = format!(
            "{}[{}] {}{at}: {}",
            finding.severity.as_str(),
            finding.code(),
            subject.source,
            finding.message()
        );
        let text = of_target(finding.target.as_deref(), &text);
        let _ = writeln!(out, "{}", line(&text));
    }
    for (check, reason) in outline.undecided() {
        let text = format!("not checked: {}: {reason}", check.name);
        let text = of_target(check.target.as_deref(), &text);
        let _ = writeln!(out, "{}", line(&text));
    }
    for waived in outline.waived {
        let text = format!(
            "waived[{}] {}: {} (until {}, {}): {}",
            waived.finding.code(),
            waived.finding.subject.source,
            waived.waiver.reason,
            waived.waiver.until,
            waived.waiver.place(),
            waived.finding.message()
        );
        let text = of_target(waived.finding.target.as_deref(), &text);
        let _ = writeln!(out, "{}", line(&text));
    }
    for remark in &outline.remarks {
        let _ = writeln!(out, "{}", line(remark));
    }
    out
}

/// The output if nothing could be checked.
pub fn nagios_failure(message: &str) -> String {
    format!("CERTCHECK UNKNOWN - {}\n", line(message))
}

/// A bar begins the figures, and a line ends the text.
fn line(text: &str) -> String {
    harmless(text).replace('|', "\\u{7c}")
}
