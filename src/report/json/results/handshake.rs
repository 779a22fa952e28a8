//! `certcheck handshake`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use super::preflight::{
    protocols, protocols_schema, startup, startup_schema, system, system_schema,
};
use super::server_versions::{server_version, server_version_schema};
use crate::command::handshake::{Cell, HandshakeResult};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for HandshakeResult {
    const COMMAND: &'static str = "handshake";

    fn json(&self) -> impl Serialize {
        json!({
            "server": self.server,
            "startup": self.startup.as_ref().map(startup),
            "system": self.system.map(system),
            "server_version": self.server_version.map(server_version),
            "protocols": self.protocols.as_ref().map(protocols),
            "cells": self.cells.iter().map(cell).collect::<Vec<_>>(),
        })
    }
}

fn cell(cell: &Cell) -> Json {
    json!({
        "client": cell.client,
        "version": cell.version,
        "verdict": cell.verdict.as_str(),
        "protocol": cell.protocol,
        "cipher_suite": cell.cipher_suite,
        "group": cell.group,
        "certificate": cell.certificate.as_ref().map(ToString::to_string),
        "reason": cell.reason,
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    let cell = object([
        ("client", text()),
        ("version", maybe_text()),
        (
            "verdict",
            json!({"enum": ["accepts", "refuses", "undecided"]}),
        ),
        ("protocol", maybe_text()),
        ("cipher_suite", maybe_text()),
        ("group", maybe_text()),
        ("certificate", maybe(of(Shape::Fingerprint))),
        ("reason", maybe_text()),
    ]);
    object([
        ("server", text()),
        ("startup", startup_schema()),
        ("system", system_schema()),
        ("server_version", server_version_schema()),
        ("protocols", protocols_schema()),
        ("cells", array(cell)),
    ])
}
