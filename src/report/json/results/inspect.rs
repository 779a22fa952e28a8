//! `certcheck inspect`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, Listed};
use crate::command::inspect::{
    CertificateDetails, ContainerDetails, CrlDetails, CsrDetails, Details, Inspection, KeyDetails,
    Loaded, LoadedKey, Object, Served,
};
use crate::finding::Shape;
use crate::model::DescribedExtension;
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

impl Body for Inspection {
    const COMMAND: &'static str = "inspect";

    fn json(&self) -> impl Serialize {
        Members(self)
    }
}

struct Members<'a>(&'a Inspection);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(3))?;
        members.serialize_entry("objects", &Listed(&self.0.objects, one))?;
        members.serialize_entry("servers", &Listed(&self.0.loads.servers, served))?;
        members.serialize_entry("loaders", &Listed(&self.0.loads.loaders, loaded))?;
        members.end()
    }
}

fn loaded(loaded: &Loaded) -> Json {
    json!({
        "source": loaded.source,
        "loader": loaded.loader,
        "title": loaded.title,
        "taken": loaded.taken,
        "certificates": loaded.certificates,
        "first": loaded.first,
        "lost": loaded.lost,
        "gave_up": loaded.gave_up,
        "keys": loaded.keys,
        "key": loaded.key.as_ref().map(loaded_key),
    })
}

fn loaded_key(key: &LoadedKey) -> Json {
    json!({
        "index": key.index,
        "verdict": key.verdict,
        "reason": key.reason,
    })
}

fn served(served: &Served) -> Json {
    json!({
        "source": served.source,
        "server": served.server,
        "loader": served.loader,
        "taken": served.taken,
        "certificates": served.certificates,
        "first": served.first,
        "key": served.key.as_ref().map(loaded_key),
    })
}

fn one(object: &Object) -> Json {
    let mut members = json!({
        "source": object.source,
        "index": object.index,
        "lines": object.lines.map(|lines| [lines.first, lines.last]),
        "label": object.label,
        "kind": object.kind,
        "encoding": object.encoding,
        "size": object.size,
        "container": object.container,
        "name": object.name,
    });
    let details = match &object.details {
        Details::None => return members,
        Details::Certificate(details) => certificate(details),
        Details::Key(details) => key(details),
        Details::Csr(details) => csr(details),
        Details::Crl(details) => crl(details),
        Details::Container(details) => container(details),
    };
    if let Some(members) = members.as_object_mut() {
        members.extend(details);
    }
    members
}

fn key(key: &KeyDetails) -> Map<String, Json> {
    members(json!({
        "algorithm": key.algorithm,
        "bits": key.bits,
        "spki_sha256": key.spki_sha256.map(|digest| digest.to_string()),
        "encryption": key.encryption,
    }))
}

fn public_key(key: &KeyDetails) -> Json {
    json!({
        "algorithm": key.algorithm,
        "bits": key.bits,
        "spki_sha256": key.spki_sha256.map(|digest| digest.to_string()),
    })
}

fn certificate(certificate: &CertificateDetails) -> Map<String, Json> {
    members(json!({
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "not_before": certificate.not_before.to_string(),
        "not_after": certificate.not_after.to_string(),
        "public_key": public_key(&certificate.public_key),
        "signature_algorithm": certificate.signature_algorithm,
        "subject_alt_names": certificate.subject_alt_names,
        "is_ca": certificate.is_ca,
        "self_signed": certificate.self_signed,
        "key_usage": certificate.key_usage,
        "extended_key_usage": certificate.extended_key_usage,
        "subject_key_id": certificate.subject_key_id,
        "authority_key_id": certificate.authority_key_id,
        "ca_issuers": certificate.ca_issuers,
        "extensions": certificate.extensions.iter().map(extension).collect::<Vec<_>>(),
        "sha256": certificate.sha256.to_string(),
    }))
}

fn extension(extension: &DescribedExtension) -> Json {
    json!({
        "oid": extension.oid,
        "name": extension.name,
        "critical": extension.critical,
        "text": extension.text,
    })
}

fn csr(csr: &CsrDetails) -> Map<String, Json> {
    members(json!({
        "subject": csr.subject,
        "public_key": public_key(&csr.public_key),
        "signature_algorithm": csr.signature_algorithm,
        "subject_alt_names": csr.subject_alt_names,
        "algorithm": csr.public_key.algorithm,
        "spki_sha256": csr.public_key.spki_sha256.map(|digest| digest.to_string()),
    }))
}

fn crl(crl: &CrlDetails) -> Map<String, Json> {
    members(json!({
        "issuer": crl.issuer,
        "this_update": crl.this_update.to_string(),
        "next_update": crl.next_update.map(|time| time.to_string()),
        "number": crl.number,
        "entries": crl.entries,
    }))
}

fn container(container: &ContainerDetails) -> Map<String, Json> {
    members(json!({
        "content_type": container.content_type,
        "contents": container.contents,
        "integrity": container.integrity,
        "closed": container.closed,
    }))
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
    let digest = || of(Shape::Maybe(&Shape::Fingerprint));
    let bits = || of(Shape::Maybe(&Shape::Number));
    let public_key = || {
        object([
            ("algorithm", text()),
            ("bits", bits()),
            ("spki_sha256", digest()),
        ])
    };
    let common = || {
        vec![
            ("source", text()),
            ("index", of(Shape::Number)),
            (
                "lines",
                maybe(json!({"type": "array", "minItems": 2, "maxItems": 2,
                    "items": {"type": "integer", "minimum": 1}})),
            ),
            ("label", of(Shape::Maybe(&Shape::Text))),
            ("encoding", text()),
            ("size", of(Shape::Maybe(&Shape::Number))),
            ("container", of(Shape::Maybe(&Shape::Number))),
            ("name", of(Shape::Maybe(&Shape::Text))),
        ]
    };
    let with = |kinds: Json, more: Vec<(&'static str, Json)>| {
        let mut all = common();
        all.push(("kind", json!({ "enum": kinds })));
        all.extend(more);
        object(all)
    };
    let plain = with(
        json!([
            "certificate",
            "private-key",
            "public-key",
            "csr",
            "crl",
            "pkcs7",
            "pkcs12",
            "jks",
            "parameters",
            "ssh-key",
            "html",
            "text",
            "unknown"
        ]),
        vec![],
    );
    let keys = with(
        json!(["private-key", "public-key", "ssh-key"]),
        vec![
            ("algorithm", text()),
            ("bits", bits()),
            ("spki_sha256", digest()),
            ("encryption", of(Shape::Maybe(&Shape::Text))),
        ],
    );
    let certificate = with(
        json!(["certificate"]),
        vec![
            ("subject", text()),
            ("issuer", text()),
            ("serial", text()),
            ("not_before", of(Shape::Time)),
            ("not_after", of(Shape::Time)),
            ("public_key", public_key()),
            ("signature_algorithm", text()),
            ("subject_alt_names", texts()),
            ("is_ca", of(Shape::Flag)),
            ("self_signed", of(Shape::Flag)),
            ("key_usage", texts()),
            ("extended_key_usage", texts()),
            ("subject_key_id", of(Shape::Maybe(&Shape::Text))),
            ("authority_key_id", of(Shape::Maybe(&Shape::Text))),
            ("ca_issuers", texts()),
            (
                "extensions",
                array(object([
                    ("oid", text()),
                    ("name", of(Shape::Maybe(&Shape::Text))),
                    ("critical", of(Shape::Flag)),
                    ("text", of(Shape::Maybe(&Shape::Text))),
                ])),
            ),
            ("sha256", of(Shape::Fingerprint)),
        ],
    );
    let csr = with(
        json!(["csr"]),
        vec![
            ("subject", text()),
            ("public_key", public_key()),
            ("signature_algorithm", text()),
            ("subject_alt_names", texts()),
            ("algorithm", text()),
            ("spki_sha256", digest()),
        ],
    );
    let crl = with(
        json!(["crl"]),
        vec![
            ("issuer", text()),
            ("this_update", of(Shape::Time)),
            ("next_update", of(Shape::Maybe(&Shape::Time))),
            ("number", of(Shape::Maybe(&Shape::Text))),
            ("entries", of(Shape::Number)),
        ],
    );
    let container = with(
        json!(["pkcs7", "pkcs12", "jks"]),
        vec![
            ("content_type", of(Shape::Maybe(&Shape::Text))),
            ("contents", of(Shape::Number)),
            (
                "integrity",
                json!({"enum": ["absent", "not-checked", "not-computable", "holds", "wrong", "broken"]}),
            ),
            ("closed", texts()),
        ],
    );
    let number = || of(Shape::Number);
    let key = object([
        ("index", of(Shape::Maybe(&Shape::Number))),
        ("verdict", json!({"enum": ["taken", "asks", "refused"]})),
        ("reason", of(Shape::Maybe(&Shape::Text))),
    ]);
    let loaded = object([
        ("source", text()),
        ("loader", text()),
        ("title", text()),
        ("taken", of(Shape::Flag)),
        ("certificates", number()),
        ("first", of(Shape::Maybe(&Shape::Number))),
        ("lost", array(number())),
        ("gave_up", of(Shape::Maybe(&Shape::Number))),
        ("keys", number()),
        ("key", maybe(key.clone())),
    ]);
    let served = object([
        ("source", text()),
        ("server", text()),
        ("loader", text()),
        ("taken", of(Shape::Flag)),
        ("certificates", number()),
        ("first", of(Shape::Maybe(&Shape::Number))),
        ("key", maybe(key)),
    ]);
    object([
        (
            "objects",
            array(json!({"oneOf": [plain, keys, certificate, csr, crl, container]})),
        ),
        ("loaders", array(loaded)),
        ("servers", array(served)),
    ])
}
