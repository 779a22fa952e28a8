//! `certcheck chain`.

use super::super::schema::{array, object, of};
use super::{Body, texts};
use crate::command::chain::ChainResult;
use crate::finding::Shape;
use serde_json::{Value as Json, json};

impl Body for ChainResult {
    const COMMAND: &'static str = "chain";

    fn json(&self) -> Json {
        let paths: Vec<_> = self
            .paths
            .iter()
            .map(|path| json!({"certificates": texts(&path.certificates), "ends_in": path.ends_in}))
            .collect();
        let missing: Vec<_> = self
            .missing
            .iter()
            .map(|missing| {
                json!({
                    "issuer_of": missing.issuer_of.to_string(),
                    "issuer_name": missing.issuer_name,
                    "aia": missing.aia,
                })
            })
            .collect();
        json!({
            "presented": texts(&self.presented),
            "paths": paths,
            "complete": self.complete,
            "missing": missing,
            "corrected": texts(&self.corrected),
        })
    }
}

pub(super) fn schema() -> Json {
    let digests = || array(of(Shape::Fingerprint));
    let path = object([
        ("certificates", digests()),
        (
            "ends_in",
            json!({"enum": ["trust-anchor", "self-signed", "below-root", "gap"]}),
        ),
    ]);
    let missing = object([
        ("issuer_of", of(Shape::Fingerprint)),
        ("issuer_name", of(Shape::Text)),
        ("aia", array(of(Shape::Text))),
    ]);
    object([
        ("presented", digests()),
        ("paths", array(path)),
        ("complete", of(Shape::Flag)),
        ("missing", array(missing)),
        ("corrected", digests()),
    ])
}
