//! Names written as RFC 5280 requires.

use super::PathRole;
use crate::chain::reason::Reason;
use crate::model::{Certificate, GeneralName};

pub(super) fn check(certificate: &Certificate<'_>, role: PathRole, found: &mut Vec<Reason>) {
    let names = certificate.subject_alt_names().into_iter();
    for name in names.flat_map(|names| names.iter()) {
        if let Some(reason) = bad_name(&name) {
            let reason = format!("its name {name} {reason}");
            let clause = "RFC 5280 4.2.1.6";
            found.push(Reason::NotConforming { reason, clause });
            // One of ten thousand bad names is enough.
            break;
        }
    }
    if role == PathRole::EndEntity {
        return;
    }
    let constraints = certificate.name_constraints().into_iter();
    for tree in
        constraints.flat_map(|constraint| constraint.permitted().chain(constraint.excluded()))
    {
        let problem = if tree.bounded {
            Some("has a minimum or maximum")
        } else {
            bad_constraint(&tree.base)
        };
        if let Some(problem) = problem {
            let reason = format!("its constraint {} {problem}", tree.base);
            let clause = "RFC 5280 4.2.1.10";
            found.push(Reason::NotConforming { reason, clause });
            break;
        }
    }
}

fn bad_name(name: &GeneralName<'_>) -> Option<&'static str> {
    match name {
        GeneralName::Dns(dns) => {
            // Only one leading `*.` is syntax. A `*` elsewhere is left in, and is not a valid
            // character of a host name.
            let host = dns.strip_prefix("*.").unwrap_or(dns);
            // Clients do not compare addresses with dNSNames: such a name never works for a client that
            // connects by address.
            if host.parse::<core::net::IpAddr>().is_ok() {
                Some("is an address in a dNSName")
            } else if is_preferred_name(host) || *dns == "*" {
                None
            } else {
                Some("is not in the preferred name syntax of RFC 1034")
            }
        }
        GeneralName::Email(address) => (!is_mailbox(address)).then_some("is not local@host"),
        GeneralName::Uri(uri) => (!is_absolute(uri)).then_some("is not an absolute URI"),
        _ => None,
    }
}

fn bad_constraint(base: &GeneralName<'_>) -> Option<&'static str> {
    match base {
        // An empty dNSName permits or excludes all hosts: the usual way to write "no host at all".
        GeneralName::Dns(host) => (!host.is_empty() && !is_preferred_name(host))
            .then_some("is not in the preferred name syntax of RFC 1034"),
        GeneralName::Email(text) => match text.split_once('@') {
            Some(_) => (!is_mailbox(text)).then_some("is not local@host"),
            None => (!is_domain(text)).then_some("is neither mailbox, host nor domain"),
        },
        GeneralName::Uri(text) => (!is_domain(text)).then_some("is neither host nor domain"),
        GeneralName::Ip(bytes) => {
            (!is_network(bytes)).then_some("is not an address and a contiguous mask")
        }
        GeneralName::Unreadable { reason, .. } => Some(reason),
        _ => None,
    }
}

/// An optional period, then a host name.
fn is_domain(text: &str) -> bool {
    text.is_empty() || is_preferred_name(text.strip_prefix('.').unwrap_or(text))
}

/// RFC 1034 3.5 as changed by RFC 1123 2.1: letters, digits and hyphens, not
/// at a label's ends.
pub(crate) fn is_preferred_name(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// RFC 5321 4.1.2: a local part, dot-string or quoted, and a host.
fn is_mailbox(address: &str) -> bool {
    let Some((local, host)) = address.rsplit_once('@') else {
        return false;
    };
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let atom = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    // An address literal is not parsed: RFC 5321 4.1.3 leaves its forms open to registration.
    let host_is_literal = host.starts_with('[') && host.ends_with(']');
    (quoted || local.split('.').all(atom)) && (host_is_literal || is_preferred_name(host))
}

/// A scheme and something after it (RFC 3986 3).
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// An address and a mask of one family, with all of the mask's ones at its front.
pub(in crate::chain) fn is_network(bytes: &[u8]) -> bool {
    let mask = match bytes.len() {
        8 => bytes.get(4..).unwrap_or_default(),
        32 => bytes.get(16..).unwrap_or_default(),
        _ => return false,
    };
    // The mask's bytes each start with their ones, all bytes before the first other than 0xff are
    // full and all after it are zero: then the ones are contiguous.
    let ones: u32 = mask.iter().map(|byte| byte.leading_ones()).sum();
    let all: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    let front = mask.iter().take_while(|byte| **byte == 0xff).count();
    ones == all && mask.iter().skip(front + 1).all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_contiguous() {
        assert!(is_network(&[10, 0, 0, 0, 255, 0, 0, 0]));
        assert!(is_network(&[0; 8]) && is_network(&[1, 2, 3, 4, 255, 255, 255, 255]));
        assert!(is_network(&[10, 0, 0, 0, 255, 254, 0, 0]));
        for wrong in [
            [255, 0, 255, 0],
            [255, 1, 0, 0],
            [0, 0, 0, 1],
            [254, 128, 0, 0],
        ] {
            assert!(
                !is_network(&[&[10, 0, 0, 0], &wrong[..]].concat()),
                "{wrong:?}"
            );
        }
        assert!(!is_network(&[1, 2, 3, 4]));
    }

    #[test]
    fn mailboxes_have_one_at_sign() {
        assert!(is_mailbox("a@b.c") && is_mailbox("*@b.c") && is_mailbox("\"a@b\"@c.d"));
        for wrong in ["a", "@b", "a@", "a@b@c", "a b@c", "a@b_c"] {
            assert!(!is_mailbox(wrong), "{wrong}");
        }
    }
}
