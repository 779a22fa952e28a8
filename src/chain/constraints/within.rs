//! Whether a name lies in a subtree of its form.

use crate::model::{GeneralName, Subtree};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// There is no rule for it, or the constraint is not a valid one.
    Unclear,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Whether `tree` holds all of `name`, which has the same form, and is not a directory name.
pub(super) fn contains(tree: &Subtree<'_>, name: &GeneralName<'_>) -> Answer {
    use GeneralName as N;
    // RFC 5280 4.2.1.10 lets a verifier process a minimum or maximum, or reject the certificate.
    // Nothing defines how to process them.
    if tree.bounded {
        return Answer::Unclear;
    }
    match (&tree.base, name) {
        (N::Dns(base), N::Dns(name)) => dns(base, name).into(),
        (N::Email(base), N::Email(name)) => email(base, name),
        (N::Uri(base), N::Uri(name)) => uri(base, name),
        (N::Ip(base), N::Ip(name)) => ip(base, name),
        _ => Answer::Unclear,
    }
}

/// Whether `tree` holds anything that `name` means: a wildcard means
/// many hosts, and it is refused if one of them is excluded.
pub(super) fn touches(tree: &Subtree<'_>, name: &GeneralName<'_>) -> Answer {
    // `*.example.com` covers `www.example.com`: excluding that one host must refuse the wildcard,
    // although neither name lies within the other.
    if let (GeneralName::Dns(base), GeneralName::Dns(name)) = (&tree.base, name)
        && let Some(parent) = name.strip_prefix("*.")
        && let Some((label, above)) = base.split_once('.')
        && !label.is_empty()
        && trim(above).eq_ignore_ascii_case(trim(parent))
    {
        return Answer::Yes;
    }
    if let (GeneralName::Dns(base), GeneralName::Dns(name)) = (&tree.base, name) {
        return match tree.bounded {
            true => Answer::Unclear,
            // A final dot is taken off for exclusions only: `host.` resolves like `host`, and an
            // exclusion that a dot evades would exclude nothing.
            false => dns(trim(base), trim(name)).into(),
        };
    }
    contains(tree, name)
}

fn trim(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// The host itself and every host below. A base with a leading period, which RFC 5280 does
/// not define, means only the hosts below, as OpenSSL and NSS read it. A final dot is a
/// character like any other: no host is `example.com.` with labels before it (RFC 5280
/// 4.2.1.10), and OpenSSL, Java and NSS refuse it (measured).
fn dns(base: &str, name: &str) -> bool {
    if base.is_empty() {
        return true;
    }
    match base.strip_prefix('.') {
        Some(domain) => below(domain, name),
        None => base.eq_ignore_ascii_case(name) || below(base, name),
    }
}

/// Whether `host` has labels before `domain`.
fn below(domain: &str, host: &str) -> bool {
    let split = host.len().checked_sub(domain.len());
    let Some((before, end)) = split.and_then(|at| host.split_at_checked(at)) else {
        return false;
    };
    // The dot keeps `badexample.com` from lying below `example.com`: that comparison by suffix is
    // the classic mistake.
    before.len() > 1 && before.ends_with('.') && end.eq_ignore_ascii_case(domain)
}

/// A mailbox, all mailboxes of a host, or, with a leading period, all below a domain.
fn email(base: &str, name: &str) -> Answer {
    // From the right: a quoted local part may contain an `@` itself (RFC 5321 4.1.2).
    let Some((local, host)) = name.rsplit_once('@') else {
        return Answer::Unclear;
    };
    if let Some((base_local, base_host)) = base.rsplit_once('@') {
        // The local part is compared with its case: RFC 5321 2.4 leaves it to the receiving host
        // what it means.
        return (base_local == local && base_host.eq_ignore_ascii_case(host)).into();
    }
    match base.strip_prefix('.') {
        Some(domain) => below(domain, host).into(),
        None => (base.is_empty() || base.eq_ignore_ascii_case(host)).into(),
    }
}

/// A host, or, with a leading period, all hosts below a domain. A URI without a host name cannot be
/// compared, and must be rejected (RFC 5280 4.2.1.10).
fn uri(base: &str, name: &str) -> Answer {
    let Some(host) = host_of(name) else {
        return Answer::Unclear;
    };
    match base.strip_prefix('.') {
        Some(domain) => below(domain, host).into(),
        None => (base.is_empty() || base.eq_ignore_ascii_case(host)).into(),
    }
}

/// The fully qualified host name of a URI with an authority (RFC 3986 3.2).
fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    // Credentials precede the last `@` of the authority. Reading the host from the left would let
    // `http://permitted@evil/` pass as `permitted`.
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    // A bracketed host is an IPv6 address, and a constraint on URIs is for host names only.
    if host.starts_with('[') {
        return None;
    }
    let host = trim(host.split_once(':').map_or(host, |(host, _)| host));
    let is_name = !host.is_empty() && host.parse::<core::net::IpAddr>().is_err();
    is_name.then_some(host)
}

fn ip(base: &[u8], name: &[u8]) -> Answer {
    // A mask with holes has no defined meaning: "unclear" refuses, which is the safe answer for an
    // exclusion and for a permission.
    if !crate::chain::rules::is_network(base) || !matches!(name.len(), 4 | 16) {
        return Answer::Unclear;
    }
    let (network, mask) = base.split_at_checked(base.len() / 2).unwrap_or_default();
    if network.len() != name.len() {
        // IPv4 and IPv6 do not mix: an IPv4 network says nothing about a mapped IPv6 address. RFC
        // 5280 4.2.1.10 gives each its own length.
        return Answer::No;
    }
    let mut bytes = network.iter().zip(mask).zip(name);
    bytes
        .all(|((network, mask), byte)| network & mask == byte & mask)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(base: GeneralName<'_>) -> Subtree<'_> {
        Subtree {
            base,
            bounded: false,
        }
    }

    #[test]
    fn hosts() {
        for (base, name, expected) in [
            ("example.com", "example.com", true),
            ("example.com", "a.EXAMPLE.com", true),
            ("example.com", "notexample.com", false),
            ("example.com", ".example.com", false),
            ("example.com", "com", false),
            ("example.com.", "a.example.com", false),
            ("example.com.", "example.com.", true),
            ("", "anything", true),
            (".example.com", "example.com", false),
            (".example.com", "a.example.com", true),
            ("example.com", "*.example.com", true),
            ("a.example.com", "*.example.com", false),
        ] {
            let found = contains(&tree(GeneralName::Dns(base)), &GeneralName::Dns(name));
            assert_eq!(found, expected.into(), "{base} {name}");
        }
    }

    #[test]
    fn a_wildcard_touches_what_it_could_stand_for() {
        for (base, name, expected) in [
            ("bar.example.com", "*.example.com", true),
            ("example.com", "*.example.com", true),
            ("a.bar.example.com", "*.example.com", false),
            ("bar.example.org", "*.example.com", false),
            ("example.com", "*.com", true),
            ("example.com.", "a.example.com", true),
        ] {
            let found = touches(&tree(GeneralName::Dns(base)), &GeneralName::Dns(name));
            assert_eq!(found, expected.into(), "{base} {name}");
        }
    }

    #[test]
    fn mailboxes() {
        for (base, name, expected) in [
            ("a@b.c", "a@B.c", Answer::Yes),
            ("a@b.c", "A@b.c", Answer::No),
            ("b.c", "x@b.c", Answer::Yes),
            ("b.c", "x@a.b.c", Answer::No),
            (".b.c", "x@a.b.c", Answer::Yes),
            (".b.c", "x@b.c", Answer::No),
            ("*@b.c", "x@b.c", Answer::No),
            ("b.c", "nobody", Answer::Unclear),
        ] {
            let found = contains(&tree(GeneralName::Email(base)), &GeneralName::Email(name));
            assert_eq!(found, expected, "{base} {name}");
        }
    }

    #[test]
    fn hosts_of_uris() {
        for (base, name, expected) in [
            ("a.b", "http://a.b/x", Answer::Yes),
            ("a.b", "ldap://user@A.B:389?x", Answer::Yes),
            ("b", "http://a.b", Answer::No),
            (".b", "http://a.b", Answer::Yes),
            (".b", "http://b", Answer::No),
            ("a.b", "http://192.0.2.1/", Answer::Unclear),
            ("a.b", "http://[2001:db8::1]/", Answer::Unclear),
            ("a.b", "urn:a.b", Answer::Unclear),
        ] {
            let found = contains(&tree(GeneralName::Uri(base)), &GeneralName::Uri(name));
            assert_eq!(found, expected, "{base} {name}");
        }
    }

    #[test]
    fn addresses() {
        let ten = [10, 0, 0, 0, 255, 0, 0, 0];
        let within = |name: &[u8]| contains(&tree(GeneralName::Ip(&ten)), &GeneralName::Ip(name));
        assert_eq!(within(&[10, 1, 2, 3]), Answer::Yes);
        assert_eq!(within(&[11, 1, 2, 3]), Answer::No);
        assert_eq!(within(&[0; 16]), Answer::No);
        let no_mask = tree(GeneralName::Ip(&[10, 0, 0, 0]));
        assert_eq!(
            contains(&no_mask, &GeneralName::Ip(&[10, 0, 0, 0])),
            Answer::Unclear
        );
    }
}
