//! `certcheck codes`, `explain`, `completions` and `man`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use crate::command::reference::{
    Codes, Completions, Explained, Explanation, Likelihood, ManualPage, Symptom, Unclear,
};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for Codes {
    const COMMAND: &'static str = "codes";

    fn json(&self) -> impl Serialize {
        let rows: Vec<_> = self
            .codes
            .iter()
            .map(|info| {
                json!({
                    "code": info.code.as_str(),
                    "severity": info.severity.as_str(),
                    "summary": info.summary,
                    "evidence": info.fields.iter().map(|(name, _)| name).collect::<Vec<_>>(),
                })
            })
            .collect();
        json!({"codes": rows})
    }
}

impl Body for Explanation {
    const COMMAND: &'static str = "explain";

    fn json(&self) -> impl Serialize {
        let codes: Vec<_> = self.codes.iter().map(explained).collect();
        json!({
            "symptom": self.symptom,
            "matches": self.codes.iter().filter_map(matched).collect::<Vec<_>>(),
            "codes": codes,
            "not_a_certificate_problem": self.elsewhere.as_ref().map(|cause| json!({
                "name": cause.name,
                "what": cause.what,
                "fix": cause.fix,
                "text": cause.text,
                "program": cause.program,
            })),
            "unclear": self.unclear.map(Unclear::as_str),
        })
    }
}

impl Body for Completions {
    const COMMAND: &'static str = "completions";

    fn json(&self) -> impl Serialize {
        json!({"shell": self.shell, "script": self.script})
    }
}

impl Body for ManualPage {
    const COMMAND: &'static str = "man";

    fn json(&self) -> impl Serialize {
        json!({"name": self.name, "page": self.page})
    }
}

fn explained(explained: &Explained) -> Json {
    let Explained {
        info, page, fits, ..
    } = explained;
    json!({
        "code": info.code.as_str(),
        "severity": info.severity.as_str(),
        "summary": info.summary,
        "evidence": info.fields.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "breaks": page.breaks,
        "whom": page.whom,
        "seen": page.seen.iter().map(symptom).collect::<Vec<_>>(),
        "fix": page.fix,
        "run": page.run,
        "fits": fits.as_ref().map(|(fitting, score)| json!({
            "text": fitting.text,
            "score": score,
        })),
    })
}

/// A code that the text may come from, in brief: its page is among `codes`.
fn matched(explained: &Explained) -> Option<Json> {
    let (fitting, score) = explained.fits.as_ref()?;
    Some(json!({
        "code": explained.info.code.as_str(),
        "summary": explained.info.summary,
        "score": score,
        "text": fitting.text,
        "program": fitting.program,
        "likelihood": fitting.likelihood.as_str(),
    }))
}

fn symptom(symptom: &Symptom) -> Json {
    json!({
        "text": symptom.text,
        "program": symptom.program,
        "source": symptom.source,
        "typical": symptom.likelihood == Likelihood::Typical,
        "likelihood": symptom.likelihood.as_str(),
    })
}

pub(super) fn schema() -> Json {
    let row = object([
        ("code", of(Shape::Text)),
        ("severity", json!({"enum": ["error", "warning", "notice"]})),
        ("summary", of(Shape::Text)),
        ("evidence", array(of(Shape::Text))),
    ]);
    object([("codes", array(row))])
}

pub(super) fn completions_schema() -> Json {
    object([("shell", of(Shape::Text)), ("script", of(Shape::Text))])
}

pub(super) fn page_schema() -> Json {
    object([("name", of(Shape::Text)), ("page", of(Shape::Text))])
}

pub(super) fn explanation_schema() -> Json {
    let text = || of(Shape::Text);
    let symptom = object([
        ("text", text()),
        ("program", text()),
        ("source", text()),
        ("typical", of(Shape::Flag)),
        (
            "likelihood",
            json!({"enum": ["rarely", "sometimes", "typical"]}),
        ),
    ]);
    let row = object([
        ("code", text()),
        ("severity", json!({"enum": ["error", "warning", "notice"]})),
        ("summary", text()),
        ("evidence", array(text())),
        ("breaks", text()),
        ("whom", text()),
        ("seen", array(symptom)),
        ("fix", array(text())),
        ("run", array(text())),
        (
            "fits",
            maybe(object([("text", text()), ("score", of(Shape::Number))])),
        ),
    ]);
    let matched = object([
        ("code", text()),
        ("summary", text()),
        ("score", of(Shape::Number)),
        ("text", text()),
        ("program", text()),
        (
            "likelihood",
            json!({"enum": ["rarely", "sometimes", "typical"]}),
        ),
    ]);
    object([
        ("symptom", of(Shape::Maybe(&Shape::Text))),
        ("matches", array(matched)),
        (
            "not_a_certificate_problem",
            maybe(object([
                ("name", text()),
                ("what", text()),
                ("fix", text()),
                ("text", text()),
                ("program", text()),
            ])),
        ),
        (
            "unclear",
            json!({"enum": [null, "too-short", "too-general", "unknown"]}),
        ),
        ("codes", array(row)),
    ])
}
