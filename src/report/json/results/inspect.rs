//! `certcheck inspect`.

mod object;

pub(in crate::report::json) use object::{One, Record};

use super::super::schema::{array, maybe, object, of};
use super::{Body, Listed};
use crate::command::inspect as loads;
use crate::command::inspect::{Inspection, Loaded, LoadedKey, Object, Served};
use crate::finding::Shape;
use serde_core::ser::SerializeMap;
use serde_core::{Serialize, Serializer};
use serde_json::{Value as Json, json};

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
        members.serialize_entry("objects", &Objects(&self.0.objects))?;
        let loads = Loads(&self.0.loads);
        members.serialize_entry("servers", &loads.servers())?;
        members.serialize_entry("loaders", &loads.loaders())?;
        members.end()
    }
}

struct Objects<'a>(&'a [Object]);

impl Serialize for Objects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(One))
    }
}

/// How servers and their loaders read the files.
pub(in crate::report::json) struct Loads<'a>(pub(in crate::report::json) &'a loads::Loads);

impl Loads<'_> {
    pub(in crate::report::json) fn servers(&self) -> impl Serialize {
        Listed(&self.0.servers, served)
    }

    pub(in crate::report::json) fn loaders(&self) -> impl Serialize {
        Listed(&self.0.loaders, loaded)
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
            ("ciphers", texts()),
            ("mac", of(Shape::Maybe(&Shape::Text))),
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
