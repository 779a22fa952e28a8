//! `certcheck tsm`.

use super::super::schema::{array, lines, maybe, object, of};
use super::Body;
use super::preflight::{members, preflight};
use crate::finding::Shape;
use crate::preflight::tsm::{CommandResult, ScriptResult, Shell, TsmResult};
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};
use serde_json::{Value as Json, json};

impl Body for TsmResult {
    const COMMAND: &'static str = "tsm";

    fn json(&self) -> impl Serialize {
        Effected(self)
    }
}

/// What is predicted, and what the commands change.
struct Effected<'a>(&'a TsmResult);

impl Serialize for Effected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        preflight(&self.0.preflight).write(&mut map)?;
        map.serialize_entry("effects", &self.0.effects)?;
        map.serialize_entry("script", &self.0.script.as_ref().map(script))?;
        map.end()
    }
}

fn script(script: &ScriptResult) -> Json {
    let command = |command: &CommandResult| {
        let codes: Vec<_> = command.codes.iter().map(|code| code.as_str()).collect();
        json!({
            "name": command.name,
            "lines": [command.lines.first, command.lines.last],
            "verdict": command.verdict.as_str(),
            "codes": codes,
            "effects": command.effects,
        })
    };
    json!({
        "source": script.source,
        "shell": script.shell,
        "skipped": script.skipped,
        "commands": script.commands.iter().map(command).collect::<Vec<_>>(),
    })
}

pub(super) fn schema() -> Json {
    let texts = || array(of(Shape::Text));
    let command = object([
        ("name", of(Shape::Text)),
        ("lines", lines()),
        ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
        ("codes", texts()),
        ("effects", texts()),
    ]);
    let script = object([
        ("source", of(Shape::Text)),
        ("shell", json!({"enum": Shell::ALL.map(Shell::as_str)})),
        ("skipped", of(Shape::Number)),
        ("commands", array(command)),
    ]);
    let own = [("effects", texts()), ("script", maybe(script))];
    object(members().into_iter().chain(own))
}
