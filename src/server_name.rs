//! Does a certificate cover the name that clients will use? (RFC 9525)

mod near_miss;
mod public_suffix;

pub(crate) use near_miss::presented;
pub use near_miss::{NameMismatch, NearMiss};
pub use public_suffix::is_public_suffix;

use crate::model::{Certificate, GeneralName};
use core::net::IpAddr;
use std::fmt;
use std::str::FromStr;

/// A name that a client expects: a host's, an address, an e-mail address.
///
/// ```
/// use certcheck::server_name::ServerName;
/// assert_eq!("Tableau.Example.com".parse(), Ok(ServerName::Dns("tableau.example.com".into())));
/// assert_eq!("a.example.com.".parse(), Ok(ServerName::Absolute("a.example.com".into())));
/// assert!(matches!("192.0.2.1".parse(), Ok(ServerName::Ip(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServerName {
    /// A DNS name, in lower case, without the final dot.
    Dns(String),
    /// A DNS name that was given with a final dot, which is omitted here: the same host to the
    /// resolver (RFC 1034 3.1), but another name to some clients.
    Absolute(String),
    /// An IP address.
    Ip(IpAddr),
    /// An e-mail address.
    Email(String),
}

/// Why a text is not a name to expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName {
    name: String,
    reason: &'static str,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a name: {}",
            self.name.escape_debug(),
            self.reason
        )
    }
}

impl std::error::Error for InvalidName {}

impl FromStr for ServerName {
    type Err = InvalidName;

    /// An address (with or without the brackets of a URL), an e-mail address
    /// if there is an `@`, otherwise a DNS name.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let invalid = |reason| InvalidName {
            name: text.to_owned(),
            reason,
        };
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        // Before the host name: `192.0.2.1` is made of legal labels as well.
        if let Ok(address) = bare.unwrap_or(text).parse() {
            return Ok(Self::Ip(address));
        }
        // certcheck has no IDNA tables, and a guess at a conversion could name another host.
        if !text.is_ascii() {
            return Err(invalid("write an international name in its xn-- form"));
        }
        if let Some((local, host)) = text.rsplit_once('@') {
            // The last `@` divides: a quoted local part may hold others (RFC 5322 3.4.1).
            return if local.is_empty() || !is_host(&host.to_ascii_lowercase()) {
                Err(invalid("an e-mail address is local@host"))
            } else {
                Ok(Self::Email(text.to_owned()))
            };
        }
        let dotless = text.strip_suffix('.');
        let name = dotless.unwrap_or(text).to_ascii_lowercase();
        if is_host(&name) {
            Ok(match dotless {
                Some(_) => Self::Absolute(name),
                None => Self::Dns(name),
            })
        } else {
            Err(invalid(
                "a host name is labels of letters, digits, - and _, with dots between",
            ))
        }
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) | Self::Absolute(name) | Self::Email(name) => f.write_str(name),
            Self::Ip(address) => write!(f, "{address}"),
        }
    }
}

/// Labels of at most 63 characters, 253 together (RFC 1034 3.1); `_`, and `-` at a
/// label's end, are not allowed in a host name (RFC 1123 2.1), but most clients compare them.
fn is_host(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// Which domains a wildcard may cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wildcards {
    /// Any domain: RFC 9525 draws no line.
    Anywhere,
    /// Not a public suffix such as `co.uk` (Baseline Requirements 3.2.2.6).
    BelowPublicSuffix,
}

impl ServerName {
    /// Whether one of the certificate's subjectAltNames is this name. The
    /// subject's commonName is never read (RFC 9525 2).
    ///
    /// # Errors
    /// The certificate's names, and why a similar one does not match.
    pub fn check(
        &self,
        certificate: &Certificate<'_>,
        wildcards: Wildcards,
    ) -> Result<(), NameMismatch> {
        let names = certificate.subject_alt_names().into_iter();
        if names
            .flat_map(|names| names.iter())
            .any(|name| self.is_named_by(&name, wildcards))
        {
            Ok(())
        } else {
            Err(NameMismatch::explain(self, certificate, wildcards))
        }
    }

    fn is_named_by(&self, presented: &GeneralName<'_>, wildcards: Wildcards) -> bool {
        match (self, presented) {
            (Self::Dns(expected) | Self::Absolute(expected), GeneralName::Dns(presented)) => {
                dns_matches(expected, presented, wildcards)
            }
            (Self::Ip(expected), GeneralName::Ip(_)) => presented.ip() == Some(*expected),
            (Self::Email(expected), GeneralName::Email(presented)) => {
                email_matches(expected, presented)
            }
            _ => false,
        }
    }
}

/// `expected` is in lower case and has no final dot.
fn dns_matches(expected: &str, presented: &str, wildcards: Wildcards) -> bool {
    if let Some(parent) = presented.strip_prefix("*.") {
        return !parent.is_empty()
            && !parent.contains('*')
            && (wildcards == Wildcards::Anywhere || !is_public_suffix(parent))
            && expected
                .split_once('.')
                .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent));
    }
    // A `*` elsewhere is an ordinary character, which no host name has.
    presented.eq_ignore_ascii_case(expected)
}

/// The local part is compared exactly, the host without case (RFC 5280 7.5).
fn email_matches(expected: &str, presented: &str) -> bool {
    match (expected.rsplit_once('@'), presented.rsplit_once('@')) {
        (Some((local, host)), Some((presented_local, presented_host))) => {
            // Only the receiving host knows whether case matters in the local part (RFC 5321 2.4).
            local == presented_local && host.eq_ignore_ascii_case(presented_host)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_whole_leftmost_label() {
        for (expected, presented, matches) in [
            ("a.example.com", "*.example.com", true),
            ("a.example.com", "*.EXAMPLE.com", true),
            ("example.com", "*.example.com", false),
            ("a.b.example.com", "*.example.com", false),
            ("a.b.example.com", "a.*.example.com", false),
            ("baz.example.com", "ba*.example.com", false),
            ("a.example.com", "*.*.com", false),
            ("com", "*", false),
            ("example.com", "*", false),
            ("example.com", "*.com", true),
            ("example.com", "example.com.", false),
            ("example.com", "Example.Com", true),
            ("x", "*.", false),
        ] {
            let found = dns_matches(expected, presented, Wildcards::Anywhere);
            assert_eq!(found, matches, "{expected} and {presented}");
        }
    }

    #[test]
    fn no_wildcard_over_a_public_suffix() {
        let below = Wildcards::BelowPublicSuffix;
        assert!(!dns_matches("example.com", "*.com", below));
        assert!(!dns_matches("example.co.uk", "*.co.uk", below));
        assert!(!dns_matches("host.corp", "*.corp", below));
        assert!(dns_matches(
            "b.s3.amazonaws.com",
            "*.s3.amazonaws.com",
            below
        ));
        assert!(dns_matches("a.example.co.uk", "*.example.co.uk", below));
    }

    #[test]
    fn addresses_are_compared_with_case_in_the_local_part_alone() {
        assert!(email_matches("Me@Example.com", "Me@eXAMPLE.com"));
        assert!(!email_matches("Me@example.com", "me@example.com"));
        assert!(!email_matches("*@example.com", "me@example.com"));
    }

    #[test]
    fn texts_become_names() {
        assert_eq!(
            "[2001:DB8::1]".parse(),
            Ok(ServerName::Ip("2001:db8::1".parse().unwrap()))
        );
        assert_eq!("a@b.c".parse(), Ok(ServerName::Email("a@b.c".into())));
        // Not a host name by RFC 1123, but clients compare it.
        for odd in ["-a.b", "a-.b", "a.b-", "a_b.c"] {
            assert_eq!(odd.parse(), Ok(ServerName::Dns(odd.into())));
        }
        for wrong in ["", ".", "a..b", "a b", "@x", "bücher.example", "a/b"] {
            assert!(wrong.parse::<ServerName>().is_err(), "{wrong}");
        }
    }
}
