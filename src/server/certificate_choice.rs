//! Which of its certificates HAProxy shows for a name: those that have it, else those
//! that have its pattern, else the first of the line; of each kind of key the first
//! (`ssl_sock_switchctx_cbk`; measured: 2.6.12).

use crate::model::{Certificate, GeneralName, KeyAlgorithm, PublicKey};
use crate::server_name::ServerName;

/// The places of those that are shown; none where that depends on the client.
pub(crate) fn shown_for(host: &ServerName, own: &[&Certificate<'_>]) -> Option<Vec<usize>> {
    let name = match host {
        ServerName::Dns(name) => name,
        // Clients differ in whether they send the final dot.
        ServerName::Absolute(_) => return None,
        // No name is sent.
        _ => return Some(vec![0]),
    };
    let pattern = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
    let exact = of_each_kind(own, name);
    let found = match pattern {
        Some(pattern) if exact.is_empty() => of_each_kind(own, &pattern),
        _ => exact,
    };
    Some(if found.is_empty() { vec![0] } else { found })
}

/// The first certificate of each kind of key with this name.
fn of_each_kind(own: &[&Certificate<'_>], name: &str) -> Vec<usize> {
    let (mut kinds, mut found): (Vec<Option<bool>>, Vec<usize>) = Default::default();
    for (place, certificate) in own.iter().enumerate() {
        let key = PublicKey::parse(certificate.spki_der());
        let kind = match key.as_ref().map(PublicKey::algorithm) {
            Ok(KeyAlgorithm::Rsa) => Some(true),
            Ok(KeyAlgorithm::Ec(_)) => Some(false),
            _ => None,
        };
        if has(certificate, name) && !kinds.contains(&kind) {
            kinds.push(kind);
            found.push(place);
        }
    }
    found
}

/// HAProxy takes the DNS names and every common name.
fn has(certificate: &Certificate<'_>, name: &str) -> bool {
    let mut names = certificate
        .subject_alt_names()
        .into_iter()
        .flat_map(|it| it.iter());
    names.any(|it| matches!(it, GeneralName::Dns(it) if it.eq_ignore_ascii_case(name)))
        || certificate
            .subject()
            .common_names()
            .any(|it| it.eq_ignore_ascii_case(name))
}
