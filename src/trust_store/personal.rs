//! What the stores of one user have in common.

use super::location::Location;

/// The journal of a user's own stores (XDG Base Directory Specification 0.8:
/// state that outlives a restart).
pub(super) fn journal(location: &Location<'_>) -> String {
    location.at("~/.local/state/certcheck/trust")
}
