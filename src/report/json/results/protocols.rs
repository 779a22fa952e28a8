//! `certcheck protocols`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use crate::command::protocols::{Changed, Judged, JudgedScope, ProtocolsResult};
use crate::finding::Shape;
use crate::protocol::KnownClient;
use serde_core::Serialize;
use serde_json::{Map, Value as Json, json};

impl Body for ProtocolsResult {
    const COMMAND: &'static str = "protocols";

    fn json(&self) -> impl Serialize {
        let mut members = match &self.string {
            Some(judged) => evaluation(judged),
            None => several(&self.scopes),
        };
        members.insert("dialect".into(), self.dialect.as_str().into());
        members.insert("scopes".into(), self.scopes.iter().map(scope).collect());
        members.insert("shortest".into(), json!(self.shortest));
        let translated = self.translated.as_ref();
        members.insert(
            "translated".into(),
            json!(translated.and_then(|translation| translation.text.clone())),
        );
        members.insert(
            "translated_to".into(),
            json!(translated.map(|translated| translated.dialect.as_str())),
        );
        members.insert(
            "difference".into(),
            json!(self.difference.as_ref().map(difference)),
        );
        Json::Object(members)
    }
}

fn evaluation(judged: &Judged) -> Map<String, Json> {
    let evaluation = &judged.evaluation;
    let tokens: Vec<_> = evaluation
        .tokens
        .iter()
        .map(|token| {
            json!({
                "text": token.text,
                "start": token.span.start,
                "end": token.span.end,
                "effect": token.effect.to_string(),
                "after": token.after.names(),
            })
        })
        .collect();
    members(json!({
        "string": judged.text,
        "accepted": evaluation.accepted,
        "starts": evaluation.starts,
        "configured": evaluation.configured.names(),
        "effective": evaluation.effective.names(),
        "reachable": judged.reachable.names(),
        "message": evaluation.message,
        "warnings": evaluation.warnings,
        "tokens": tokens,
        "below": evaluation.below.as_ref().map(|below| json!({
            "dialect": below.dialect.as_str(),
            "accepted": below.accepted,
            "starts": below.starts,
            "effective": below.effective.names(),
            "message": below.message,
        })),
    }))
}

/// A configuration as a whole: it starts if every scope does.
fn several(scopes: &[JudgedScope]) -> Map<String, Json> {
    let evaluations = || scopes.iter().map(|scope| &scope.judged.evaluation);
    members(json!({
        "string": null,
        "accepted": evaluations().all(|evaluation| evaluation.accepted),
        "starts": evaluations().all(|evaluation| evaluation.starts),
        "configured": [],
        "effective": [],
        "reachable": [],
        "message": evaluations().find_map(|evaluation| evaluation.message.clone()),
        "warnings": [],
        "tokens": [],
        "below": null,
    }))
}

fn scope(scope: &JudgedScope) -> Json {
    let mut members = evaluation(&scope.judged);
    members.insert("name".into(), scope.name.as_str().into());
    let lines: Vec<_> = scope
        .lines
        .iter()
        .map(|lines| [lines.first, lines.last])
        .collect();
    members.insert("lines".into(), json!(lines));
    Json::Object(members)
}

fn difference(change: &Changed) -> Json {
    let clients = |clients: &[KnownClient]| -> Vec<Json> {
        clients
            .iter()
            .map(|client| json!({"name": client.name, "source": client.source}))
            .collect()
    };
    json!({
        "other": change.other,
        "lost": change.lost,
        "gained": change.gained,
        "cut_off": clients(&change.cut_off),
        "admitted": clients(&change.admitted),
    })
}

fn members(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    let evaluation = || {
        let token = object([
            ("text", text()),
            ("start", of(Shape::Number)),
            ("end", of(Shape::Number)),
            ("effect", text()),
            ("after", texts()),
        ]);
        let below = object([
            ("dialect", text()),
            ("accepted", of(Shape::Flag)),
            ("starts", of(Shape::Flag)),
            ("effective", texts()),
            ("message", maybe_text()),
        ]);
        vec![
            ("string", maybe_text()),
            ("accepted", of(Shape::Flag)),
            ("starts", of(Shape::Flag)),
            ("configured", texts()),
            ("effective", texts()),
            ("reachable", texts()),
            ("message", maybe_text()),
            ("warnings", texts()),
            ("tokens", array(token)),
            ("below", maybe(below)),
        ]
    };
    let mut scope = evaluation();
    let lines =
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2});
    scope.extend([("name", text()), ("lines", array(lines))]);
    let client = || object([("name", text()), ("source", text())]);
    let difference = object([
        ("other", text()),
        ("lost", texts()),
        ("gained", texts()),
        ("cut_off", array(client())),
        ("admitted", array(client())),
    ]);
    let mut all = evaluation();
    all.extend([
        ("dialect", text()),
        ("scopes", array(object(scope))),
        ("shortest", maybe_text()),
        ("translated", maybe_text()),
        ("translated_to", maybe_text()),
        ("difference", maybe(difference)),
    ]);
    object(all)
}
