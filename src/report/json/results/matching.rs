//! `certcheck match`.

use super::super::schema::{array, object, of};
use super::Body;
use crate::command::matching::{Matching, Member};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for Matching {
    const COMMAND: &'static str = "match";

    fn json(&self) -> impl Serialize {
        let groups: Vec<_> = self
            .groups
            .iter()
            .map(|group| {
                json!({
                    "spki_sha256": group.spki_sha256.to_string(),
                    "algorithm": group.algorithm,
                    "members": group.members.iter().map(member).collect::<Vec<_>>(),
                })
            })
            .collect();
        json!({"groups": groups, "unmatched": self.unmatched.iter().map(member).collect::<Vec<_>>()})
    }
}

fn member(member: &Member) -> Json {
    json!({"source": member.source, "index": member.index, "kind": member.kind})
}

pub(super) fn schema() -> Json {
    let member = || {
        object([
            ("source", of(Shape::Text)),
            ("index", of(Shape::Number)),
            (
                "kind",
                json!({"enum": ["certificate", "private-key", "public-key", "csr"]}),
            ),
        ])
    };
    let group = object([
        ("spki_sha256", of(Shape::Fingerprint)),
        ("algorithm", of(Shape::Text)),
        ("members", array(member())),
    ]);
    object([("groups", array(group)), ("unmatched", array(member()))])
}
