//! `certcheck preflight`.

use super::super::schema::{array, lines, maybe, object, of};
use super::server_versions::{
    server_boundaries_schema, server_boundary, server_version, server_version_schema,
};
use super::{Body, Listed, diff, texts};
use crate::answer::Answer;
use crate::client::Stage;
use crate::finding::Shape;
use crate::preflight::{
    Announced, Boundary, ClientCertificateResult, ClientVerdict, EndpointResult, PreflightResult,
    Protocols, ScopeResult, Sent, StartupResult,
};
use crate::report::Word;
use crate::report::word::refusals;
use crate::server::System;
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};
use serde_json::{Value as Json, json};

impl Body for PreflightResult {
    const COMMAND: &'static str = "preflight";

    fn json(&self) -> impl Serialize {
        preflight(self)
    }

    fn word(answer: &Answer<Self>) -> (Word, Option<String>) {
        let word = Word::of_preflight(answer, &answer.result);
        let refuse = refusals(&answer.result.clients);
        (word, refuse.filter(|_| word == Word::NoError))
    }
}

/// What is predicted, written member by member: a document with a thousand endpoints, each with its
/// clients' rows, needs no extra memory.
pub(super) fn preflight(result: &PreflightResult) -> Predicted<'_> {
    Predicted(result)
}

pub(super) struct Predicted<'a>(&'a PreflightResult);

impl Serialize for Predicted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map)?;
        map.end()
    }
}

impl Predicted<'_> {
    /// Its members, to which `tsm` adds others.
    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let result = self.0;
        let sent = Listed(&result.sent, sent);
        let announced = Listed(&result.announced, announced);
        let anchor = result.assumed_anchor.as_ref();
        let certificates = result.client_certificate.as_deref();
        let certificates = certificates.map(|places| Listed(places, client_certificate));
        map.serialize_entry("server", result.server)?;
        map.serialize_entry("presented", &texts(&result.presented))?;
        map.serialize_entry("sent", &sent)?;
        map.serialize_entry("startup", &result.startup.as_ref().map(startup))?;
        map.serialize_entry("clients", &Listed(&result.clients, Row))?;
        map.serialize_entry("announced", &announced)?;
        map.serialize_entry("right_password", &result.right_password)?;
        map.serialize_entry("assumed_anchor", &anchor.map(ToString::to_string))?;
        map.serialize_entry("system", &result.system.map(system))?;
        map.serialize_entry("server_version", &result.server_version.map(server_version))?;
        map.serialize_entry("judged_version", &result.judged_version.map(server_version))?;
        let boundaries = Listed(&result.server_boundaries, server_boundary);
        map.serialize_entry("server_boundaries", &boundaries)?;
        map.serialize_entry("protocols", &result.protocols.as_ref().map(protocols))?;
        map.serialize_entry("scopes", &Listed(&result.scopes, scope))?;
        map.serialize_entry("endpoints", &Listed(&result.endpoints, Endpoint))?;
        map.serialize_entry("client_certificate", &certificates)?;
        map.serialize_entry(
            "replaces",
            &result.replaces.as_deref().map(diff::difference),
        )
    }
}

pub(super) fn protocols(protocols: &Protocols) -> Json {
    json!({
        "dialect": protocols.dialect,
        "accepted": protocols.accepted,
        "starts": protocols.starts,
        "configured": protocols.configured,
        "effective": protocols.effective,
        "reachable": protocols.reachable,
        "by_default": protocols.by_default,
    })
}

/// What a system is assumed to have.
pub(super) fn system(system: System) -> Json {
    let nginx = system.servers().find(|(server, _)| *server == "nginx");
    let servers = system.servers();
    let servers = servers.map(|(server, version)| json!({"server": server, "version": version}));
    json!({
        "name": system.name(),
        "policy": system.policy(),
        "openssl": system.openssl(),
        "security_level": system.level().number(),
        "nginx": nginx.map(|(_, version)| version),
        "servers": servers.collect::<Vec<_>>(),
        "documented": system.documented(),
        "assumed": system.assumed(),
        "sources": system.sources(),
    })
}

pub(super) fn system_schema() -> Json {
    maybe(object([
        ("name", of(Shape::Text)),
        ("policy", of(Shape::Maybe(&Shape::Text))),
        ("openssl", of(Shape::Text)),
        ("security_level", of(Shape::Number)),
        ("nginx", of(Shape::Maybe(&Shape::Text))),
        (
            "servers",
            array(object([
                ("server", of(Shape::Text)),
                ("version", of(Shape::Text)),
            ])),
        ),
        ("documented", of(Shape::Flag)),
        ("assumed", of(Shape::Maybe(&Shape::Text))),
        ("sources", array(of(Shape::Text))),
    ]))
}

pub(super) fn startup(startup: &StartupResult) -> Json {
    let reload = startup.reload.as_ref().map(|reload| {
        json!({
            "outcome": reload.outcome.as_str(),
            "command": reload.command,
            "text": reload.text,
        })
    });
    json!({
        "outcome": startup.outcome.as_str(),
        "message": startup.message,
        "reload": reload,
    })
}

fn announced(row: &Announced) -> Json {
    json!({
        "date": row.date.to_string(),
        "what": row.what,
        "whom": row.whom,
        "in_force": row.in_force,
        "source": row.source,
    })
}

pub(super) fn sent(sent: &Sent) -> Json {
    json!({
        "sha256": sent.sha256.to_string(),
        "subject": sent.subject,
        "issuer": sent.issuer,
        "not_before": sent.not_before.to_string(),
        "not_after": sent.not_after.to_string(),
        "source": sent.source,
        "index": sent.index,
        "lines": sent.lines.map(|lines| [lines.first, lines.last]),
    })
}

fn scope(scope: &ScopeResult) -> Json {
    json!({
        "name": scope.name,
        "file": scope.file,
        "lines": scope.lines.map(|lines| [lines.first, lines.last]),
        "tls": scope.tls,
        "hosts": scope.hosts,
        "presented": texts(&scope.presented),
        "startup": scope.startup.as_ref().map(startup),
        "protocols": scope.protocols.as_ref().map(protocols),
    })
}

struct Endpoint<'a>(&'a EndpointResult);

impl Serialize for Endpoint<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let endpoint = self.0;
        let config = json!({"file": endpoint.file, "line": endpoint.line});
        let protocols = endpoint.protocols.as_ref().map(protocols);
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("listen", &endpoint.listen)?;
        map.serialize_entry("names", &endpoint.names)?;
        map.serialize_entry("config", &config)?;
        map.serialize_entry("presented", &texts(&endpoint.presented))?;
        map.serialize_entry("protocols", &protocols)?;
        map.serialize_entry("clients", &Listed(&endpoint.clients, Row))?;
        map.end()
    }
}

fn client_certificate(place: &ClientCertificateResult) -> Json {
    json!({
        "name": place.name,
        "lines": place.lines.map(|lines| [lines.first, lines.last]),
        "asks": place.asks.as_str(),
        "verdict": place.verdict.as_str(),
        "reason": place.reason,
        "path": texts(&place.path),
        "acceptable_cas": place.acceptable_cas,
    })
}

/// What the clients say, as a value.
pub(super) fn rows(clients: &[ClientVerdict]) -> Json {
    serde_json::to_value(Listed(clients, Row)).unwrap_or_default()
}

/// A row in the table of clients.
struct Row<'a>(&'a ClientVerdict);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let client = self.0;
        let certificate = client.certificate.as_ref().map(ToString::to_string);
        let anchors = client.anchors_needed.as_deref().map(texts);
        let until = client.accepts_until.map(|end| end.to_string());
        let basis = if client.measured {
            "measured"
        } else {
            "documented"
        };
        let mut map = serializer.serialize_map(Some(17))?;
        map.serialize_entry("client", &client.client)?;
        map.serialize_entry("decides", &client.decides)?;
        map.serialize_entry("version", &client.version)?;
        map.serialize_entry("verdict", client.verdict.as_str())?;
        map.serialize_entry("stage", &client.stage.map(Stage::as_str))?;
        map.serialize_entry("reason", &client.reason)?;
        map.serialize_entry("protocol", &client.protocol)?;
        map.serialize_entry("cipher_suite", &client.cipher_suite)?;
        map.serialize_entry("group", &client.group)?;
        map.serialize_entry("certificate", &certificate)?;
        map.serialize_entry("anchors_needed", &anchors)?;
        map.serialize_entry("path", &texts(&client.path))?;
        map.serialize_entry("accepts_until", &until)?;
        map.serialize_entry("accepts_until_reason", &client.accepts_until_reason)?;
        map.serialize_entry("basis", basis)?;
        map.serialize_entry("note", &client.note)?;
        map.serialize_entry("boundaries", &Listed(&client.boundaries, boundary))?;
        map.end()
    }
}

fn boundary(boundary: &Boundary) -> Json {
    json!({"from": boundary.from, "verdict": boundary.verdict.as_str()})
}

pub(super) fn protocols_schema() -> Json {
    let texts = || array(of(Shape::Text));
    maybe(object([
        ("dialect", of(Shape::Text)),
        ("accepted", of(Shape::Flag)),
        ("starts", of(Shape::Flag)),
        ("configured", texts()),
        ("effective", texts()),
        ("reachable", texts()),
        ("by_default", of(Shape::Flag)),
    ]))
}

pub(super) fn startup_schema() -> Json {
    let reload = object([
        (
            "outcome",
            json!({"enum": ["keeps-old-certificate", "keeps-old-settings", "stops",
                "restart-only"]}),
        ),
        ("command", of(Shape::Maybe(&Shape::Text))),
        ("text", of(Shape::Text)),
    ]);
    maybe(object([
        (
            "outcome",
            json!({"enum": ["starts", "starts-without-tls", "refuses-at-config-test",
                "fails-at-start", "fails-at-handshake"]}),
        ),
        ("message", of(Shape::Maybe(&Shape::Text))),
        ("reload", maybe(reload)),
    ]))
}

pub(super) fn schema() -> Json {
    object(members())
}

pub(super) fn sent_schema() -> Json {
    object([
        ("sha256", of(Shape::Fingerprint)),
        ("subject", of(Shape::Text)),
        ("issuer", of(Shape::Text)),
        ("not_before", of(Shape::Time)),
        ("not_after", of(Shape::Time)),
        ("source", of(Shape::Text)),
        ("index", of(Shape::Number)),
        ("lines", lines()),
    ])
}

/// A row in the table of clients.
pub(super) fn client_schema() -> Json {
    let text = || of(Shape::Text);
    object([
        ("client", text()),
        ("decides", of(Shape::Flag)),
        ("version", of(Shape::Maybe(&Shape::Text))),
        (
            "verdict",
            json!({"enum": ["accepts", "refuses", "undecided"]}),
        ),
        (
            "stage",
            maybe(json!({"enum": ["handshake", "reads", "path", "name"]})),
        ),
        ("reason", of(Shape::Maybe(&Shape::Text))),
        ("protocol", of(Shape::Maybe(&Shape::Text))),
        ("cipher_suite", of(Shape::Maybe(&Shape::Text))),
        ("group", of(Shape::Maybe(&Shape::Text))),
        ("certificate", maybe(of(Shape::Fingerprint))),
        ("anchors_needed", maybe(array(of(Shape::Fingerprint)))),
        ("path", array(of(Shape::Fingerprint))),
        ("accepts_until", of(Shape::Maybe(&Shape::Time))),
        ("accepts_until_reason", of(Shape::Maybe(&Shape::Text))),
        ("basis", json!({"enum": ["measured", "documented"]})),
        ("note", of(Shape::Maybe(&Shape::Text))),
        (
            "boundaries",
            array(object([
                ("from", text()),
                (
                    "verdict",
                    json!({"enum": ["accepts", "refuses", "undecided"]}),
                ),
            ])),
        ),
    ])
}

pub(super) fn members() -> Vec<(&'static str, Json)> {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let client = client_schema();
    let client_certificate = object([
        ("name", text()),
        ("lines", lines()),
        ("asks", json!({"enum": ["none", "optional", "required"]})),
        (
            "verdict",
            json!({"enum": ["accepts", "refuses", "undecided"]}),
        ),
        ("reason", of(Shape::Maybe(&Shape::Text))),
        ("path", array(of(Shape::Fingerprint))),
        ("acceptable_cas", texts()),
    ]);
    let scope = object([
        ("name", text()),
        ("file", of(Shape::Maybe(&Shape::Text))),
        ("lines", lines()),
        ("tls", of(Shape::Flag)),
        ("hosts", texts()),
        ("presented", array(of(Shape::Fingerprint))),
        ("startup", startup_schema()),
        ("protocols", protocols_schema()),
    ]);
    let endpoint = object([
        ("listen", texts()),
        ("names", texts()),
        (
            "config",
            object([
                ("file", of(Shape::Maybe(&Shape::Text))),
                ("line", of(Shape::Maybe(&Shape::Number))),
            ]),
        ),
        ("presented", array(of(Shape::Fingerprint))),
        ("protocols", protocols_schema()),
        ("clients", array(client.clone())),
    ]);
    vec![
        ("server", text()),
        ("presented", array(of(Shape::Fingerprint))),
        ("sent", array(sent_schema())),
        ("startup", startup_schema()),
        ("clients", array(client)),
        ("system", system_schema()),
        ("server_version", server_version_schema()),
        ("judged_version", server_version_schema()),
        ("server_boundaries", server_boundaries_schema()),
        (
            "announced",
            array(object([
                ("date", of(Shape::Time)),
                ("what", text()),
                ("whom", text()),
                ("in_force", of(Shape::Flag)),
                ("source", text()),
            ])),
        ),
        ("right_password", of(Shape::Maybe(&Shape::Text))),
        ("assumed_anchor", maybe(of(Shape::Fingerprint))),
        ("protocols", protocols_schema()),
        ("scopes", array(scope)),
        ("endpoints", array(endpoint)),
        ("client_certificate", maybe(array(client_certificate))),
        ("replaces", maybe(diff::schema())),
    ]
}
