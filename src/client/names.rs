//! How a client compares the server's name with the names of a certificate.

mod compare;

pub(super) use compare::refusal;

use super::reads::Family;

/// When the subject's commonName is read as a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommonName {
    /// Never (RFC 9525 2).
    Never,
    /// If no subjectAltName is a dNSName.
    WithoutDnsNames,
    /// If no subjectAltName is a dNSName or an iPAddress.
    WithoutNames,
    /// If no subjectAltName is a dNSName, an iPAddress or a URI.
    WithoutNamesOrUris,
}

/// Which commonName is read if a subject has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Several {
    Any,
    First,
    Last,
    /// None of them: there must be exactly one.
    Refused,
}

/// Which first labels with something next to the `*` match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Partial {
    None,
    Any,
    /// Not with something on both sides (OpenSSL's `valid_star`).
    OneSide,
    /// Nothing after it (NSS's `cert_TestHostName`).
    Before,
    /// Nothing before it (GnuTLS's `_gnutls_hostname_compare`).
    Behind,
}

/// What happens to a final dot of the host that the client connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostDot {
    /// It is cut off.
    Cut,
    /// It is compared like any other character.
    Kept,
    /// It is cut off, and the whole name is tried too (crypto/x509/verify.go, `matchExactly`).
    Both,
}

/// What happens to a host with a label that begins or ends with a hyphen, which RFC 1123
/// 2.1 forbids (measured, except rustls: pki-types 1.15, `DnsName::try_from`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EdgeHyphens {
    /// It is compared like any other.
    Compared,
    /// No `*` matches if a hyphen begins a label (Go's `validHostname`).
    NoStar,
    /// The host is refused.
    Refused,
}

/// How a client compares names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameRules {
    pub(super) common_name: CommonName,
    pub(super) several: Several,
    pub(super) host_dot: HostDot,
    /// A host that `inet_aton` accepts is an address, such as `127.1` (`true`: hexadecimal
    /// and octal numbers too).
    pub(super) numbers: Option<bool>,
    /// `::ffff:192.0.2.1` in the certificate is `192.0.2.1`.
    pub(super) mapped: bool,
    /// An iPAddress counts.
    pub(super) addresses: bool,
    /// An address as text in the commonName counts if no name is a host's.
    pub(super) common_address: bool,
    /// An address as text in a dNSName counts.
    pub(super) dns_address: bool,
    /// String types of a commonName that is not read.
    pub(super) unread_types: &'static [u8],
    /// A subjectAltName with a name that this family cannot read counts for nothing.
    pub(super) whole: Option<Family>,
    /// An iPAddress of neither 4 nor 16 bytes ends the search (libpq: "certificate
    /// contains IP address with invalid length").
    pub(super) ends_at_odd_address: bool,
    /// `localhost.` in the certificate matches `localhost`.
    pub(super) final_dot: bool,
    /// Labels that a `*` must have after it: `*.com` has one.
    pub(super) labels: usize,
    /// `web*.example.com` matches.
    pub(super) partial: Partial,
    /// No `*` directly above a public suffix.
    pub(super) public_suffix: bool,
    /// The labels that a `*` matches, and those after it, have only letters, digits and hyphens
    /// (OpenSSL's `wildcard_match`, `valid_star`): `my_server` is not matched by one.
    pub(super) plain_star: bool,
    /// `*` may be in any label (Java's HostnameChecker.matchAllWildcards).
    pub(super) every_label: bool,
    /// A host with characters other than letters, digits and hyphens is refused
    /// (Java makes an IDN of it, and fails).
    pub(super) plain_host: bool,
    /// A host with a hyphen where a label begins or ends.
    pub(super) edge_hyphens: EdgeHyphens,
}

impl NameRules {
    /// RFC 9525: only subjectAltNames, `*` for a whole label.
    pub(super) const MODERN: Self = Self {
        common_name: CommonName::Never,
        several: Several::Last,
        host_dot: HostDot::Cut,
        numbers: None,
        mapped: false,
        addresses: true,
        common_address: false,
        dns_address: false,
        unread_types: &[],
        whole: None,
        ends_at_odd_address: false,
        final_dot: false,
        labels: 1,
        partial: Partial::None,
        public_suffix: false,
        plain_star: false,
        every_label: false,
        plain_host: false,
        edge_hyphens: EdgeHyphens::Compared,
    };
}
