//! `certcheck run`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use crate::finding::Shape;
use crate::report::Word;
use crate::report::targets::{Target, TargetsResult};
use crate::shown::without_keys;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for TargetsResult {
    const COMMAND: &'static str = "run";

    fn json(&self) -> impl Serialize {
        json!({"targets": self.targets.iter().map(target).collect::<Vec<_>>()})
    }

    fn sentence(&self) -> Option<String> {
        Some(self.headline())
    }
}

fn target(target: &Target) -> Json {
    json!({
        "name": target.name,
        "command": target.command,
        "verdict": target.verdict.map(crate::answer::Verdict::as_str),
        "word": target.word.map(Word::as_str),
        "says": target.why,
        "failure": target.failure.as_deref().map(without_keys),
        "document": target.document,
    })
}

pub(super) fn schema() -> Json {
    let target = object([
        ("name", of(Shape::Text)),
        ("command", of(Shape::Text)),
        (
            "verdict",
            maybe(json!({"enum": ["pass", "fail", "undecided"]})),
        ),
        (
            "word",
            maybe(json!({"enum": ["fit", "no error", "nothing to check", "not fit", "undecided"]})),
        ),
        ("says", of(Shape::Maybe(&Shape::Text))),
        ("failure", of(Shape::Maybe(&Shape::Text))),
        // What the command writes by itself.
        ("document", maybe(json!({"$ref": "#"}))),
    ]);
    object([("targets", array(target))])
}
