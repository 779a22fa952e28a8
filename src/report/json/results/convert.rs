//! `certcheck convert`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::command::convert::ConvertResult;
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for ConvertResult {
    const COMMAND: &'static str = "convert";

    fn json(&self) -> impl Serialize {
        let outputs: Vec<_> = self
            .outputs
            .iter()
            .map(|output| {
                json!({
                    "path": output.path,
                    "objects": output.objects,
                    "bytes": output.bytes,
                    "secret": output.secret,
                })
            })
            .collect();
        json!({"outputs": outputs, "repairs": self.repairs, "left_out": self.left_out})
    }
}

pub(super) fn schema() -> Json {
    let output = object([
        ("path", of(Shape::Maybe(&Shape::Text))),
        ("objects", of(Shape::Number)),
        ("bytes", of(Shape::Number)),
        ("secret", of(Shape::Flag)),
    ]);
    object([
        ("outputs", array(output)),
        ("repairs", array(of(Shape::Text))),
        ("left_out", array(of(Shape::Number))),
    ])
}
