//! The member `result` of each command, next to its schema so that the two stay consistent.

mod assemble;
mod chain;
mod ciphers;
mod codes;
mod config;
mod convert;
mod diff;
mod doctor;
mod fetched;
mod gate;
mod handshake;
mod inspect;
mod key_id;
mod matching;
mod preflight;
mod probe;
mod protocols;
#[cfg(feature = "scan")]
mod scan;
mod server_versions;
mod targets;
mod trust_plan;
mod trust_status;
mod tsm;
mod verify;

pub(super) use fetched::fetched;
pub(super) use inspect::{Loads, One, Record};

use crate::finding::Fingerprint;
use serde_core::{Serialize, Serializer};
use serde_json::Value as Json;

/// The member `result` of a command.
#[allow(unreachable_pub, reason = "seals the public trait Reportable")]
pub trait Body {
    /// The command's name.
    const COMMAND: &'static str;
    /// The member `result`.
    fn json(&self) -> impl Serialize;
}

/// A list whose members are made one by one as they are written: all at once, those of a large
/// bundle would need twenty times the bundle's memory.
pub(super) struct Listed<'a, T, M = Json>(pub(super) &'a [T], pub(super) fn(&'a T) -> M);

impl<T, M: Serialize> Serialize for Listed<'_, T, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// A command and the schema of its result.
type Row = (&'static str, fn() -> Json);

pub(super) const SCHEMAS: &[Row] = &[
    ("preflight", preflight::schema),
    ("tsm", tsm::schema),
    ("handshake", handshake::schema),
    ("probe", probe::schema),
    ("inspect", inspect::schema),
    ("key-id", key_id::schema),
    ("match", matching::schema),
    ("chain", chain::schema),
    ("convert", convert::schema),
    ("diff", diff::schema),
    ("gate", gate::schema),
    ("assemble", assemble::schema),
    ("verify", verify::schema),
    ("protocols", protocols::schema),
    ("ciphers", ciphers::schema),
    ("config", config::schema),
    ("doctor", doctor::schema),
    ("run", targets::schema),
    #[cfg(feature = "scan")]
    ("scan", scan::schema),
    ("trust plan", trust_plan::schema),
    ("trust status", trust_status::schema),
    ("codes", codes::schema),
    ("explain", codes::explanation_schema),
    ("completions", codes::completions_schema),
    ("man", codes::page_schema),
];

fn texts(fingerprints: &[Fingerprint]) -> Json {
    fingerprints
        .iter()
        .map(|fingerprint| Json::String(fingerprint.to_string()))
        .collect()
}
