//! `certcheck chain`.

use super::super::schema::{array, lines, maybe, object, of};
use super::{Body, texts};
use crate::command::chain::{ChainResult, Change, Fix};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for ChainResult {
    const COMMAND: &'static str = "chain";

    fn json(&self) -> impl Serialize {
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
            "fix": self.fix.as_ref().map(fix),
        })
    }
}

fn fix(fix: &Fix) -> Json {
    json!({
        "needed": fix.needed,
        "changes": fix.changes.iter().map(change).collect::<Vec<_>>(),
        "unused": fix.unused.iter().map(change).collect::<Vec<_>>(),
        "text_left_out": fix.text_left_out,
        "private_key": fix.private_key,
        "healed": fix.healed.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
        "written": fix.written.as_ref().map(|written| json!({
            "path": written.path,
            "bytes": written.bytes,
            "sections": written.sections,
            "secret": written.secret,
        })),
    })
}

fn change(change: &Change) -> Json {
    json!({
        "action": change.action.as_str(),
        "kind": change.kind,
        "subject": change.subject,
        "sha256": change.sha256.map(|digest| digest.to_string()),
        "source": change.source,
        "index": change.index,
        "lines": change.lines.map(|lines| [lines.first, lines.last]),
        "why": change.why,
    })
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
        ("fix", maybe(fix_schema())),
    ])
}

fn fix_schema() -> Json {
    let changes = || {
        array(object([
            (
                "action",
                json!({"enum": ["keep", "remove", "add", "leave"]}),
            ),
            ("kind", of(Shape::Text)),
            ("subject", maybe(of(Shape::Text))),
            ("sha256", maybe(of(Shape::Fingerprint))),
            ("source", of(Shape::Text)),
            ("index", of(Shape::Number)),
            ("lines", lines()),
            ("why", maybe(of(Shape::Text))),
        ]))
    };
    let written = object([
        ("path", of(Shape::Text)),
        ("bytes", of(Shape::Number)),
        ("sections", of(Shape::Number)),
        ("secret", of(Shape::Flag)),
    ]);
    object([
        ("needed", of(Shape::Flag)),
        ("changes", changes()),
        ("unused", changes()),
        ("text_left_out", of(Shape::Number)),
        ("private_key", json!({"enum": ["none", "kept", "left-out"]})),
        ("healed", array(of(Shape::Text))),
        ("written", maybe(written)),
    ])
}
