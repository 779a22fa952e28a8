//! `certcheck probe`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, texts};
use crate::command::probe::{ChainSeen, ClientSeen, Compared, OnTheWire, ProbeResult, VersionSeen};
use crate::finding::Shape;
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for ProbeResult {
    const COMMAND: &'static str = "probe";

    fn json(&self) -> impl Serialize {
        json!({
            "target": self.target,
            "address": self.address,
            "server_name": self.server_name,
            "starttls": self.starttls,
            "presented": texts(&self.presented),
            "certificates": self.certificates.iter().map(certificate).collect::<Vec<_>>(),
            "chains": self.chains.iter().map(chain).collect::<Vec<_>>(),
            "version": self.version,
            "cipher": self.cipher,
            "key_proven": self.key_proven,
            "stapled": self.stapled,
            "failure": self.failure,
            "versions": self.versions.iter().map(version).collect::<Vec<_>>(),
            "clients": self.clients.iter().map(client).collect::<Vec<_>>(),
            "compared": self.compared.iter().map(compared).collect::<Vec<_>>(),
            "saved": self.saved,
        })
    }
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
    object([
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
        ("failure", maybe_text()),
        ("versions", array(version)),
        ("clients", array(client)),
        ("compared", array(compared)),
        ("saved", maybe_text()),
    ])
}
