//! `certcheck verify`.

use super::super::schema::{array, object, of};
use super::{Body, texts};
use crate::command::verify::VerifyResult;
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for VerifyResult {
    const COMMAND: &'static str = "verify";

    fn json(&self) -> impl Serialize {
        json!({
            "valid": self.valid,
            "profile": self.profile,
            "path": texts(&self.path),
            "policies": self.policies,
            "authority_policies": self.authority_policies,
            "work": {
                "signatures": self.work.signatures,
                "steps": self.work.steps,
                "constraint_comparisons": self.work.constraint_comparisons,
                "revocation_entries": self.work.revocation_entries,
                "partial_paths": self.work.partial_paths,
            },
        })
    }
}

pub(super) fn schema() -> Json {
    let number = || of(Shape::Number);
    let work = object([
        ("signatures", number()),
        ("steps", number()),
        ("constraint_comparisons", number()),
        ("revocation_entries", number()),
        ("partial_paths", number()),
    ]);
    object([
        ("valid", of(Shape::Flag)),
        ("profile", of(Shape::Text)),
        ("path", array(of(Shape::Fingerprint))),
        ("policies", array(of(Shape::Text))),
        ("authority_policies", array(of(Shape::Text))),
        ("work", work),
    ])
}
