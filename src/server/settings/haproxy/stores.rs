//! Files of CA certificates and of revocation lists, which HAProxy loads with one
//! function (`ssl_store_load_locations_file`): either is as good for either setting
//! (measured: 2.6.12).

use crate::encoding::loader::Authorities;

/// Whether the word is the system's own store, and no file; with a `ca-base` it is one.
pub(super) fn is_of_system(written: &str, base: &str) -> bool {
    written == "@system-ca" && base.is_empty()
}

/// Whether a file holds lists alone, so that nobody is trusted.
pub(super) fn has_lists_alone(bytes: &[u8]) -> bool {
    let found = Authorities::of(bytes);
    found.certificates == 0 && found.lists > 0
}
