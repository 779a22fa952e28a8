//! What the stores of one user have in common.

use super::site::Site;

/// The journal of a user's own stores (XDG Base Directory Specification 0.8:
/// state that outlives a restart).
pub(super) fn journal(site: &Site<'_>) -> String {
    site.at("~/.local/state/certcheck/trust")
}
