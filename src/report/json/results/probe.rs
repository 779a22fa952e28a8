//! `certcheck probe`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, texts};
use crate::command::probe::{
    ChainSeen, ClientSeen, Compared, OnTheWire, ProbeResult, Probed, Probes, VersionSeen,
};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for ProbeResult {
    const COMMAND: &'static str = "probe";

    fn json(&self) -> impl Serialize {
        one(self)
    }
}

impl Body for Probes {
    const COMMAND: &'static str = "probe";

    fn json(&self) -> impl Serialize {
        let targets: Json = self.targets.iter().map(probed).collect();
        json!({ "targets": targets })
    }
}

fn probed(probed: &Probed) -> Json {
    json!({
        "target": probed.target,
        "verdict": probed.verdict.as_str(),
        "unreachable": probed.unreachable,
        "result": probed.result.as_ref().map(one),
    })
}

fn one(result: &ProbeResult) -> Json {
    json!({
            "target": result.target,
            "address": result.address,
            "server_name": result.server_name,
            "starttls": result.starttls,
            "presented": texts(&result.presented),
            "certificates": result.certificates.iter().map(certificate).collect::<Vec<_>>(),
            "chains": result.chains.iter().map(chain).collect::<Vec<_>>(),
            "version": result.version,
            "cipher": result.cipher,
            "key_proven": result.key_proven,
            "stapled": result.stapled,
            "asks_client": result.asks_client,
            "showed_client": result.showed_client,
            "failure": result.failure,
            "versions": result.versions.iter().map(version).collect::<Vec<_>>(),
            "clients": result.clients.iter().map(client).collect::<Vec<_>>(),
            "compared": result.compared.iter().map(compared).collect::<Vec<_>>(),
            "saved": result.saved,
    })
}

fn chain(chain: &ChainSeen) -> Json {
    json!({
        "key": chain.key,
        "presented": chain.certificates.iter().map(|certificate| certificate.sha256.to_string()).collect::<Vec<_>>(),
        "certificates": chain.certificates.iter().map(certificate).collect::<Vec<_>>(),
        "version": chain.version,
        "cipher": chain.cipher,
        "key_proven": chain.key_proven,
        "stapled": chain.stapled,
        "failure": chain.failure,
    })
}

fn certificate(certificate: &OnTheWire) -> Json {
    json!({
        "sha256": certificate.sha256.to_string(),
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before.map(|time| time.to_string()),
        "not_after": certificate.not_after.map(|time| time.to_string()),
        "subject_alt_names": certificate.subject_alt_names,
    })
}

fn version(seen: &VersionSeen) -> Json {
    json!({"version": seen.version, "answers": seen.answers, "reason": seen.reason})
}

fn client(seen: &ClientSeen) -> Json {
    json!({
        "client": seen.client,
        "agrees": seen.agrees,
        "version": seen.version,
        "cipher": seen.cipher,
        "group": seen.group,
        "reason": seen.reason,
    })
}

fn compared(compared: &Compared) -> Json {
    json!({
        "against": compared.against,
        "expected": texts(&compared.expected),
        "same": compared.same,
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let maybe_text = || of(Shape::Maybe(&Shape::Text));
    let maybe_flag = || of(Shape::Maybe(&Shape::Flag));
    let fingerprints = || array(of(Shape::Fingerprint));
    let certificate = || {
        object([
            ("sha256", of(Shape::Fingerprint)),
            ("subject", text()),
            ("issuer", text()),
            ("not_before", maybe(of(Shape::Time))),
            ("not_after", maybe(of(Shape::Time))),
            ("subject_alt_names", array(text())),
        ])
    };
    let chain = object([
        ("key", maybe_text()),
        ("presented", fingerprints()),
        ("certificates", array(certificate())),
        ("version", maybe_text()),
        ("cipher", maybe_text()),
        ("key_proven", maybe_flag()),
        ("stapled", of(Shape::Flag)),
        ("failure", maybe_text()),
    ]);
    let version = object([
        ("version", text()),
        ("answers", maybe_flag()),
        ("reason", maybe_text()),
    ]);
    let client = object([
        ("client", text()),
        ("agrees", maybe_flag()),
        ("version", maybe_text()),
        ("cipher", maybe_text()),
        ("group", maybe_text()),
        ("reason", maybe_text()),
    ]);
    let compared = object([
        ("against", text()),
        ("expected", fingerprints()),
        ("same", of(Shape::Flag)),
    ]);
    let one = object([
        ("target", text()),
        ("address", text()),
        ("server_name", text()),
        ("starttls", maybe_text()),
        ("presented", fingerprints()),
        ("certificates", array(certificate())),
        ("chains", array(chain)),
        ("version", maybe_text()),
        ("cipher", maybe_text()),
        ("key_proven", maybe_flag()),
        ("stapled", of(Shape::Flag)),
        ("asks_client", maybe_flag()),
        ("showed_client", of(Shape::Flag)),
        ("failure", maybe_text()),
        ("versions", array(version)),
        ("clients", array(client)),
        ("compared", array(compared)),
        ("saved", maybe_text()),
    ]);
    let target = object([
        ("target", text()),
        ("verdict", json!({"enum": ["pass", "fail", "undecided"]})),
        ("unreachable", maybe_text()),
        ("result", maybe(one.clone())),
    ]);
    json!({"oneOf": [one, object([("targets", array(target))])]})
}
