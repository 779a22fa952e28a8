//! Why a similar name does not match.

use super::{ServerName, Wildcards, dns_matches, is_public_suffix};
use crate::model::{Certificate, GeneralName};
use crate::rule::{self, CertificateFact};
use std::fmt;

/// Most names listed: enough for every certificate that people read.
const LISTED: usize = 100;
/// Most names searched for one that looks alike.
const SEARCHED: usize = 10_000;

/// No name of the certificate is the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NameMismatch {
    /// The expected name.
    pub expected: ServerName,
    /// The names in subjectAltName, the first hundred.
    pub presented: Vec<String>,
    /// Whether there is a subjectAltName at all.
    pub has_subject_alt_name: bool,
    /// The subject's commonName, which is not read as a name.
    pub common_name: Option<String>,
    /// The name that looks most alike, and why it does not match.
    pub near_miss: Option<NearMiss>,
}

/// A presented name that looks like the expected one, and the rule that it
/// fails by; the most telling first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NearMiss {
    /// An address is in a dNSName, where clients do not look for it (RFC 5280 4.2.1.6).
    AddressAsDns(String),
    /// A wildcard matches one label, not several (RFC 9525 6.3).
    WildcardTooShallow(String),
    /// A wildcard does not match the domain itself (RFC 9525 6.3).
    WildcardNotForParent(String),
    /// A wildcard has no domain after it (RFC 9525 6.3).
    WildcardAlone(String),
    /// A wildcard is not the whole leftmost label (RFC 9525 6.3).
    WildcardMisplaced(String),
    /// A wildcard is above a public suffix.
    WildcardOverPublicSuffix(String),
    /// The name ends with a dot, which a certificate's may not.
    TrailingDot(String),
    /// The same host, with or without `www.`.
    Www(String),
    /// The host is only in the commonName, which is not read (RFC 9525 2).
    OnlyCommonName(String),
    /// The certificate names a host by its address, and the client by its name, or the reverse.
    OtherKind(String),
    /// The same first label in another domain.
    OtherDomain(String),
    /// The e-mail addresses differ in the case of the local part.
    LocalPartCase(String),
}

/// The names of a certificate, as displayed; if there are very many, the first ones.
pub(crate) fn presented(certificate: &Certificate<'_>) -> Vec<String> {
    let names = certificate.subject_alt_names().into_iter();
    let names = names.flat_map(|names| names.iter()).take(LISTED);
    names.map(|name| name.to_string()).collect()
}

impl NameMismatch {
    pub(super) fn explain(
        expected: &ServerName,
        certificate: &Certificate<'_>,
        wildcards: Wildcards,
    ) -> Self {
        let names = certificate.subject_alt_names();
        let all = || names.into_iter().flat_map(|names| names.iter());
        let common_name = certificate.subject().common_name();
        let mut near: Vec<NearMiss> = all()
            .take(SEARCHED)
            .filter_map(|name| near_miss(expected, &name, wildcards))
            .collect();
        // Used only to explain: RFC 9525 2 excludes the commonName from what clients compare.
        if let (ServerName::Dns(host) | ServerName::Absolute(host), Some(common)) =
            (expected, &common_name)
            // Compared with the client's own rule for wildcards, so that the hint does not promise
            // a match that a subjectAltName of that text would not give.
            && dns_matches(host, common, wildcards)
        {
            near.push(NearMiss::OnlyCommonName(common.clone()));
        }
        near.sort();
        Self {
            expected: expected.clone(),
            presented: presented(certificate),
            has_subject_alt_name: names.is_some(),
            common_name,
            near_miss: near.into_iter().next(),
        }
    }

    /// As the facts of a finding.
    pub fn fact(&self) -> CertificateFact {
        if self.has_subject_alt_name {
            CertificateFact::NameMismatch(rule::certificate::NameMismatch {
                expected: self.expected.to_string(),
                presented: self.presented.clone(),
                why: self.near_miss.as_ref().map(ToString::to_string),
            })
        } else {
            CertificateFact::NoSubjectAltName(rule::certificate::NoSubjectAltName {
                common_name: self.common_name.clone(),
            })
        }
    }
}

fn near_miss(
    expected: &ServerName,
    presented: &GeneralName<'_>,
    wildcards: Wildcards,
) -> Option<NearMiss> {
    match (expected, presented) {
        (
            ServerName::Dns(expected) | ServerName::Absolute(expected),
            GeneralName::Dns(presented),
        ) => near_dns(expected, presented, wildcards),
        (ServerName::Ip(address), GeneralName::Dns(presented)) => {
            if presented
                .parse()
                .is_ok_and(|found: core::net::IpAddr| found == *address)
            {
                Some(NearMiss::AddressAsDns((*presented).to_owned()))
            } else {
                Some(NearMiss::OtherKind((*presented).to_owned()))
            }
        }
        (ServerName::Dns(_) | ServerName::Absolute(_), GeneralName::Ip(_)) => presented
            .ip()
            .map(|address| NearMiss::OtherKind(address.to_string())),
        (ServerName::Email(expected), GeneralName::Email(presented)) => expected
            .eq_ignore_ascii_case(presented)
            .then(|| NearMiss::LocalPartCase((*presented).to_owned())),
        _ => None,
    }
}

fn near_dns(expected: &str, presented: &str, wildcards: Wildcards) -> Option<NearMiss> {
    let lower = presented.to_ascii_lowercase();
    let name = || presented.to_owned();
    if let Some(parent) = lower.strip_prefix("*.") {
        let below = expected
            .strip_suffix(parent)
            .and_then(|rest| rest.strip_suffix('.'));
        return if expected == parent {
            Some(NearMiss::WildcardNotForParent(name()))
        } else if below.is_some_and(|labels| labels.contains('.')) {
            Some(NearMiss::WildcardTooShallow(name()))
        } else if below.is_some()
            && wildcards == Wildcards::BelowPublicSuffix
            && is_public_suffix(parent)
        {
            Some(NearMiss::WildcardOverPublicSuffix(name()))
        } else {
            None
        };
    }
    if lower == "*" {
        return Some(NearMiss::WildcardAlone(name()));
    }
    if lower.contains('*') {
        return Some(NearMiss::WildcardMisplaced(name()));
    }
    if lower.strip_suffix('.') == Some(expected) {
        return Some(NearMiss::TrailingDot(name()));
    }
    if expected.strip_prefix("www.") == Some(&lower) || lower.strip_prefix("www.") == Some(expected)
    {
        // `www.` is the name omitted most often, so it is reported before other differences.
        return Some(NearMiss::Www(name()));
    }
    let first = |host: &str| host.split_once('.').map(|(first, _)| first.to_owned());
    (first(expected).or_else(|| Some(expected.to_owned())) == first(&lower))
        .then(|| NearMiss::OtherDomain(name()))
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, why) = match self {
            Self::AddressAsDns(name) => (
                name,
                "is a DNS name, but clients look for addresses in iPAddress only",
            ),
            Self::WildcardTooShallow(name) => (name, "matches one label, not several"),
            Self::WildcardNotForParent(name) => (name, "does not match the domain itself"),
            Self::WildcardAlone(name) => (
                name,
                "is not a domain: a wildcard replaces one label before a domain",
            ),
            Self::WildcardMisplaced(name) => {
                (name, "has a wildcard that is not the whole leftmost label")
            }
            Self::WildcardOverPublicSuffix(name) => (
                name,
                "is a wildcard for a public suffix, which clients refuse",
            ),
            Self::TrailingDot(name) => (name, "ends with a dot"),
            Self::Www(name) => (name, "is another host: www. counts"),
            Self::OnlyCommonName(name) => (name, "is only the commonName, which clients ignore"),
            Self::OtherKind(name) => (name, "is present, but a name never matches an address"),
            Self::OtherDomain(name) => (name, "is in another domain"),
            Self::LocalPartCase(name) => (name, "differs in upper and lower case before the @"),
        };
        write!(f, "`{}` {why}", name.escape_debug())
    }
}
