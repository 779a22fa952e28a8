//! The version that both sides speak.

use super::hello::ClientHello;
use super::server_offer::ServerOffer;
use super::tls13;
use crate::protocol::Version;

/// The newest version of both that the level allows. TLS 1.3 needs a key that can sign there
/// (`is_tls13_capable`); otherwise the next older version is chosen.
pub(super) fn version(server: &ServerOffer, client: &ClientHello) -> Option<Version> {
    let allowed = |version: &Version| {
        server.versions.contains(*version)
            && client.versions.contains(version)
            && server.library.allows(server.level.number(), *version)
            && (*version != Version::TLSv1_3 || tls13::is_possible(server))
    };
    Version::ALL.into_iter().rev().find(allowed)
}
