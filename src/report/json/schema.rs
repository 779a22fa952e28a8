//! The JSON Schema of the document, made from the same tables as the document.

use super::results;
use crate::finding::{Need, Shape};
use crate::rule::CodeInfo;
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (draft 2020-12) of every document that this version writes.
///
/// Every object is closed: a member that is not listed makes a document invalid.
pub fn schema() -> String {
    let commands: Vec<_> = results::SCHEMAS
        .iter()
        .map(|(command, result)| {
            json!({"properties": {"command": {"const": command}, "result": result()}})
        })
        .collect();
    let codes: Vec<_> = CodeInfo::all()
        .map(|info| {
            let fields = info.fields.iter().map(|(name, shape)| (*name, of(*shape)));
            json!({"properties": {"code": {"const": info.code.as_str()}, "evidence": object(fields)}})
        })
        .collect();
    let subject = object([
        ("source", of(Shape::Text)),
        (
            "part",
            json!({"enum": ["file", "section", "certificate", "private-key", "public-key", "csr",
                "crl", "protocol-string", "cipher-string", "setting"]}),
        ),
        ("index", of(Shape::Number)),
        ("lines", lines()),
    ]);
    let mut finding = object([
        ("code", of(Shape::Text)),
        ("severity", json!({"enum": ["error", "warning", "notice"]})),
        ("subject", subject),
        ("message", of(Shape::Text)),
        ("evidence", json!({"type": "object"})),
        ("consequence", of(Shape::Maybe(&Shape::Text))),
        (
            "remedy",
            json!({"oneOf": [{"type": "null"}, object([
                ("text", of(Shape::Text)),
                ("commands", of(Shape::List(&Shape::Text))),
                ("needs", json!({"type": "array", "items":
                    {"enum": Need::ALL.map(Need::as_str)}})),
                ("then", json!({"oneOf": [{"type": "null"}, object([
                    ("file", of(Shape::Text)),
                    ("in_place_of", of(Shape::Maybe(&Shape::Text))),
                    ("option", of(Shape::Maybe(&Shape::Text))),
                ])]})),
                ("proof", maybe(object([
                    ("heals", of(Shape::Flag)),
                    ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
                    ("starts", of(Shape::Maybe(&Shape::Flag))),
                    ("accept", of(Shape::Number)),
                    ("clients", of(Shape::Number)),
                    ("remains", of(Shape::List(&Shape::Text))),
                ]))),
            ])]}),
        ),
        ("references", of(Shape::List(&Shape::Text))),
    ]);
    add(&mut finding, "oneOf", Json::Array(codes));
    let mut check = object([
        ("check", of(Shape::Text)),
        (
            "outcome",
            json!({"enum": ["ran", "not-applicable", "not-run"]}),
        ),
        ("reason", of(Shape::Text)),
    ]);
    add(&mut check, "required", json!(["check", "outcome"]));
    let omitted = object([
        ("code", of(Shape::Text)),
        ("severity", json!({"enum": ["error", "warning", "notice"]})),
        ("source", of(Shape::Text)),
        ("count", of(Shape::Number)),
    ]);
    let waived = object([
        // Once, because it names all codes.
        ("finding", json!({"$ref": "#/properties/findings/items"})),
        ("justification", of(Shape::Text)),
        ("until", json!({"type": "string", "format": "date"})),
        (
            "waiver",
            object([("file", of(Shape::Text)), ("line", of(Shape::Number))]),
        ),
    ]);
    let count = || of(Shape::Number);
    let mut document = object([
        ("schema", json!({"const": super::SCHEMA})),
        ("version", of(Shape::Text)),
        ("command", of(Shape::Text)),
        ("at", of(Shape::Time)),
        ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
        (
            "summary",
            object([
                ("error", count()),
                ("warning", count()),
                ("notice", count()),
                ("allowed", count()),
                ("waived", count()),
            ]),
        ),
        ("checks", array(check)),
        ("findings", array(finding)),
        ("omitted", array(omitted)),
        ("waived", array(waived)),
        ("configuration", of(Shape::Maybe(&Shape::Text))),
        ("fetched", array(fetched())),
        ("result", json!({"type": "object"})),
    ]);
    add(&mut document, "oneOf", Json::Array(commands));
    add(
        &mut document,
        "$schema",
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    add(
        &mut document,
        "title",
        json!("certcheck/1: what certcheck found"),
    );
    let mut text = format!("{document:#}");
    text.push('\n');
    text
}

/// What was fetched.
pub(super) fn fetched() -> Json {
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    object([
        ("issuer", of(Shape::Text)),
        ("url", maybe_text()),
        ("sha256", maybe_text()),
        ("why", maybe_text()),
    ])
}

/// A closed object in which every member is required.
pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let properties: Map<_, _> = members
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Any number of `items`.
pub(super) fn array(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

/// `schema` or null.
pub(super) fn maybe(schema: Json) -> Json {
    json!({"oneOf": [{"type": "null"}, schema]})
}

/// First and last line, or null.
pub(super) fn lines() -> Json {
    maybe(json!({"type": "array", "minItems": 2, "maxItems": 2,
        "items": {"type": "integer", "minimum": 1}}))
}

/// The schema of a fact's shape.
pub(super) fn of(shape: Shape) -> Json {
    match shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Fingerprint => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        Shape::Number => json!({"type": "integer", "minimum": 0}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Time => json!({"type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}),
        Shape::Maybe(inner) => maybe(of(*inner)),
        Shape::List(inner) => array(of(*inner)),
    }
}

fn add(schema: &mut Json, name: &str, value: Json) {
    if let Some(members) = schema.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
