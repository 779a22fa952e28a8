//! `certcheck diff`.

use super::super::schema::{array, maybe, object, of};
use super::{Body, texts};
use crate::finding::Shape;
use crate::preflight::{DiffResult, Side, StoreSeen, VerdictChange};
use serde_core::Serialize;
use serde_json::{Value as Json, json};

impl Body for DiffResult {
    const COMMAND: &'static str = "diff";

    fn json(&self) -> impl Serialize {
        difference(self)
    }
}

pub(super) fn difference(result: &DiffResult) -> Json {
    json!({
        "old": side(&result.old),
        "new": side(&result.new),
        "same": result.same,
        "names": {"lost": result.lost, "won": result.won},
        "key": if result.same_key { "same" } else { "changed" },
        "purposes": {"lost": result.purposes_lost},
        "verdicts": result.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        "anchors_needed": texts(&result.anchors_needed),
        "stores": result.stores.iter().map(store).collect::<Vec<_>>(),
        "safe": result.safe,
    })
}

fn side(side: &Side) -> Json {
    let path: Vec<_> = side
        .path
        .iter()
        .map(|one| json!({"sha256": one.sha256.to_string(), "subject": one.subject}))
        .collect();
    json!({
        "source": side.source,
        "sha256": side.sha256.as_ref().map(ToString::to_string),
        "subject": side.subject,
        "issuer": side.issuer,
        "names": side.names,
        "algorithm": side.algorithm,
        "bits": side.bits,
        "signature_algorithm": side.signature_algorithm,
        "not_before": side.not_before.as_ref().map(ToString::to_string),
        "not_after": side.not_after.as_ref().map(ToString::to_string),
        "key_usage": side.key_usage,
        "extended_key_usage": side.extended_key_usage,
        "must_staple": side.must_staple,
        "spki_sha256": side.spki_sha256.as_ref().map(ToString::to_string),
        "tlsa": side.tlsa,
        "path": path,
        "beside": texts(&side.beside),
    })
}

fn verdict(change: &VerdictChange) -> Json {
    json!({
        "client": change.client,
        "decides": change.decides,
        "old": change.old.as_str(),
        "new": change.new.as_str(),
        "reason": change.reason,
    })
}

fn store(store: &StoreSeen) -> Json {
    json!({
        "store": store.store,
        "pins_old": store.pins_old,
        "pins_new": store.pins_new,
        "lost": store.lost,
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let texts = || array(of(Shape::Text));
    let fingerprint = || of(Shape::Fingerprint);
    let side = object([
        ("source", text()),
        ("sha256", maybe(fingerprint())),
        ("subject", text()),
        ("issuer", text()),
        ("names", texts()),
        ("algorithm", text()),
        ("bits", of(Shape::Maybe(&Shape::Number))),
        ("signature_algorithm", text()),
        ("not_before", of(Shape::Maybe(&Shape::Time))),
        ("not_after", of(Shape::Maybe(&Shape::Time))),
        ("key_usage", texts()),
        ("extended_key_usage", texts()),
        ("must_staple", of(Shape::Flag)),
        ("spki_sha256", maybe(fingerprint())),
        ("tlsa", texts()),
        (
            "path",
            array(object([("sha256", fingerprint()), ("subject", text())])),
        ),
        ("beside", array(fingerprint())),
    ]);
    let said = || json!({"enum": ["accepts", "refuses", "undecided"]});
    let verdict = object([
        ("client", text()),
        ("decides", of(Shape::Flag)),
        ("old", said()),
        ("new", said()),
        ("reason", of(Shape::Maybe(&Shape::Text))),
    ]);
    let store = object([
        ("store", text()),
        ("pins_old", of(Shape::Flag)),
        ("pins_new", of(Shape::Flag)),
        ("lost", texts()),
    ]);
    object([
        ("old", side.clone()),
        ("new", side),
        ("same", of(Shape::Flag)),
        ("names", object([("lost", texts()), ("won", texts())])),
        ("key", json!({"enum": ["same", "changed"]})),
        ("purposes", object([("lost", texts())])),
        ("verdicts", array(verdict)),
        ("anchors_needed", array(fingerprint())),
        ("stores", array(store)),
        ("safe", of(Shape::Flag)),
    ])
}
