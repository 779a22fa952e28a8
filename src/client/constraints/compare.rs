//! Comparisons that more than one client makes.

/// What precedes `domain` in `host`, if `host` ends with it in any case.
pub(super) fn before<'h>(domain: &str, host: &'h str) -> Option<&'h str> {
    let at = host.len().checked_sub(domain.len())?;
    let (before, end) = host.split_at_checked(at)?;
    end.eq_ignore_ascii_case(domain).then_some(before)
}

/// The same host, or one with more labels, byte by byte: a final dot is a character like any other.
/// With a leading dot, the constraint covers the hosts below.
pub(super) fn dns(base: &str, name: &str) -> bool {
    match before(base, name) {
        _ if base.is_empty() => true,
        Some(before) => before.is_empty() || base.starts_with('.') || before.ends_with('.'),
        None => false,
    }
}

/// A mailbox, all mailboxes of a host, or, with a leading dot, all below a domain; `None` if `name`
/// is not a mailbox.
pub(super) fn email(base: &str, name: &str) -> Option<bool> {
    let (local, host) = name.rsplit_once('@')?;
    Some(match base.rsplit_once('@') {
        Some((wanted, domain)) => wanted == local && domain.eq_ignore_ascii_case(host),
        None if base.starts_with('.') => before(base, host).is_some_and(|rest| !rest.is_empty()),
        None => base.is_empty() || base.eq_ignore_ascii_case(host),
    })
}

/// The host of a URI with an authority, whatever it is made of.
pub(super) fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    let host = host.split_once(':').map_or(host, |(name, _)| name);
    (!host.is_empty()).then_some(host)
}

/// A host itself, or, with a leading dot, all hosts below a domain.
pub(super) fn of_host(base: &str, host: &str) -> bool {
    if base.starts_with('.') {
        before(base, host).is_some_and(|rest| !rest.is_empty())
    } else {
        base.eq_ignore_ascii_case(host)
    }
}

/// An address in a network: `None` if the two are of different families, or
/// not addresses.
pub(super) fn ip(base: &[u8], name: &[u8]) -> Option<bool> {
    let (network, mask) = base.split_at_checked(name.len())?;
    if mask.len() != name.len() || !matches!(name.len(), 4 | 16) {
        return None;
    }
    let mut bytes = network.iter().zip(mask).zip(name);
    Some(bytes.all(|((network, mask), byte)| network & mask == byte & mask))
}
