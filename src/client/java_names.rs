//! Other names as Java 17 reads them (sun.security.x509: GeneralName, URIName,
//! RFC822Name, IPAddressName).
//!
//! If it cannot read one name, the whole subjectAltName counts for nothing: it is ignored if it is
//! not critical, and the commonName is compared instead (measured). dNSNames are accepted as they
//! are.

use crate::model::{Certificate, GeneralName};

/// Whether Java reads the subjectAltName, if there is one.
pub(super) fn are_read(it: &Certificate<'_>) -> bool {
    let mut names = it
        .subject_alt_names()
        .into_iter()
        .flat_map(|names| names.iter());
    names.all(|name| match name {
        GeneralName::Uri(text) => is_uri(text),
        GeneralName::Email(text) => is_mailbox(text),
        GeneralName::Ip(bytes) => matches!(bytes.len(), 4 | 8 | 16 | 32),
        // Bytes beyond ASCII become characters that mean nothing.
        GeneralName::Unreadable {
            tag: 0x86, value, ..
        } => is_uri(&String::from_utf8_lossy(value)),
        GeneralName::Unreadable { tag, .. } => matches!(tag, 0x81 | 0x82),
        _ => true,
    })
}

/// Whether Java reads the nameConstraints, if there are any. Those that it cannot read count for
/// nothing if they are not critical.
pub(super) fn are_constraints_read(it: &Certificate<'_>) -> bool {
    let Some(constraints) = it.name_constraints() else {
        return true;
    };
    let mut trees = constraints.permitted().chain(constraints.excluded());
    trees.all(|tree| match tree.base {
        GeneralName::Uri(text) => is_dns_name(text.strip_prefix('.').unwrap_or(text)),
        GeneralName::Email(text) => is_mailbox(text),
        GeneralName::Ip(bytes) => matches!(bytes.len(), 4 | 8 | 16 | 32),
        _ => true,
    })
}

/// What `DNSName`'s constructor accepts: labels that begin with a letter or digit.
pub(super) fn is_dns_name(name: &str) -> bool {
    name.split('.').all(|label| {
        let mut bytes = label.bytes();
        bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn is_mailbox(text: &str) -> bool {
    let host = text.split_once('@').map_or(text, |(_, host)| host);
    !host.is_empty() && host != "."
}

/// `java.net.URI`, with a scheme.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let named = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let odd = |c: char| c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c);
    let escaped = rest.split('%').skip(1).all(|rest| {
        rest.get(..2)
            .is_some_and(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    let authority = rest.strip_prefix("//").map(|rest| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        rest.split_at(end)
    });
    let placed = match authority {
        None => !rest.is_empty() && !rest.contains(['[', ']']),
        Some(("", behind)) => behind.starts_with('/'),
        Some((host, _)) => match host.rsplit('@').next().unwrap_or(host).strip_prefix('[') {
            Some(inner) => inner
                .split_once(']')
                .is_some_and(|(address, _)| address.parse::<std::net::Ipv6Addr>().is_ok()),
            None => !host.contains(['[', ']']),
        },
    };
    named && placed && escaped && !rest.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As OpenJDK 17 reads them.
    #[test]
    fn names_are_read_as_java_reads_them() {
        for uri in [
            "http://example.test/",
            "http://a_b.c/",
            "http://a:99999999/",
            "http://[::1]/",
            "urn:x",
            "mailto:a@b",
            "ldap:///CN=x",
        ] {
            assert!(is_uri(uri), "{uri}");
        }
        for uri in [
            "",
            "/x",
            "http://",
            "http://[::1/",
            "http://a b/",
            "http://a\u{1}/",
            "http://a%zz/",
        ] {
            assert!(!is_uri(uri), "{uri}");
        }
        assert!(is_mailbox("a@b") && is_mailbox("abc"));
        assert!(!is_mailbox("") && !is_mailbox("a@"));
    }
}
