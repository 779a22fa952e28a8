//! `certcheck scan`.

use super::super::schema::{array, maybe, object, of};
use super::Body;
use crate::command::scan::{Copies, Ending, Issuer, LoneKey, Scan, SharedKey, Skipped, Spot};
use crate::finding::Shape;
use crate::shown::without_keys;
use serde_core::Serialize;
use serde_json::{Map, Value as Json, json};

impl Body for Scan {
    const COMMAND: &'static str = "scan";

    fn json(&self) -> impl Serialize {
        let counts = &self.counts;
        let [lone_keys, missing_issuers, shared_keys, copies] = self.found;
        json!({
            "summary": {
                "files": counts.files,
                "bytes": counts.bytes,
                "other_files": counts.other_files,
                "objects": counts.objects,
                "certificates": counts.certificates,
                "private_keys": counts.private_keys,
                "requests": counts.requests,
                "revocation_lists": counts.revocation_lists,
                "containers": counts.containers,
                "expired": counts.expired,
                "expire_soon": counts.expire_soon,
                "closed": counts.closed,
                "not_compared": counts.not_compared,
                "more_certificates": self.more_endings,
                "keys_without_certificate": lone_keys,
                "issuers_not_in_tree": missing_issuers,
                "shared_keys": shared_keys,
                "copied_certificates": copies,
                "skipped": self.skipped.iter().map(|skipped| skipped.count).sum::<usize>(),
            },
            "certificates": rows(&self.endings, ending),
            "keys_without_certificate": rows(&self.lone_keys, lone_key),
            "issuers_not_in_tree": rows(&self.missing_issuers, issuer),
            "shared_keys": rows(&self.shared_keys, shared_key),
            "copies": rows(&self.copies, copied),
            "skipped": rows(&self.skipped, skipped),
        })
    }
}

fn rows<T>(rows: &[T], row: fn(&T) -> Json) -> Json {
    rows.iter().map(row).collect()
}

/// The members of a place, and those of a row.
fn at(spot: &Spot, row: Json) -> Json {
    let mut members = Map::new();
    members.insert("source".to_owned(), without_keys(&spot.source).into());
    members.insert("index".to_owned(), spot.index.into());
    members.insert("line".to_owned(), spot.line.into());
    members.insert("name".to_owned(), spot.member.as_deref().into());
    if let Json::Object(row) = row {
        members.extend(row);
    }
    Json::Object(members)
}

fn spots(spots: &[Spot]) -> Json {
    spots.iter().map(|spot| at(spot, Json::Null)).collect()
}

fn ending(ending: &Ending) -> Json {
    let row = json!({
        "subject": ending.subject,
        "issuer": ending.issuer,
        "not_before": ending.not_before.to_string(),
        "not_after": ending.not_after.to_string(),
        "is_due": ending.is_due,
        "sha256": ending.sha256.to_string(),
        "places": ending.places,
    });
    at(&ending.spot, row)
}

fn lone_key(key: &LoneKey) -> Json {
    let row = json!({
        "algorithm": key.algorithm,
        "spki_sha256": key.spki_sha256.to_string(),
    });
    at(&key.spot, row)
}

fn issuer(issuer: &Issuer) -> Json {
    let row = json!({"issuer": issuer.name, "certificates": issuer.certificates});
    at(&issuer.spot, row)
}

fn shared_key(key: &SharedKey) -> Json {
    json!({
        "spki_sha256": key.spki_sha256.to_string(),
        "algorithm": key.algorithm,
        "certificates": key.certificates,
        "places": spots(&key.spots),
    })
}

fn copied(copies: &Copies) -> Json {
    json!({
        "sha256": copies.sha256.to_string(),
        "subject": copies.subject,
        "count": copies.places,
        "places": spots(&copies.spots),
    })
}

fn skipped(skipped: &Skipped) -> Json {
    let paths = skipped.paths.iter();
    let paths: Json = paths
        .map(|(path, more)| json!({"source": without_keys(path), "more": more}))
        .collect();
    json!({
        "what": skipped.what,
        "matters": skipped.matters,
        "count": skipped.count,
        "paths": paths,
    })
}

pub(super) fn schema() -> Json {
    let text = || of(Shape::Text);
    let number = || of(Shape::Number);
    let digest = || of(Shape::Fingerprint);
    let placed = |more: Vec<(&'static str, Json)>| {
        let mut members = vec![
            ("source", text()),
            ("index", number()),
            ("line", of(Shape::Maybe(&Shape::Number))),
            ("name", of(Shape::Maybe(&Shape::Text))),
        ];
        members.extend(more);
        object(members)
    };
    let places = || array(placed(vec![]));
    let summary = [
        "files",
        "bytes",
        "other_files",
        "objects",
        "certificates",
        "private_keys",
        "requests",
        "revocation_lists",
        "containers",
        "expired",
        "expire_soon",
        "closed",
        "not_compared",
        "more_certificates",
        "keys_without_certificate",
        "issuers_not_in_tree",
        "shared_keys",
        "copied_certificates",
        "skipped",
    ];
    object([
        ("summary", object(summary.map(|name| (name, number())))),
        (
            "certificates",
            array(placed(vec![
                ("subject", text()),
                ("issuer", text()),
                ("not_before", of(Shape::Time)),
                ("not_after", of(Shape::Time)),
                ("is_due", of(Shape::Flag)),
                ("sha256", digest()),
                ("places", number()),
            ])),
        ),
        (
            "keys_without_certificate",
            array(placed(vec![
                ("algorithm", text()),
                ("spki_sha256", digest()),
            ])),
        ),
        (
            "issuers_not_in_tree",
            array(placed(vec![("issuer", text()), ("certificates", number())])),
        ),
        (
            "shared_keys",
            array(object([
                ("spki_sha256", digest()),
                ("algorithm", text()),
                ("certificates", number()),
                ("places", places()),
            ])),
        ),
        (
            "copies",
            array(object([
                ("sha256", digest()),
                ("subject", text()),
                ("count", number()),
                ("places", places()),
            ])),
        ),
        (
            "skipped",
            array(object([
                ("what", text()),
                ("matters", of(Shape::Flag)),
                ("count", number()),
                (
                    "paths",
                    array(object([("source", text()), ("more", maybe(text()))])),
                ),
            ])),
        ),
    ])
}
