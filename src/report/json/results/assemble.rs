//! `certcheck assemble`.

use super::super::schema::{self, array, maybe, object, of};
use super::{Body, fetched, preflight};
use crate::command::assemble::{AssembleResult, Part};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for AssembleResult {
    const COMMAND: &'static str = "assemble";

    fn json(&self) -> impl Serialize {
        let directory = self.directory.as_deref();
        let written: Vec<_> = directory
            .into_iter()
            .flat_map(|directory| {
                let directory = directory.trim_end_matches('/');
                self.files.iter().map(move |file| {
                    json!({
                        "path": format!("{directory}/{}", file.name),
                        "bytes": file.bytes.len(),
                        "certificates": file.certificates,
                        "secret": file.is_secret,
                    })
                })
            })
            .collect();
        json!({
            "server": self.server,
            "written": written,
            "used": self.used.iter().map(part).collect::<Vec<_>>(),
            "left_out": self.left_out.iter().map(part).collect::<Vec<_>>(),
            "fetched": self.fetched.iter().map(fetched).collect::<Vec<_>>(),
            "settings": self.settings,
            "preflight": self.preflight.as_ref().map(preflight::preflight),
        })
    }
}

fn part(part: &Part) -> Json {
    json!({
        "source": part.source,
        "kind": part.kind,
        "subject": part.subject,
        "why": part.why,
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let part = || {
        object([
            ("source", text()),
            ("kind", json!({"enum": ["certificate", "private-key"]})),
            ("subject", text()),
            ("why", of(Shape::Maybe(&Shape::Text))),
        ])
    };
    let written = object([
        ("path", text()),
        ("bytes", of(Shape::Number)),
        ("certificates", of(Shape::Number)),
        ("secret", of(Shape::Flag)),
    ]);
    object([
        ("server", text()),
        ("written", array(written)),
        ("used", array(part())),
        ("left_out", array(part())),
        ("fetched", array(schema::fetched())),
        ("settings", array(text())),
        ("preflight", maybe(preflight::schema())),
    ])
}
