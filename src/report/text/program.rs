//! What a server is called in a sentence.

use crate::server::Profile;

/// The program's name. A server that the user described keeps the name that the user gave it.
pub(super) fn program(server: &'static str) -> &'static str {
    Profile::named(server).map_or(server, Profile::program)
}
