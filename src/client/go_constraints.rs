//! The name constraints that Go cannot read.
//!
//! crypto/x509/parser.go of Go 1.27.3, `parseNameConstraintsExtension`: Go refuses to parse a
//! certificate with one value that it does not accept. `CertPool.AppendCertsFromPEM` silently skips
//! such a root.

use crate::model::{Certificate, GeneralName};
use std::net::IpAddr;

/// What Go says about the first constraint that it cannot read.
pub(super) fn unread(certificate: &Certificate<'_>) -> Option<String> {
    let constraints = certificate.name_constraints()?;
    let mut subtrees = constraints.permitted().chain(constraints.excluded());
    subtrees.find_map(|subtree| {
        let failed =
            |kind: &str, text: &str| format!("x509: failed to parse {kind} constraint {text:?}");
        match subtree.base {
            GeneralName::Dns(text) if !is_domain(text) => Some(failed("dnsName", text)),
            GeneralName::Email(text) if text.contains('@') => {
                (!is_mailbox(text)).then(|| failed("rfc822Name", text))
            }
            GeneralName::Email(text) if !is_domain(text) => Some(failed("rfc822Name", text)),
            GeneralName::Uri(text) if text.parse::<IpAddr>().is_ok() => {
                Some(format!("{}: cannot be IP address", failed("URI", text)))
            }
            GeneralName::Uri(text) if !is_domain(text) => Some(failed("URI", text)),
            GeneralName::Ip(bytes) => address(bytes),
            _ => None,
        }
    })
}

/// Whether critical constraints have a form that Go does not process: it marks the
/// extension as unhandled, and accepts the certificate nowhere (not even as the server's own).
pub(super) fn unhandled(certificate: &Certificate<'_>) -> bool {
    let critical = certificate
        .standard_extension(30)
        .is_some_and(|extension| extension.critical);
    let known = |name: &GeneralName<'_>| {
        matches!(
            name,
            GeneralName::Dns(_) | GeneralName::Email(_) | GeneralName::Uri(_) | GeneralName::Ip(_)
        )
    };
    critical
        && certificate.name_constraints().is_some_and(|constraint| {
            let mut trees = constraint.permitted().chain(constraint.excluded());
            trees.any(|tree| !known(&tree.base))
        })
}

/// Whether Go cannot compare a dNSName of the server's certificate with constraints
/// ("cannot parse dnsName"), if a CA of the path has some.
pub(super) fn has_odd_name(path: &[&Certificate<'_>]) -> bool {
    let Some((leaf, above)) = path.split_first() else {
        return false;
    };
    let mut names = leaf
        .subject_alt_names()
        .into_iter()
        .flat_map(|names| names.iter());
    let odd = |name: GeneralName<'_>| matches!(name, GeneralName::Dns(name) if name.starts_with('.') || !is_domain(name));
    above
        .iter()
        .any(|certificate| certificate.name_constraints().is_some())
        && names.any(odd)
}

/// `domainNameValid`: after one optional leading dot, visible ASCII in labels that are not empty.
fn is_domain(text: &str) -> bool {
    let visible =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_graphic());
    let mut labels = text.strip_prefix('.').unwrap_or(text).split('.');
    text.is_empty() || labels.all(visible)
}

/// `parseRFC2821Mailbox`, with a quoted local part accepted as it is.
fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let dotted = local
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(atom));
    (dotted || local.starts_with('"')) && !domain.starts_with('.') && is_domain(domain)
}

/// An address with its mask, whose ones come first.
fn address(bytes: &[u8]) -> Option<String> {
    let half = bytes.len() / 2;
    let (address, mask) = bytes.split_at(half);
    if !matches!(bytes.len(), 8 | 32) {
        return Some(format!(
            "x509: IP constraint contained value of length {}",
            bytes.len()
        ));
    }
    // Go's `isValidIPMask`: no 1 bit may follow a 0 bit.
    let ones: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    let leading = mask.iter().take_while(|byte| **byte == 0xff).count();
    let next = mask.get(leading).map_or(0, |byte| byte.leading_ones());
    let first = u32::try_from(leading).unwrap_or(u32::MAX).saturating_mul(8) + next;
    if ones != first {
        let mask: String = mask.iter().map(|byte| format!("{byte:02x}")).collect();
        return Some(format!("x509: IP constraint contained invalid mask {mask}"));
    }
    is_mapped(address).then(|| "x509: IP constraint contained IPv4-mapped IPv6 address".to_owned())
}

/// Whether an address of 16 bytes is one of IPv4 (`::ffff:10.0.0.5`).
pub(super) fn is_mapped(address: &[u8]) -> bool {
    address.len() == 16 && address.starts_with(b"\0\0\0\0\0\0\0\0\0\0\xff\xff")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `ParseCertificate` of Go 1.27.3 does.
    #[test]
    fn values_are_read_as_go_reads_them() {
        for text in ["", "example.com", ".example.com", "under_score", "a@b", "*"] {
            assert!(is_domain(text), "{text}");
        }
        for text in [".", "..example.com", "example.com.", "a..b", "a b", "é"] {
            assert!(!is_domain(text), "{text}");
        }
        assert!(
            is_mailbox("joe@example.com")
                && is_mailbox("joe@")
                && is_mailbox("\"a b\"@example.com")
        );
        for text in [
            "@example.com",
            "joe@.example.com",
            ".joe@example.com",
            "a b@c",
        ] {
            assert!(!is_mailbox(text), "{text}");
        }
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 0, 0]), None);
        assert_eq!(address(&[10, 0, 0, 1, 255, 255, 255, 255]), None);
        assert!(address(&[10, 0, 0, 0, 255, 0, 255, 0]).is_some());
        assert!(address(&[10, 0, 0, 0]).is_some());
    }
}
