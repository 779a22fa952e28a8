//! Server versions: which one was judged, and what others would do.

use super::super::schema::{array, maybe, object, of};
use crate::finding::Shape;
use crate::preflight::ServerBoundary;
use crate::server::ServerVersion;
use serde_json::{Value as Json, json};

/// The requested version of the server.
pub(super) fn server_version(version: ServerVersion) -> Json {
    json!({
        "version": version.release().to_string(),
        "basis": if version.is_measured() { "measured" } else { "documented" },
        "assumed": version.assumed(),
    })
}

/// Where other versions of the server behave differently.
pub(super) fn server_boundary(row: &ServerBoundary) -> Json {
    json!({
        "from": row.from,
        "setting": row.setting,
        "already": row.already,
        "says": row.says,
        "file": row.file,
        "line": row.line,
        "places": row.places,
        "source": row.source,
    })
}

pub(super) fn server_boundaries_schema() -> Json {
    array(object([
        ("from", of(Shape::Text)),
        ("setting", of(Shape::Text)),
        ("already", of(Shape::Flag)),
        ("says", of(Shape::Text)),
        ("file", of(Shape::Maybe(&Shape::Text))),
        ("line", of(Shape::Maybe(&Shape::Number))),
        ("places", of(Shape::Number)),
        ("source", of(Shape::Text)),
    ]))
}

pub(super) fn server_version_schema() -> Json {
    maybe(object([
        ("version", of(Shape::Text)),
        ("basis", json!({"enum": ["measured", "documented"]})),
        ("assumed", of(Shape::Maybe(&Shape::Text))),
    ]))
}
