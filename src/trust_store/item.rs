//! A certificate on its way into a store.

use super::role::Role;
use crate::finding::Fingerprint;

/// A certificate on its way into the store.
pub(super) struct Item {
    pub(super) der: Vec<u8>,
    pub(super) sha256: Fingerprint,
    pub(super) subject: String,
    pub(super) role: Role,
    /// `certcheck-slug-fingerprint`.
    pub(super) stem: String,
    pub(super) pem: String,
}
