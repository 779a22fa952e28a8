//! `certcheck preflight`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, texts};
use crate::finding::Shape;
use crate::preflight::{ClientVerdict, PreflightResult, TsmResult};
use serde_json::{Value as Json, json};

impl Body for PreflightResult {
    const COMMAND: &'static str = "preflight";

    fn json(&self) -> Json {
        let protocols = self.protocols.as_ref().map(|protocols| {
            json!({
                "dialect": protocols.dialect,
                "accepted": protocols.accepted,
                "starts": protocols.starts,
                "configured": protocols.configured,
                "effective": protocols.effective,
            })
        });
        json!({
            "server": self.server,
            "presented": texts(&self.presented),
            "clients": self.clients.iter().map(client).collect::<Vec<_>>(),
            "protocols": protocols,
        })
    }
}

impl Body for TsmResult {
    const COMMAND: &'static str = "tsm";

    fn json(&self) -> Json {
        self.0.json()
    }
}

fn client(client: &ClientVerdict) -> Json {
    json!({
        "client": client.client,
        "verdict": client.verdict,
        "reason": client.reason,
        "anchors_needed": client.anchors_needed.as_deref().map(texts),
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let client = object([
        ("client", text()),
        (
            "verdict",
            json!({"enum": ["accepts", "refuses", "undecided"]}),
        ),
        ("reason", of(Shape::Maybe(&Shape::Text))),
        ("anchors_needed", maybe(array(of(Shape::Fingerprint)))),
    ]);
    let protocols = object([
        ("dialect", text()),
        ("accepted", of(Shape::Flag)),
        ("starts", of(Shape::Flag)),
        ("configured", texts()),
        ("effective", texts()),
    ]);
    object([
        ("server", text()),
        ("presented", array(of(Shape::Fingerprint))),
        ("clients", array(client)),
        ("protocols", maybe(protocols)),
    ])
}
