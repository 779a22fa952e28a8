//! `certcheck codes` and `certcheck explain`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::command::reference::{Codes, Explanation};
use crate::finding::Shape;
use serde_json::{Value as Json, json};

impl Body for Codes {
    const COMMAND: &'static str = "codes";

    fn json(&self) -> Json {
        let rows: Vec<_> = self
            .codes
            .iter()
            .map(|info| {
                json!({
                    "code": info.code,
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

    fn json(&self) -> Json {
        self.0.json()
    }
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
