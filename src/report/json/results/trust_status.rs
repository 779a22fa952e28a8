//! `certcheck trust status`.

use super::super::schema::{array, object, of};
use super::Body;
use super::trust_plan::{client, client_schema, role};
use crate::command::trust_status::TrustStatus;
use crate::finding::Shape;
use crate::trust_store::{Holding, Status, StoreStatus};
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for TrustStatus {
    const COMMAND: &'static str = "trust status";

    fn json(&self) -> impl Serialize {
        let strays: Vec<_> = self
            .strays
            .iter()
            .map(|stray| {
                json!({
                    "path": stray.path,
                    "sha256": stray.sha256.to_string(),
                    "subject": stray.subject,
                })
            })
            .collect();
        let environment: Vec<_> = self
            .environment
            .iter()
            .map(|(name, path)| json!({"name": name, "path": path}))
            .collect();
        json!({
            "platform": self.platform.map(|platform| platform.as_str()),
            "certificates": self.certificates.iter().map(certificate).collect::<Vec<_>>(),
            "native_anchors": self.native_anchors,
            "native_places": self.native_places,
            "strays": strays,
            "environment": environment,
        })
    }
}

fn certificate(status: &Status) -> Json {
    json!({
        "source": status.source,
        "index": status.index,
        "sha256": status.sha256.to_string(),
        "subject": status.subject,
        "role": status.role.as_str(),
        "held": status.is_held(),
        "native": status.native,
        "stores": status.stores.iter().map(store).collect::<Vec<_>>(),
    })
}

fn store(store: &StoreStatus) -> Json {
    let (reason, argv) = match &store.holding {
        Holding::NotLookedAt { reason, argv } => (Some(reason), argv.as_slice()),
        _ => (None, &[][..]),
    };
    json!({
        "platform": store.platform.as_str(),
        "path": store.path,
        "holding": store.holding.as_str(),
        "reason": reason,
        "argv": argv,
        "clients": store.clients.iter().map(client).collect::<Vec<_>>(),
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let maybe = || of(Shape::Maybe(&Shape::Text));
    let digest = || of(Shape::Fingerprint);
    let store = object([
        ("platform", text()),
        ("path", text()),
        (
            "holding",
            json!({"enum": ["holds", "lacks", "blocked", "not-taken-up", "stray", "not-looked-at"]}),
        ),
        ("reason", maybe()),
        ("argv", array(text())),
        ("clients", array(client_schema())),
    ]);
    let certificate = object([
        ("source", text()),
        ("index", of(Shape::Number)),
        ("sha256", digest()),
        ("subject", text()),
        ("role", role()),
        ("held", of(Shape::Flag)),
        ("native", of(Shape::Maybe(&Shape::Flag))),
        ("stores", array(store)),
    ]);
    let stray = object([("path", text()), ("sha256", digest()), ("subject", text())]);
    object([
        ("platform", maybe()),
        ("certificates", array(certificate)),
        ("native_anchors", of(Shape::Maybe(&Shape::Number))),
        ("native_places", array(text())),
        ("strays", array(stray)),
        (
            "environment",
            array(object([("name", text()), ("path", text())])),
        ),
    ])
}
