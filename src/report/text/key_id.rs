//! Fingerprints of keys, for people and for pipes.

use super::printable;
use crate::command::key_id::KeyIds;
use std::fmt::Write;

/// One fingerprint per line; after it the file, if there are several lines, and the object, if the
/// file holds several. No styles: it is made to be compared.
pub fn key_ids(result: &KeyIds) -> String {
    let mut out = String::new();
    let several = result.keys.len() > 1;
    for key in &result.keys {
        // A single key is printed as just its fingerprint, for `$(certcheck …)` and `diff`.
        let _ = write!(out, "{}", key.spki_sha256);
        if several {
            let _ = write!(out, "  {}", printable(&key.source));
            let beside = |other: &&_| {
                let other: &&crate::command::key_id::KeyId = other;
                other.source == key.source
            };
            if result.keys.iter().filter(beside).nth(1).is_some() {
                let _ = write!(out, " {} #{}", key.kind, key.index);
            }
        }
        out.push('\n');
    }
    out
}
