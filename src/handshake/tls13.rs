//! TLS 1.3: suite, group and signature are each chosen independently.

use super::agreement::{Agreement, Exchange, Failure};
use super::group::Group;
use super::hello::ClientHello;
use super::server_offer::{KeyKind, ServerKey, ServerOffer};
use super::shared::{groups, schemes, shared_schemes, shared_suites};
use super::signing_key::signing_key;
use crate::protocol::Version;

/// `is_tls13_capable`: with a callback for names, OpenSSL assumes that it is.
pub(super) fn is_possible(server: &ServerOffer) -> bool {
    server.chooses_by_name || server.counting().any(|(_, key)| in_tls13(server, key))
}

fn in_tls13(server: &ServerOffer, key: &ServerKey) -> bool {
    match key.kind {
        // RFC 8446 4.2.3 has no scheme for DSA any more.
        KeyKind::Dsa(_) => false,
        // An EC key on a curve without a TLS 1.3 signature, such as secp256k1, cannot serve TLS
        // 1.3 at all (RFC 8446 4.2.3).
        KeyKind::Ec(curve) => schemes(server)
            .iter()
            .any(|scheme| scheme.curve() == Some(curve.0)),
        _ => true,
    }
}

/// The first of the server's group sets from which the client has a group.
fn set_in_common<'g>(
    server: &ServerOffer,
    usable: &'g [Group],
    client: &ClientHello,
) -> Option<&'g [Group]> {
    let mut from = 0;
    // OpenSSL 3.5 and later: `X25519MLKEM768/X25519:secp256r1` has sets, divided by `/`. The first
    // set of which the client has any group wins, so that a strong group is worth a
    // HelloRetryRequest.
    for &length in &server.group_sets {
        let all = server.groups.iter().skip(from).take(length);
        let wanted: Vec<_> = all.filter(|group| usable.contains(group)).collect();
        if wanted.iter().any(|group| client.groups.contains(&group.0)) {
            let start = usable
                .iter()
                .position(|group| Some(&group) == wanted.first())?;
            return usable.get(start..start + wanted.len());
        }
        from += length;
    }
    None
}

/// TLS 1.3: suite, then group, then signature, independently.
pub(super) fn agree(server: &ServerOffer, client: &ClientHello) -> Result<Agreement, Failure> {
    let suites = shared_suites(
        server,
        (&server.suites13, server.prefers_own_suites13),
        client,
    );
    // In TLS 1.3 the suite says nothing about the key: a suite is found first, and may then fail
    // for lack of a group or signature.
    let suite = *suites.first().ok_or(Failure::Suite)?;
    let own: Vec<_> = groups(server, true).collect();
    let theirs = |group: &Group| client.groups.contains(&group.0);
    // A key share that was sent is chosen in the client's order; one that is requested afterwards,
    // in the server's.
    let mut shares = client.key_shares.iter().map(|code| Group(*code));
    let set = set_in_common(server, &own, client).unwrap_or(&own);
    // RFC 8446 4.2.8: each share is for a group of supported_groups; OpenSSL refuses one that is
    // not.
    let share = shares.find(|group| set.contains(group) && theirs(group));
    let group = share
        .or_else(|| set.iter().copied().find(theirs))
        .ok_or(Failure::Group)?;
    // `tls_early_post_process_client_hello`: the suite of the second ClientHello must be the one of
    // the HelloRetryRequest.
    if share.is_none()
        && let Some((second, prefers)) = &server.second
    {
        let again = shared_suites(server, (second, *prefers), client);
        let again = again.first().ok_or(Failure::Suite)?;
        if again.code != suite.code {
            return Err(Failure::SuiteAfterRetry);
        }
    }
    // `tls_choose_sigalg` takes the first shared scheme that some key can serve: in TLS 1.3
    // the signature decides which certificate is sent.
    let (key, scheme) = shared_schemes(server, client)
        .into_iter()
        .filter(|scheme| scheme.in_tls13())
        .find_map(|scheme| Some((signing_key(server, client, scheme, true, None)?, scheme)))
        .ok_or(Failure::Signature)?;
    Ok(Agreement {
        version: Version::TLSv1_3,
        suite,
        exchange: Exchange::Group(group),
        key,
        scheme: Some(scheme),
        // RFC 8446 4.1.4: a group that the client has, but sent no share for, costs one more round
        // trip.
        hello_retry: share.is_none(),
        http2: server.http2 && client.offers_http2,
    })
}
