//! The JSON Schema of the file, for editors; made from the options of the commands.

use super::keys::{self, Key, Shape};
use certcheck::finding::Code;
use serde_json::{Map, Value as Json, json};

/// The schema, as `schema/certcheck-toml-1.json` has it.
pub(crate) fn schema() -> String {
    let preflight = keys::of(keys::COMMANDS[0]);
    let defaults = preflight
        .iter()
        .filter(|key| keys::DEFAULTS.contains(&key.name.as_str()));
    let mut severities = Map::new();
    severities.insert(
        "warnings".to_owned(),
        json!({"const": "deny", "description": "Treat all warnings as errors"}),
    );
    let set = |code: &&Code| !["waiver", "receipt"].contains(&code.area());
    let codes: Vec<&Code> = Code::ALL.iter().filter(set).collect();
    for code in &codes {
        let about = code.info().summary;
        let level = json!({"enum": ["allow", "warn", "deny"], "description": about});
        severities.insert(code.as_str().to_owned(), level);
    }
    let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let text = |about: &str| json!({"type": "string", "minLength": 1, "description": about});
    let waiver = json!({
        "type": "object",
        "description": "Findings that are accepted until a day",
        "properties": {
            "code": {"enum": names, "description": "The code of the findings"},
            "reason": text("Why they are accepted"),
            // An editor sees a TOML date as a text of this form.
            "until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                "description": "The last day on which the waiver holds (UTC)"},
            "source": text("Only in this file"),
            "part": {"enum": ["file", "section", "certificate", "private-key", "public-key",
                "csr", "crl", "protocol-string", "cipher-string", "setting"],
                "description": "Only about this part of a file"},
            "contains": text("Only if the message contains this text"),
            "target": text("Only for this target"),
        },
        "required": ["code", "reason", "until"],
        "additionalProperties": false,
    });
    let targets: Vec<Json> = keys::COMMANDS
        .iter()
        .map(|command| target(command))
        .collect();
    let document = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "certcheck.toml",
        "description": "The configuration file of certcheck",
        "type": "object",
        "properties": {
            "defaults": table(defaults, "Defaults of the command line's options"),
            "severity": {
                "type": "object",
                "description": "The severity of single codes, as --allow, --warn and --deny set it",
                "properties": severities,
                "additionalProperties": false,
            },
            "waiver": {"type": "array", "items": waiver},
            "target": {"type": "array", "items": {"anyOf": targets}},
        },
        "additionalProperties": false,
    });
    format!("{document:#}\n")
}

fn table<'k>(keys: impl Iterator<Item = &'k Key>, about: &str) -> Json {
    let properties: Map<_, _> = keys.map(|key| (key.name.clone(), value(key))).collect();
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn target(command: &str) -> Json {
    let all = keys::of(command);
    let mut schema = table(all.iter(), "What `certcheck run` judges");
    let name = json!({"type": "string", "minLength": 1, "description": "Its name in reports"});
    let first = command == keys::COMMANDS[0];
    let about = "The command that judges it; `preflight` if it is not there";
    let properties = schema.get_mut("properties");
    if let Some(properties) = properties.and_then(Json::as_object_mut) {
        properties.insert("name".to_owned(), name);
        let command = json!({"const": command, "description": about});
        properties.insert("command".to_owned(), command);
    }
    let required = if first {
        json!(["name"])
    } else {
        json!(["name", "command"])
    };
    if let Some(members) = schema.as_object_mut() {
        members.insert("required".to_owned(), required);
    }
    schema
}

fn value(key: &Key) -> Json {
    let one = match key.shape {
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Number => json!({"type": "integer", "minimum": 0}),
        // A name may carry a version.
        _ if ["server", "client"].contains(&key.name.as_str()) => {
            json!({"anyOf": [{"enum": key.values}, {"type": "string", "pattern": ".@."}]})
        }
        _ if !key.values.is_empty() => json!({"enum": key.values}),
        _ => json!({"type": "string"}),
    };
    let mut value = match key.shape {
        Shape::Texts => json!({"anyOf": [one, {"type": "array", "items": one}]}),
        _ => one,
    };
    if let Some(members) = value.as_object_mut() {
        members.insert("description".to_owned(), key.help.as_str().into());
    }
    value
}
