//! Which names of a certificate match the name of the server.

use super::{CommonName, EdgeHyphens, HostDot, NameRules, Partial, Several};
use crate::client::java_names;
use crate::client::reads::Family;
use crate::client::refusal::{Cause, Refusal};
use crate::model::{Certificate, GeneralName};
use crate::server_name::{ServerName, is_public_suffix};
use std::net::{IpAddr, Ipv4Addr};

impl Partial {
    const fn takes(self, before: &str, behind: &str) -> bool {
        match self {
            Self::None => before.is_empty() && behind.is_empty(),
            Self::Any => true,
            Self::OneSide => before.is_empty() || behind.is_empty(),
            Self::Before => behind.is_empty(),
            Self::Behind => before.is_empty(),
        }
    }
}

impl NameRules {
    /// The first name that the certificate is not for.
    pub(in crate::client) fn refuses<'n>(
        &self,
        certificate: &Certificate<'_>,
        names: &'n [ServerName],
    ) -> Option<(&'n ServerName, Cause)> {
        let wrong = names.iter().find(|name| !self.accepts(certificate, name))?;
        // The two need different remedies: another name, or a subjectAltName in the first place.
        let named = certificate
            .subject_alt_names()
            .is_some_and(|names| names.iter().any(|name| is_of_a_host(&name)));
        let cause = if named {
            Cause::Name
        } else {
            Cause::NoSubjectAltName
        };
        Some((wrong, cause))
    }

    fn accepts(&self, certificate: &Certificate<'_>, name: &ServerName) -> bool {
        // Java and NSS decode the extension as a whole: with one name that they cannot read, none
        // of its names counts.
        let unread = match self.whole {
            Some(Family::Java) => !java_names::are_read(certificate),
            Some(Family::Nss) => !are_read_by_nss(certificate),
            _ => false,
        };
        let names = certificate.subject_alt_names().filter(|_| !unread);
        let mut present: Vec<_> = names.iter().flat_map(|names| names.iter()).collect();
        if !self.addresses {
            present.retain(|name| !matches!(name, GeneralName::Ip(_)));
        }
        let odd = |name: &GeneralName<'_>| matches!(name, GeneralName::Ip(name) if !matches!(name.len(), 4 | 16));
        let end = present.iter().position(odd);
        match end.filter(|_| self.ends_at_odd_address) {
            Some(end) => {
                // A matching name comes before it, and no commonName is checked.
                present.truncate(end);
                let rules = Self {
                    common_name: CommonName::Never,
                    common_address: false,
                    ..*self
                };
                rules.is_for(certificate, &present, name)
            }
            None => self.is_for(certificate, &present, name),
        }
    }

    fn is_for(
        &self,
        certificate: &Certificate<'_>,
        present: &[GeneralName<'_>],
        name: &ServerName,
    ) -> bool {
        match name {
            // What the client's resolver reads as an address is compared only with addresses.
            ServerName::Dns(host) => match self.numbers.and_then(|all| address(host, all)) {
                Some(it) => self.is_for_address(certificate, present, IpAddr::V4(it)),
                None => self.is_for_host(certificate, present, host),
            },
            ServerName::Absolute(host) => {
                let whole = format!("{host}.");
                let exact = |name: &GeneralName<'_>| matches!(name, GeneralName::Dns(name) if name.eq_ignore_ascii_case(&whole));
                match self.host_dot {
                    HostDot::Kept => self.is_for_host(certificate, present, &whole),
                    HostDot::Cut => self.is_for_host(certificate, present, host),
                    HostDot::Both => {
                        present.iter().any(exact) || self.is_for_host(certificate, present, host)
                    }
                }
            }
            ServerName::Ip(address) => self.is_for_address(certificate, present, *address),
            ServerName::Email(_) => true,
        }
    }

    fn is_for_address(
        &self,
        certificate: &Certificate<'_>,
        present: &[GeneralName<'_>],
        address: IpAddr,
    ) -> bool {
        let same =
            |other: IpAddr| other == address || self.mapped && other.to_canonical() == address;
        if present.iter().filter_map(GeneralName::ip).any(same) {
            return true;
        }
        let text = address.to_string();
        let named =
            |name: &GeneralName<'_>| matches!(name, GeneralName::Dns(name) if *name == text);
        // Administrators who could not write an iPAddress wrote `DNS:192.0.2.1`; RFC 6125 1.7.2
        // does not compare the two.
        if self.dns_address && present.iter().any(named) {
            return true;
        }
        let others = present.iter().any(|name| {
            matches!(name, GeneralName::Ip(_)) || !self.dns_address && is_of_a_host(name)
        });
        self.common_address && !others && self.is_common_name(certificate, &text)
    }

    fn is_for_host(
        &self,
        certificate: &Certificate<'_>,
        present: &[GeneralName<'_>],
        host: &str,
    ) -> bool {
        let mut dns = present.iter().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(*name),
            _ => None,
        });
        if self.plain_host && !is_plain(&host.replace('.', "")) {
            return false;
        }
        if self.edge_hyphens == EdgeHyphens::Refused && has_edge_hyphens(host) {
            return false;
        }
        // A dNSName beyond ASCII matches no host, but still counts as a dNSName.
        if dns.clone().next().is_some() || present.iter().any(is_unreadable_host) {
            return dns.any(|name| self.matches(name, host));
        }
        // RFC 6125 6.4.4: the commonName is a last resort, if there is no name of the right kind.
        // RFC 9525 (2023) does not use it.
        let reads = match self.common_name {
            CommonName::Never => false,
            CommonName::WithoutDnsNames => true,
            CommonName::WithoutNames => !present.iter().any(is_of_a_host),
            CommonName::WithoutNamesOrUris => !present
                .iter()
                .any(|name| is_of_a_host(name) || matches!(name, GeneralName::Uri(_))),
        };
        reads && self.is_common_name(certificate, host)
    }

    fn is_common_name(&self, certificate: &Certificate<'_>, host: &str) -> bool {
        let subject = certificate.subject();
        let mut names = subject
            .typed_common_names()
            .filter(|(tag, _)| !self.unread_types.contains(tag))
            .map(|(_, name)| name);
        match self.several {
            Several::First => names.next().is_some_and(|name| self.matches(&name, host)),
            Several::Any => names.any(|name| self.matches(&name, host)),
            Several::Last => names.last().is_some_and(|name| self.matches(&name, host)),
            Several::Refused => {
                let only = names.next().filter(|_| names.next().is_none());
                only.is_some_and(|name| self.matches(&name, host))
            }
        }
    }

    /// `host` is in lower case.
    fn matches(&self, pattern: &str, host: &str) -> bool {
        if self.every_label {
            return in_every_label(&pattern.to_ascii_lowercase(), host, self.labels);
        }
        // `example.com.` is the absolute form of the same name (RFC 1034 3.1); a certificate should
        // not have it.
        let dotless = pattern.strip_suffix('.').filter(|_| self.final_dot);
        let pattern = dotless.unwrap_or(pattern).to_ascii_lowercase();
        let Some((first, parent)) = pattern
            .split_once('.')
            .filter(|(label, _)| label.contains('*'))
        else {
            return pattern == host;
        };
        let Some((before, behind)) = first.split_once('*') else {
            return false;
        };
        let whole = before.is_empty() && behind.is_empty();
        let Some((label, rest)) = host.split_once('.') else {
            return false;
        };
        // RFC 6125 6.4.3: one star, in the leftmost label, for exactly one label. A star within an
        // A-label (`xn--`) would match parts of an encoding, not of a name (7.2).
        (whole
            || self.partial.takes(before, behind)
                && !behind.contains('*')
                && !label.starts_with("xn--"))
            && rest == parent
            && !parent.contains('*')
            && parent.split('.').count() >= self.labels
            && label.len() >= before.len() + behind.len()
            && label.starts_with(before)
            && label.ends_with(behind)
            && (!self.plain_star
                || is_plain(label)
                    && is_plain(&parent.replace('.', ""))
                    && !has_edge_hyphens(parent))
            && !(self.edge_hyphens == EdgeHyphens::NoStar && begins_with_hyphen(host))
            && !(self.public_suffix && is_public_suffix(parent))
    }
}

/// The address that `inet_aton` makes of numbers with dots, if there are fewer than four or one is
/// not decimal; `all`: also of hexadecimal and octal ones.
fn address(host: &str, all: bool) -> Option<Ipv4Addr> {
    // inet_aton(3): 0x is hexadecimal, a leading zero octal, the rest decimal.
    let number = |text: &str| match text.strip_prefix("0x") {
        Some(digits) if all => u32::from_str_radix(digits, 16).ok(),
        None if all && text.len() > 1 && text.starts_with('0') => u32::from_str_radix(text, 8).ok(),
        _ => text
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())
            .flatten(),
    };
    let parts: Option<Vec<u32>> = host.split('.').map(number).collect();
    let parts = parts?;
    let (last, before) = parts.split_last()?;
    let mut bits = 0_u32;
    for (place, part) in before.iter().enumerate() {
        let shift = 24_u32.checked_sub(8 * u32::try_from(place).ok()?)?;
        bits |= u32::from(u8::try_from(*part).ok()?) << shift;
    }
    // inet_aton(3): the last number fills all bytes that are left, so `127.1` is 127.0.0.1.
    let room = 32_u32.checked_sub(8 * u32::try_from(before.len()).ok()?)?;
    let fits = room == 32 || room > 0 && last >> room == 0;
    fits.then(|| Ipv4Addr::from_bits(bits | last))
}

fn begins_with_hyphen(host: &str) -> bool {
    host.split('.').any(|label| label.starts_with('-'))
}

fn has_edge_hyphens(host: &str) -> bool {
    begins_with_hyphen(host) || host.split('.').any(|label| label.ends_with('-'))
}

fn is_plain(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    label.bytes().all(plain)
}

/// Label by label, each with its own stars (Java's HostnameChecker, `hasIllegalWildcard`,
/// `matchAllWildcards`): a lone `*` matches nothing, the last label has none, and below one in
/// the first label there are `least` others.
fn in_every_label(pattern: &str, host: &str, least: usize) -> bool {
    let Some((_, behind)) = pattern.rsplit_once('*') else {
        return pattern == host;
    };
    let (patterns, labels) = (pattern.split('.'), host.split('.'));
    if !behind.contains('.')
        || patterns.clone().count() != labels.clone().count()
        || patterns.clone().count() <= least
    {
        return false;
    }
    patterns.zip(labels).all(|(pattern, label)| {
        let whole = pattern.bytes().all(|byte| byte == b'*');
        let starred = pattern.contains('*');
        // No star within the encoding of an international name.
        (!starred || whole || !label.starts_with("xn--")) && in_one_label(pattern, label)
    })
}

/// `matchWildCards`: the parts between the stars one after the other, each at its first place.
fn in_one_label(pattern: &str, label: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| label.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}

/// `cert_DecodeGeneralName` (lib/certdb/genname.c): otherNames with a value, directory names, but
/// no ediPartyName (measured).
fn are_read_by_nss(it: &Certificate<'_>) -> bool {
    let mut names = it
        .subject_alt_names()
        .into_iter()
        .flat_map(|names| names.iter());
    names.all(|name| match name {
        GeneralName::Other { value, .. } => !value.is_empty(),
        GeneralName::EdiParty(_) => false,
        GeneralName::Unreadable { tag, .. } => !matches!(tag, 0xa0 | 0xa4),
        _ => true,
    })
}

fn is_of_a_host(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)) || is_unreadable_host(name)
}

fn is_unreadable_host(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Unreadable { tag: 0x82, .. })
}

/// A refusal for a name, in the client's words.
pub(in crate::client) fn refusal(
    says: String,
    cause: Cause,
    certificate: &Certificate<'_>,
) -> Refusal {
    Refusal::new(cause, says).of(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_addresses() {
        for (host, all, expected) in [
            ("123", false, Some("0.0.0.123")),
            ("1.2.3", false, Some("1.2.0.3")),
            ("127.1", false, Some("127.0.0.1")),
            ("0x7f.1", true, Some("127.0.0.1")),
            ("0x7f.1", false, None),
            ("1.2.3.256", false, None),
            ("1.2.3.4.5", false, None),
            ("1.example", true, None),
            ("", true, None),
        ] {
            let found = address(host, all).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
    }

    /// Measured with OpenJDK 17.0.15.
    #[test]
    fn java_has_stars_in_every_label_but_the_last() {
        for (pattern, host, matches) in [
            ("**.test", "a.test", true),
            ("*.*", "a.test", false),
            ("a.*", "a.test", false),
            ("www.example.*", "www.example.com", false),
            ("w*w.*.test", "www.a.test", true),
            ("*a*b.test", "xaybb.test", true),
            ("*a*b.test", "xby.test", false),
            ("*", "a", false),
        ] {
            assert_eq!(
                in_every_label(pattern, host, 1),
                matches,
                "{pattern} {host}"
            );
        }
    }

    #[test]
    fn stars_stand_where_each_client_lets_them() {
        let rules = |labels, partial, public_suffix| NameRules {
            labels,
            partial: if partial { Partial::Any } else { Partial::None },
            public_suffix,
            ..NameRules::MODERN
        };
        for (rules, pattern, host, matches) in [
            (
                rules(1, false, false),
                "*.example.com",
                "a.example.com",
                true,
            ),
            (
                rules(1, false, false),
                "*.EXAMPLE.com",
                "a.example.com",
                true,
            ),
            (rules(1, false, false), "*.com", "example.com", true),
            (rules(2, false, false), "*.com", "example.com", false),
            (rules(1, false, true), "*.co.uk", "example.co.uk", false),
            (
                rules(1, false, false),
                "w*.example.com",
                "web.example.com",
                false,
            ),
            (
                rules(2, true, false),
                "w*.example.com",
                "web.example.com",
                true,
            ),
            (
                rules(2, true, false),
                "w*b.example.com",
                "wb.example.com",
                true,
            ),
            (
                rules(2, true, false),
                "w*bb.example.com",
                "wb.example.com",
                false,
            ),
            (
                rules(1, false, false),
                "*.example.com",
                "a.b.example.com",
                false,
            ),
            (rules(1, false, false), "*", "example", false),
        ] {
            assert_eq!(rules.matches(pattern, host), matches, "{pattern} {host}");
        }
    }
}
