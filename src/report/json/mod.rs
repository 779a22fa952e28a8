//! The report for programs: one JSON document, described by [`schema()`].

mod escaped;
mod receipt;
#[cfg(feature = "scan")]
mod reply;
mod results;
mod schema;
mod stream;

pub use receipt::{MOST_RECEIPT_BYTES, NotAReceipt, RECEIPT_SCHEMA, read_receipt, receipt};
#[cfg(feature = "scan")]
pub use reply::reply;
pub use schema::schema;
pub use stream::Stream;

use crate::Time;
use crate::answer::{Answer, Check, CheckOutcome, Waived};
use crate::command::inspect::Object;
use crate::finding::Value;
use crate::report::repeats::{Omitted, Told, tell};
use crate::rule::Finding;
use crate::shown::without_keys;
use escaped::Escaped;
use results::Listed;
use serde_core::Serialize;
use serde_core::ser::SerializeMap;
use serde_json::{Map, Serializer, Value as Json, json};
use std::io::{self, Write};

/// The version of the document's format, its member `schema`.
pub const SCHEMA: &str = "certcheck/1";

/// The most findings of one code and severity in one input that a document lists; the member
/// `omitted` counts the others.
pub const MOST_ALIKE: usize = 1_000;

/// A result that has a place in the document.
///
/// Implemented for the results of this crate's own questions, and sealed:
/// [`schema()`] defines what a document may hold.
pub trait Reportable: results::Body {}
impl<T: results::Body> Reportable for T {}

/// The document of an answer that is valid for the time `at`.
///
/// ```
/// # use certcheck::{Time, answer::Answer, command::inspect::Inspection};
/// let answer = Answer::new(Inspection::default(), vec![], vec![], []);
/// let text = certcheck::report::json::document(&answer, Time::from_unix_seconds(0));
/// assert!(text.contains(r#""verdict": "pass""#));
/// ```
pub fn document<T: Reportable>(answer: &Answer<T>, at: Time) -> String {
    let mut text = Vec::new();
    // A vector accepts any length.
    let _ = write(answer, at, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Writes [`document()`] piece by piece, so that memory use does not grow with its length.
///
/// # Errors
/// Any error that `out` returns.
pub fn write<T: Reportable>(answer: &Answer<T>, at: Time, mut out: impl Write) -> io::Result<()> {
    // A trust plan contains the certificates that it writes into the store.
    let formatter = Escaped::with_certificates(T::COMMAND == "trust plan");
    let mut serializer = Serializer::with_formatter(&mut out, formatter);
    Document { answer, at }.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// The name of the command that gave an answer.
pub(super) fn command<T: Reportable>(_: &Answer<T>) -> &'static str {
    T::COMMAND
}

/// The member `result` of an answer's document.
pub(super) fn result<T: Reportable>(answer: &Answer<T>) -> Json {
    serde_json::to_value(answer.result.json()).unwrap_or_default()
}

/// A value, as safe to print as the document, on several lines.
pub(super) fn pretty(value: &Json) -> String {
    written(value, Escaped::default()) + "\n"
}

/// The same on one line.
pub(super) fn line(value: &Json) -> String {
    written(value, Escaped::on_one_line())
}

/// An object on one line, with the codes of what was found in it.
pub(super) fn object_line(object: &Object, codes: &[&'static str]) -> String {
    written(&results::Record(object, codes), Escaped::on_one_line())
}

/// The same as a tree.
pub(super) fn object_tree(object: &Object, codes: &[&'static str]) -> Json {
    serde_json::to_value(results::Record(object, codes)).unwrap_or_default()
}

fn written(value: &impl Serialize, form: Escaped) -> String {
    let mut out = Vec::new();
    // A vector accepts any length.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut out, form));
    String::from_utf8(out).unwrap_or_default()
}

struct Document<'a, T> {
    answer: &'a Answer<T>,
    at: Time,
}

/// The first members, which are known before anything is checked.
struct Envelope {
    command: &'static str,
    at: String,
}

impl Envelope {
    fn of<T: Reportable>(at: Time) -> Self {
        Self {
            command: T::COMMAND,
            at: at.to_string(),
        }
    }

    fn members(&self) -> [(&'static str, &str); 4] {
        [
            ("schema", SCHEMA),
            ("version", env!("CARGO_PKG_VERSION")),
            ("command", self.command),
            ("at", &self.at),
        ]
    }
}

/// A member that is known only after all checks.
enum Part<'a> {
    Value(Json),
    Checks(&'a [Check]),
    Findings(Vec<&'a Finding>),
    Omitted(Vec<Omitted<'a>>),
    Waived(&'a [Waived]),
}

impl Serialize for Part<'_> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Checks(checks) => Listed(checks, check).serialize(serializer),
            Self::Findings(findings) => Listed(findings, |one| finding(one)).serialize(serializer),
            Self::Omitted(omitted) => Listed(omitted, counted).serialize(serializer),
            Self::Waived(list) => Listed(list, waived).serialize(serializer),
        }
    }
}

impl<T: Reportable> Document<'_, T> {
    fn closing_members(&self) -> [(&'static str, Part<'_>); 8] {
        let answer = self.answer;
        let summary = answer.summary();
        let (mut findings, mut omitted) = (Vec::new(), Vec::new());
        for told in tell(&answer.findings, MOST_ALIKE) {
            match told {
                Told::One(one) => findings.push(one),
                Told::More(more) => omitted.push(more),
            }
        }
        omitted.extend(answer.counted().iter().map(Omitted::of));
        let summary = json!({
            "error": summary.errors,
            "warning": summary.warnings,
            "notice": summary.notices,
            "allowed": summary.allowed,
            "waived": summary.waived,
        });
        let most = answer.waived().len().min(MOST_ALIKE);
        let waived = answer.waived().get(..most).unwrap_or_default();
        let configuration = answer.configuration().map(without_keys);
        let fetched: Vec<_> = answer.fetched().iter().map(results::fetched).collect();
        let verdict = Json::String(answer.verdict().as_str().to_owned());
        [
            ("verdict", Part::Value(verdict)),
            ("summary", Part::Value(summary)),
            ("checks", Part::Checks(&answer.checks)),
            ("findings", Part::Findings(findings)),
            ("omitted", Part::Omitted(omitted)),
            ("waived", Part::Waived(waived)),
            ("configuration", Part::Value(json!(configuration))),
            ("fetched", Part::Value(json!(fetched))),
        ]
    }
}

impl<T: Reportable> Serialize for Document<'_, T> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        for (name, text) in Envelope::of::<T>(self.at).members() {
            members.serialize_entry(name, text)?;
        }
        for (name, part) in self.closing_members() {
            members.serialize_entry(name, &part)?;
        }
        members.serialize_entry("result", &self.answer.result.json())?;
        members.end()
    }
}

/// As in a document that `schema/certcheck-1.json` describes.
#[cfg(feature = "serde")]
impl Serialize for Finding {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finding(self).serialize(serializer)
    }
}

pub(super) fn counted(omitted: &Omitted<'_>) -> Json {
    json!({
        "code": omitted.code.as_str(),
        "severity": omitted.severity.as_str(),
        "source": without_keys(omitted.source),
        "count": omitted.count,
    })
}

/// A finding that a waiver accepts, and the waiver.
pub(super) fn waived(waived: &Waived) -> Json {
    let (found, waiver) = (&waived.finding, &waived.waiver);
    json!({
        "finding": finding(found),
        "justification": without_keys(&waiver.reason),
        "until": waiver.until,
        "waiver": {"file": without_keys(&waiver.file), "line": waiver.line},
    })
}

pub(super) fn check(check: &Check) -> Json {
    match &check.outcome {
        CheckOutcome::Ran => json!({"check": check.name, "outcome": "ran"}),
        CheckOutcome::NotApplicable { reason } => {
            json!({"check": check.name, "outcome": "not-applicable", "reason": reason})
        }
        CheckOutcome::NotRun { reason, .. } => {
            json!({"check": check.name, "outcome": "not-run", "reason": reason})
        }
    }
}

pub(super) fn finding(finding: &Finding) -> Json {
    let subject = &finding.subject;
    let remedy = finding.remedy().map(|remedy| {
        let then = remedy.then.map(|then| {
            json!({
                "file": then.file,
                "in_place_of": then.in_place_of,
                "option": then.option,
            })
        });
        let needs: Vec<_> = remedy.needs.iter().map(|need| need.as_str()).collect();
        let proof = finding.proof.as_ref().map(|proof| {
            let remains: Vec<_> = proof.remains.iter().map(|code| code.as_str()).collect();
            json!({
                "heals": proof.heals,
                "verdict": proof.verdict,
                "starts": proof.starts,
                "accept": proof.accept,
                "clients": proof.clients,
                "remains": remains,
            })
        });
        json!({
            "text": remedy.text,
            "commands": remedy.commands,
            "needs": needs,
            "then": then,
            "proof": proof,
        })
    });
    json!({
        "code": finding.code().as_str(),
        "severity": finding.severity.as_str(),
        "subject": {
            "source": without_keys(&subject.source),
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
        "consequence": finding.consequence.as_deref().map(without_keys),
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
