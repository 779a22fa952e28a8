//! The issuer that is missing from a heap of files.

use super::choose::choose;
use super::heap::Heap;
use crate::Time;
use crate::command::issuers::MissingIssuer;
use crate::encoding::Document;
use crate::model::Passphrase;
use crate::server_name::ServerName;

/// The issuer that the chain of `documents` ends below; `None` if it reaches a root. Clients may
/// have that issuer as a root: then it is returned only if it has an address.
pub fn missing_issuer(
    documents: &[Document],
    passphrases: &[Passphrase],
    hosts: &[ServerName],
    at: Time,
) -> Option<MissingIssuer> {
    let heap = Heap::of(documents, passphrases);
    let chosen = choose(&heap, &heap.certificates(), hosts, at).ok()?;
    let is_missing = chosen.gap.is_some();
    let gap = chosen.above?;
    if !is_missing && gap.ca_issuers.is_empty() {
        return None;
    }
    MissingIssuer::of(heap.der(chosen.below_gap)?)
}
