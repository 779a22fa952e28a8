//! What a server is called in a sentence.

use crate::server::Profile;

/// The program's name; that of a server of the user's own is what it was called.
pub(super) fn program(server: &'static str) -> &'static str {
    Profile::named(server).map_or(server, Profile::program)
}
