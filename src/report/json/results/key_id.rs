//! `certcheck key-id`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::command::key_id::KeyIds;
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for KeyIds {
    const COMMAND: &'static str = "key-id";

    fn json(&self) -> impl Serialize {
        let keys: Vec<_> = self
            .keys
            .iter()
            .map(|key| {
                json!({
                    "source": key.source,
                    "index": key.index,
                    "kind": key.kind,
                    "algorithm": key.algorithm,
                    "spki_sha256": key.spki_sha256.to_string(),
                })
            })
            .collect();
        json!({ "keys": keys })
    }
}

pub(super) fn schema() -> Json {
    let key = object([
        ("source", of(Shape::Text)),
        ("index", of(Shape::Number)),
        (
            "kind",
            json!({"enum": ["certificate", "private-key", "public-key", "csr"]}),
        ),
        ("algorithm", of(Shape::Text)),
        ("spki_sha256", of(Shape::Fingerprint)),
    ]);
    object([("keys", array(key))])
}
