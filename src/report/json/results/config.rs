//! `certcheck config`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use crate::command::config::{ConfigResult, EndpointSettings, SettingOf, WhereWritten};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for ConfigResult {
    const COMMAND: &'static str = "config";

    fn json(&self) -> impl Serialize {
        let not_read = self.not_read.iter();
        let open = self.not_understood.iter();
        json!({
            "server": self.server,
            "endpoints": self.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
            "files": self.files,
            "not_read": not_read
                .map(|(path, why)| json!({"path": path, "why": why}))
                .collect::<Vec<_>>(),
            "not_understood": open
                .map(|(setting, why, at)| {
                    json!({"setting": setting, "why": why, "file": at.file, "line": at.line})
                })
                .collect::<Vec<_>>(),
        })
    }
}

pub(super) fn endpoint(endpoint: &EndpointSettings) -> Json {
    json!({
        "listen": endpoint.listen,
        "names": endpoint.names,
        "config": place(&endpoint.config),
        "name": endpoint.name,
        "tls": endpoint.tls,
        "settings": endpoint.settings.iter().map(setting).collect::<Vec<_>>(),
    })
}

fn setting(setting: &SettingOf) -> Json {
    let source = setting.source.as_ref();
    json!({
        "name": setting.name,
        "value": setting.value,
        "file": source.map(|at| &at.file),
        "line": source.map(|at| at.line),
        "source": source.map(place),
        "default": setting.default,
        "overrides": setting
            .overrides
            .iter()
            .map(|(value, at)| json!({
                "value": value,
                "file": at.as_ref().map(|at| &at.file),
                "line": at.as_ref().map(|at| at.line),
            }))
            .collect::<Vec<_>>(),
    })
}

fn place(at: &WhereWritten) -> Json {
    json!({"file": at.file, "line": at.line})
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let file = || ("file", of(Shape::Maybe(&Shape::Text)));
    let line = || ("line", of(Shape::Maybe(&Shape::Number)));
    let place = || object([("file", text()), ("line", of(Shape::Number))]);
    let setting = object([
        ("name", text()),
        ("value", text()),
        file(),
        line(),
        ("source", maybe(place())),
        ("default", of(Shape::Flag)),
        (
            "overrides",
            array(object([("value", text()), file(), line()])),
        ),
    ]);
    let endpoint = object([
        ("listen", array(text())),
        ("names", array(text())),
        ("config", place()),
        ("name", text()),
        ("tls", of(Shape::Flag)),
        ("settings", array(setting)),
    ]);
    object([
        ("server", text()),
        ("endpoints", array(endpoint)),
        ("files", array(text())),
        (
            "not_read",
            array(object([("path", text()), ("why", text())])),
        ),
        (
            "not_understood",
            array(object([
                ("setting", text()),
                ("why", text()),
                ("file", text()),
                ("line", of(Shape::Number)),
            ])),
        ),
    ])
}
