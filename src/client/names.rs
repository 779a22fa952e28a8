//! Under which names a client takes a certificate for its server's.

use super::refusal::{Cause, Refusal};
use crate::model::{Certificate, GeneralName};
use crate::server_name::{ServerName, is_public_suffix};

/// When the subject's commonName is read as a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommonName {
    /// Never (RFC 9525 2).
    Never,
    /// Where no subjectAltName is a dNSName.
    WithoutDnsNames,
    /// Where no subjectAltName is a dNSName or an iPAddress.
    WithoutNames,
    /// Where no subjectAltName is a dNSName, an iPAddress or a URI.
    WithoutNamesOrUris,
}

/// Which commonName is read, where a subject has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Several {
    Any,
    Last,
    /// None of them: there must be one alone.
    Refused,
}

/// How a client compares names.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameRules {
    pub(super) common_name: CommonName,
    pub(super) several: Several,
    /// `localhost.` in the certificate matches `localhost`.
    pub(super) final_dot: bool,
    /// Labels that a `*` must have behind it: `*.com` has one.
    pub(super) labels: usize,
    /// `web*.example.com` matches.
    pub(super) partial: bool,
    /// No `*` directly above a public suffix.
    pub(super) public_suffix: bool,
    /// What a `*` stands for is letters, digits and hyphens (OpenSSL's
    /// `wildcard_match`): `my_server` is not matched by one.
    pub(super) plain_star: bool,
    /// `*` may stand in any label (Java's HostnameChecker.matchAllWildcards).
    pub(super) every_label: bool,
    /// A host with other characters than letters, digits and hyphens is refused
    /// (Java makes an IDN of it, and fails).
    pub(super) plain_host: bool,
}

impl NameRules {
    /// RFC 9525: subjectAltNames alone, `*` for a whole label.
    pub(super) const MODERN: Self = Self {
        common_name: CommonName::Never,
        several: Several::Last,
        final_dot: false,
        labels: 1,
        partial: false,
        public_suffix: false,
        plain_star: false,
        every_label: false,
        plain_host: false,
    };

    /// The first name that the certificate is not for.
    pub(super) fn refuses<'n>(
        &self,
        certificate: &Certificate<'_>,
        names: &'n [ServerName],
    ) -> Option<(&'n ServerName, Cause)> {
        let wrong = names.iter().find(|name| !self.accepts(certificate, name))?;
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
        let present: Vec<_> = certificate
            .subject_alt_names()
            .map(|names| names.iter().collect())
            .unwrap_or_default();
        let host = match name {
            ServerName::Dns(host) => host,
            ServerName::Ip(address) => {
                return present.iter().any(|it| it.ip() == Some(*address));
            }
            ServerName::Email(_) => return true,
        };
        let mut dns = present.iter().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(*name),
            _ => None,
        });
        if self.plain_host && !is_plain(&host.replace('.', "")) {
            return false;
        }
        if dns.clone().next().is_some() {
            return dns.any(|name| self.matches(name, host));
        }
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
        let mut names = subject.common_names();
        match self.several {
            Several::Any => names.any(|name| self.matches(&name, host)),
            Several::Last => names.last().is_some_and(|name| self.matches(&name, host)),
            Several::Refused => {
                let only = names.next().filter(|_| names.next().is_none());
                only.is_some_and(|name| self.matches(&name, host))
            }
        }
    }

    /// `host` is in lower case and has no final dot.
    fn matches(&self, pattern: &str, host: &str) -> bool {
        if self.every_label {
            return in_every_label(&pattern.to_ascii_lowercase(), host, self.labels);
        }
        let dotless = pattern.strip_suffix('.').filter(|_| self.final_dot);
        let pattern = dotless.unwrap_or(pattern).to_ascii_lowercase();
        let Some((first, parent)) = pattern.split_once('.').filter(|(it, _)| it.contains('*'))
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
        (whole || self.partial && !behind.contains('*') && !label.starts_with("xn--"))
            && rest == parent
            && !parent.contains('*')
            && parent.split('.').count() >= self.labels
            && label.len() >= before.len() + behind.len()
            && label.starts_with(before)
            && label.ends_with(behind)
            && (!self.plain_star || is_plain(label))
            && !(self.public_suffix && is_public_suffix(parent))
    }
}

fn is_plain(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    label.bytes().all(plain)
}

/// Label by label, each with its own `*`; a lone `*` matches nothing, and below one
/// in the first label there are `least` others.
fn in_every_label(pattern: &str, host: &str, least: usize) -> bool {
    if !pattern.contains('*') {
        return pattern == host;
    }
    let (patterns, labels) = (pattern.split('.'), host.split('.'));
    if patterns.clone().count() != labels.clone().count() || patterns.clone().count() <= least {
        return false;
    }
    patterns
        .zip(labels)
        .all(|(pattern, label)| match pattern.split_once('*') {
            None => pattern == label,
            Some((before, behind)) => {
                !behind.contains('*')
                    && label.len() >= before.len() + behind.len()
                    && label.starts_with(before)
                    && label.ends_with(behind)
            }
        })
}

fn is_of_a_host(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))
}

/// A refusal for a name, in the client's words.
pub(super) fn refusal(says: String, cause: Cause, certificate: &Certificate<'_>) -> Refusal {
    Refusal::new(cause, says).of(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_where_each_client_lets_them() {
        let rules = |labels, partial, public_suffix| NameRules {
            labels,
            partial,
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
