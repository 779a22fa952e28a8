//! The report for programs: one JSON document, described by [`schema()`].

mod results;
mod schema;

pub use schema::schema;

use crate::Time;
use crate::answer::{Answer, Check, Outcome};
use crate::finding::{Finding, Value};
use crate::report::repeats::{Omitted, Told, tell};
use serde_json::{Map, Value as Json, json};

/// The version of the document's form, its member `schema`.
pub const SCHEMA: &str = "certcheck/1";

/// The most findings of one code and severity in one input that a document
/// has; the member `omitted` counts the others.
pub const MOST_ALIKE: usize = 1_000;

/// A result that has a place in the document.
///
/// Implemented for the results of this crate's own questions, and sealed:
/// what a document may hold is what [`schema()`] says.
pub trait Reportable: results::Body {}
impl<T: results::Body> Reportable for T {}

/// The document of an answer that was given for the moment `at`.
///
/// ```
/// # use certcheck::{Time, answer::Answer, command::inspect::Inspection};
/// let answer = Answer::new(Inspection::default(), vec![], vec![], []);
/// let text = certcheck::report::json::document(&answer, Time::from_unix_seconds(0));
/// assert!(text.contains(r#""verdict": "pass""#));
/// ```
pub fn document<T: Reportable>(answer: &Answer<T>, at: Time) -> String {
    let summary = answer.summary();
    let (mut findings, mut omitted) = (Vec::new(), Vec::new());
    for told in tell(&answer.findings, MOST_ALIKE) {
        match told {
            Told::One(one) => findings.push(finding(one)),
            Told::More(more) => omitted.push(counted(more)),
        }
    }
    let document = json!({
        "schema": SCHEMA,
        "version": env!("CARGO_PKG_VERSION"),
        "command": T::COMMAND,
        "at": at.to_string(),
        "verdict": answer.verdict().as_str(),
        "summary": {
            "error": summary.errors,
            "warning": summary.warnings,
            "notice": summary.notices,
            "allowed": summary.allowed,
        },
        "checks": answer.checks.iter().map(check).collect::<Vec<_>>(),
        "findings": findings,
        "omitted": omitted,
        "result": answer.result.json(),
    });
    let mut text =
        serde_json::to_string_pretty(&document).unwrap_or_else(|_| format!("{document:#}"));
    text.push('\n');
    text
}

fn counted(omitted: Omitted<'_>) -> Json {
    json!({
        "code": omitted.code.as_str(),
        "severity": omitted.severity.as_str(),
        "source": omitted.source,
        "count": omitted.count,
    })
}

fn check(check: &Check) -> Json {
    match &check.outcome {
        Outcome::Ran => json!({"check": check.name, "outcome": "ran"}),
        Outcome::NotApplicable { reason } => {
            json!({"check": check.name, "outcome": "not-applicable", "reason": reason})
        }
        Outcome::NotRun { reason, .. } => {
            json!({"check": check.name, "outcome": "not-run", "reason": reason})
        }
    }
}

fn finding(finding: &Finding) -> Json {
    let subject = &finding.subject;
    let remedy = finding
        .remedy()
        .map(|remedy| json!({"text": remedy.text, "commands": remedy.commands}));
    json!({
        "code": finding.code().as_str(),
        "severity": finding.severity.as_str(),
        "subject": {
            "source": subject.source,
            "part": subject.part.as_str(),
            "index": subject.index,
            "lines": subject.lines.map(|lines| [lines.first, lines.last]),
        },
        "message": finding.message(),
        "evidence": finding
            .evidence
            .fields()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), fact(value)))
            .collect::<Map<_, _>>(),
        "consequence": finding.consequence,
        "remedy": remedy,
        "references": finding.references(),
    })
}

fn fact(value: Value) -> Json {
    match value {
        Value::Absent => Json::Null,
        Value::Text(text) => Json::String(text),
        Value::Number(number) => number.into(),
        Value::Flag(flag) => flag.into(),
        Value::Time(time) => Json::String(time.to_string()),
        Value::List(values) => values.into_iter().map(fact).collect(),
    }
}
