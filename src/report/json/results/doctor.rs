//! `certcheck doctor`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use super::preflight::{
    client_schema, protocols, protocols_schema, rows, sent, sent_schema, startup, startup_schema,
};
use super::texts;
use crate::answer::Answer;
use crate::command::doctor::{DoctorResult, ServerFound};
use crate::finding::Shape;
use crate::preflight::ScopeResult;
use crate::report::Word;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for DoctorResult {
    const COMMAND: &'static str = "doctor";

    fn json(&self) -> impl Serialize {
        let not_read = self.not_read.iter();
        json!({
            "servers": self.servers.iter().map(server).collect::<Vec<_>>(),
            "system": self.system,
            "anchors": self.anchors,
            "not_read": not_read
                .map(|(path, why)| json!({"path": path, "why": why}))
                .collect::<Vec<_>>(),
        })
    }

    fn sentence(&self) -> Option<String> {
        Some(self.found())
    }

    fn word(answer: &Answer<Self>) -> (Word, Option<String>) {
        (Word::of_doctor(answer), None)
    }
}

fn server(found: &ServerFound) -> Json {
    let result = found.preflight.as_ref();
    let endpoints = result.map_or(&[][..], |result| &result.scopes);
    let first = found.config.first();
    json!({
        "server": found.server,
        "config": found.config,
        "found_by": found.found_by,
        "verdict": found.verdict.as_str(),
        "tls": !found.without_tls,
        "errors": found.errors,
        "warnings": found.warnings,
        "undecided": found.undecided,
        "startup": result.and_then(|result| result.startup.as_ref()).map(startup),
        "sent": result.map_or(&[][..], |result| &result.sent).iter().map(sent).collect::<Vec<_>>(),
        "clients": result.map_or(Json::Null, |result| rows(&result.clients)),
        "endpoints": endpoints
            .iter()
            .map(|endpoint| scope(endpoint, first.map_or("", String::as_str)))
            .collect::<Vec<_>>(),
    })
}

fn scope(scope: &ScopeResult, first: &str) -> Json {
    json!({
        "name": scope.name,
        "names": scope.hosts,
        "config": {
            "file": scope.file.as_deref().unwrap_or(first),
            "line": scope.lines.map(|lines| lines.first),
        },
        "tls": scope.tls,
        "presented": texts(&scope.presented),
        "protocols": scope.protocols.as_ref().map(protocols),
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let config = object([("file", text()), ("line", of(Shape::Maybe(&Shape::Number)))]);
    let endpoint = object([
        ("name", text()),
        ("names", texts()),
        ("config", config),
        ("tls", of(Shape::Flag)),
        ("presented", array(of(Shape::Fingerprint))),
        ("protocols", protocols_schema()),
    ]);
    let server = object([
        ("server", text()),
        ("config", texts()),
        ("found_by", text()),
        ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
        ("tls", of(Shape::Flag)),
        ("errors", of(Shape::Number)),
        ("warnings", of(Shape::Number)),
        ("undecided", texts()),
        ("startup", startup_schema()),
        ("sent", array(sent_schema())),
        ("clients", maybe(array(client_schema()))),
        ("endpoints", array(endpoint)),
    ]);
    object([
        ("servers", array(server)),
        ("system", of(Shape::Text)),
        ("anchors", of(Shape::Number)),
        (
            "not_read",
            array(object([("path", text()), ("why", text())])),
        ),
    ])
}
