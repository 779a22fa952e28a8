//! Which names of a certificate another one covers.

use crate::model::{Certificate, GeneralName};
use crate::server_name::ServerName;

/// The names of `certificates` that one of `others` does not cover, without duplicates.
///
/// A wildcard covers one label, and is covered only by the same wildcard (RFC 9525 6.3).
pub(super) fn uncovered(
    certificates: &[Certificate<'_>],
    others: &[Certificate<'_>],
) -> Vec<String> {
    let mut lost = Vec::new();
    let names = certificates.iter().flat_map(names);
    for name in names {
        let covered =
            |other: &Certificate<'_>| names_of(other).any(|other_name| covers(&other_name, &name));
        if others.is_empty() || !others.iter().all(covered) {
            let shown = shown(&name);
            if !lost.contains(&shown) {
                lost.push(shown);
            }
        }
    }
    lost
}

/// The hosts of `certificates` for which each client's own rule decides whether `others` name them,
/// without duplicates.
///
/// - One of `others` names the host only by a wildcard: some clients accept none directly below a
///   top-level domain, others no underscore.
/// - The host is the common name of a certificate without names: OpenSSL and curl use it, browsers
///   and Go do not.
pub(super) fn by_each_client(
    certificates: &[Certificate<'_>],
    others: &[Certificate<'_>],
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for certificate in certificates
        .iter()
        .filter(|other_name| names_of(other_name).next().is_none())
    {
        let name = certificate.subject().common_name();
        found.extend(name.filter(|name| name.parse::<ServerName>().is_ok()));
    }
    for name in certificates.iter().flat_map(names_of) {
        let GeneralName::Dns(host) = name else {
            continue;
        };
        let literal = |candidate: GeneralName<'_>| matches!(candidate, GeneralName::Dns(presented) if presented.eq_ignore_ascii_case(host));
        let has_it = |other: &Certificate<'_>| names_of(other).any(literal);
        // A name that none of them covers is lost, whatever a client says.
        let covered =
            |other: &Certificate<'_>| names_of(other).any(|other_name| covers(&other_name, &name));
        let by_wildcard = others.iter().all(covered) && !others.iter().all(has_it);
        if by_wildcard && !host.contains('*') && !found.iter().any(|other_name| other_name == host)
        {
            found.push(host.to_owned());
        }
    }
    found
}

fn names<'a>(certificate: &Certificate<'a>) -> Vec<GeneralName<'a>> {
    names_of(certificate).collect()
}

fn names_of<'a>(certificate: &Certificate<'a>) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
    let names = certificate.subject_alt_names().into_iter();
    names.flat_map(|names| names.iter())
}

/// Only the name if it is a host name or an address; otherwise with its kind.
fn shown(name: &GeneralName<'_>) -> String {
    let text = name.to_string();
    match name {
        GeneralName::Dns(_) | GeneralName::Ip(_) => text
            .split_once(':')
            .map_or(text.clone(), |(_, name)| name.to_owned()),
        _ => text,
    }
}

fn covers(presented: &GeneralName<'_>, name: &GeneralName<'_>) -> bool {
    match (presented, name) {
        (GeneralName::Dns(presented), GeneralName::Dns(name)) => {
            let (presented, name) = (presented.to_ascii_lowercase(), name.to_ascii_lowercase());
            if presented == name {
                return true;
            }
            // `*` does not cover another `*`: that would have to mean every label.
            presented.strip_prefix("*.").is_some_and(|parent| {
                let label = name.split_once('.');
                label.is_some_and(|(first, rest)| rest == parent && first != "*")
            })
        }
        (GeneralName::Ip(one), GeneralName::Ip(other)) => one == other,
        (GeneralName::Email(one), GeneralName::Email(other))
        | (GeneralName::Uri(one), GeneralName::Uri(other)) => one == other,
        (one, other) => {
            std::mem::discriminant(one) == std::mem::discriminant(other)
                && one.to_string() == other.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_one_label() {
        for (presented, name, covered) in [
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "A.EXAMPLE.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "a.b.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", "*.b.example.com", false),
            ("a.example.com", "*.example.com", false),
            ("a.example.com", "a.example.com", true),
            ("*.com", "*.com", true),
            ("*.*", "*.com", false),
        ] {
            let found = covers(&GeneralName::Dns(presented), &GeneralName::Dns(name));
            assert_eq!(found, covered, "{presented} and {name}");
        }
        assert!(!covers(
            &GeneralName::Dns("192.0.2.1"),
            &GeneralName::Ip(&[192, 0, 2, 1])
        ));
        assert!(covers(
            &GeneralName::Ip(&[192, 0, 2, 1]),
            &GeneralName::Ip(&[192, 0, 2, 1])
        ));
    }
}
