//! `certcheck gate`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::command::gate::GateResult;
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for GateResult {
    const COMMAND: &'static str = "gate";

    fn json(&self) -> impl Serialize {
        let files = self.files.iter();
        json!({
            "receipt": self.receipt,
            "judged_at": self.judged_at.as_ref().map(ToString::to_string),
            "age_seconds": self.age_seconds,
            "verdict": self.verdict,
            "server": self.server,
            "options": self.options,
            "files": files
                .map(|(path, what)| json!({"path": path, "state": what}))
                .collect::<Vec<_>>(),
            "ends_at": self.ends_at.as_ref().map(ToString::to_string),
        })
    }
}

pub(super) fn schema() -> Json {
    let file = object([
        ("path", of(Shape::Text)),
        (
            "state",
            json!({"enum": ["same", "present", "changed", "missing", "appeared", "unreadable"]}),
        ),
    ]);
    object([
        ("receipt", of(Shape::Text)),
        ("judged_at", of(Shape::Maybe(&Shape::Time))),
        ("age_seconds", json!({"type": "integer"})),
        ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
        ("server", of(Shape::Text)),
        ("options", array(of(Shape::Text))),
        ("files", array(file)),
        ("ends_at", of(Shape::Maybe(&Shape::Time))),
    ])
}
