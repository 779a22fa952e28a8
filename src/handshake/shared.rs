//! What both sides have, in the order that counts.

use super::group::Group;
use super::hello::ClientHello;
use super::scheme::Scheme;
use super::server_offer::ServerOffer;
use super::suite_b;
use crate::cipher::{KeyExchange, Suite};

/// The server's schemes at its level.
pub(super) fn schemes(server: &ServerOffer) -> Vec<Scheme> {
    let all: Vec<_> = match &server.schemes {
        Some(schemes) => schemes.clone(),
        None => Scheme::openssl_default().collect(),
    };
    all.into_iter()
        .filter(|scheme| scheme.allowed(server.level, server.library))
        .collect()
}

/// The schemes that both have, in the order that counts (`tls1_set_shared_sigalgs`).
pub(super) fn shared_schemes(server: &ServerOffer, client: &ClientHello) -> Vec<Scheme> {
    let own = match server.suite_b {
        None => schemes(server),
        Some(mode) => {
            let own = suite_b::schemes(mode).iter().copied();
            own.filter(|scheme| scheme.allowed(server.level, server.library))
                .collect()
        }
    };
    let theirs = client.signature_schemes.iter().map(|code| Scheme(*code));
    if server.prefers_own_order || server.suite_b.is_some() {
        let theirs: Vec<_> = theirs.collect();
        own.into_iter()
            .filter(|scheme| theirs.contains(scheme))
            .collect()
    } else {
        theirs.filter(|scheme| own.contains(scheme)).collect()
    }
}

/// The suites that both have, in the order that counts.
pub(super) fn shared_suites<'s>(
    server: &'s ServerOffer,
    (suites, prefers_own_order): (&'s [&'static Suite], bool),
    client: &'s ClientHello,
) -> Vec<&'static Suite> {
    // The level is checked for each suite while choosing, not when the list is made: a string may
    // set the level after the words that add suites.
    let allowed = |suite: &&'static Suite| server.level.allows(suite);
    if prefers_own_order || server.suite_b.is_some() {
        let offered = |suite: &&'static Suite| client.suites.contains(&suite.code);
        suites
            .iter()
            .copied()
            .filter(offered)
            .filter(allowed)
            .collect()
    } else {
        let own = |code: &u16| suites.iter().copied().find(|suite| suite.code == *code);
        client
            .suites
            .iter()
            .filter_map(own)
            .filter(allowed)
            .collect()
    }
}

/// The groups of the server that its level allows in a version.
pub(super) fn groups(server: &ServerOffer, tls13: bool) -> impl Iterator<Item = Group> {
    let (bits, library) = (server.level.bits(), server.library);
    // A group's strength is compared with the level's bits, so that level 3 leaves out ffdhe2048,
    // and level 4 everything weaker than P-384.
    let usable = move |group: &Group| group.serves(tls13, library) && group.bits() >= bits;
    suite_b::groups(server).iter().copied().filter(usable)
}

/// The group for ECDHE with a suite in TLS 1.2 and older, in the order that counts. It does not
/// depend on the suite (`tls1_shared_group`), except in Suite B.
pub(super) fn shared_group(
    server: &ServerOffer,
    client: &ClientHello,
    suite: &Suite,
) -> Option<Group> {
    if suite.key_exchange != KeyExchange::Ecdhe {
        return None;
    }
    let mut own = groups(server, false);
    if server.suite_b.is_some() {
        let only = suite_b::group(suite)?;
        own.find(|group| *group == only && client.groups.contains(&group.0))
    } else if server.prefers_own_order {
        own.find(|group| client.groups.contains(&group.0))
    } else {
        let own: Vec<_> = own.collect();
        let mut theirs = client.groups.iter().map(|code| Group(*code));
        theirs.find(|group| own.contains(group))
    }
}
