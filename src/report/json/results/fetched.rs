//! What `--fetch` fetched.

use super::super::schema::{object, of};
use crate::answer::Fetched;
use crate::finding::Shape;
use serde_json::{Value as Json, json};

pub(in crate::report::json) fn fetched(fetched: &Fetched) -> Json {
    json!({
        "issuer": fetched.issuer,
        "url": fetched.url,
        "sha256": fetched.sha256,
        "why": fetched.why,
    })
}

pub(in crate::report::json) fn fetched_schema() -> Json {
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    object([
        ("issuer", of(Shape::Text)),
        ("url", maybe_text()),
        ("sha256", maybe_text()),
        ("why", maybe_text()),
    ])
}
