//! RFC 3779: the addresses and numbers that a certificate is for.
//!
//! `X509v3_addr_validate_path` and `X509v3_asid_validate_path` of 3.0: those of the
//! server's own certificate must lie within those of every certificate above it, and a kind that it
//! lacks is not checked above it (measured).

use crate::client::reads::RESOURCES;
use crate::client::refusal::Cause;
use crate::model::Certificate;

/// What is wrong with the resources of the server's certificate, the first of `path`.
pub(super) fn resources(path: &[&Certificate<'_>]) -> Option<(u8, Cause)> {
    let (leaf, above) = path.split_first()?;
    RESOURCES.iter().find_map(|oid| {
        let value = value(leaf, oid)?;
        let everywhere = above
            .iter()
            .all(|certificate| self::value(certificate, oid).is_some());
        match (is_nothing(value), everywhere) {
            (true, _)
                if !above
                    .iter()
                    .any(|certificate| self::value(certificate, oid).is_some()) =>
            {
                None
            }
            (false, false) => Some((46, Cause::NameConstraints)),
            // Whether one lies within the other is not computed here.
            _ => Some((46, Cause::NotComputed)),
        }
    })
}

fn value<'a>(it: &Certificate<'a>, oid: &[u8]) -> Option<&'a [u8]> {
    let mut all = it.extensions().iter();
    all.find(|extension| extension.oid.as_bytes() == oid)
        .map(|extension| extension.value)
}

/// Whether everything is inherited, or nothing is listed: no SEQUENCE except those around it.
fn is_nothing(value: &[u8]) -> bool {
    use crate::model::der::plain::{NULL, Reader, SEQUENCE, only};
    let inherited = |bytes: &[u8]| {
        let mut reader = Reader::new(bytes);
        let mut last = None;
        while let Ok(element) = reader.next() {
            last = Some(element.tag);
        }
        last == Some(NULL)
    };
    let Ok(list) = only(value, SEQUENCE) else {
        // Bytes after an empty list.
        return value.starts_with(b"\x30\0");
    };
    let mut list = Reader::new(list);
    while let Ok(element) = list.next() {
        if !inherited(element.content) {
            return false;
        }
    }
    true
}
