//! The names for which each place of the settings sends its certificate, and the clients that reach
//! a place without names.

use super::Preflight;
use crate::finding::{Code, Severity};
use crate::rule::Finding;
use crate::server::settings::{Answering, Scope, Settings, Shown};
use crate::server_name::ServerName;

/// Which clients reach a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Audience {
    /// Clients that ask for its names; all clients, if that is not known.
    #[default]
    Named,
    /// Clients that ask for no name, or for a name that no place has.
    Others,
    /// No client: other places answer to all of its names.
    NoClient,
    /// No client: none reaches its addresses.
    Unreached,
}

/// The names that a place answers to, and its clients.
#[derive(Debug, Default)]
pub(super) struct PlaceNames {
    /// The names that its certificate must cover.
    pub(super) hosts: Vec<ServerName>,
    /// Names that reach it only at its own address.
    pub(super) beside: Vec<ServerName>,
    pub(super) audience: Audience,
}

/// The same for all places.
#[derive(Debug)]
pub(super) struct Audiences {
    pub(super) places: Vec<PlaceNames>,
    /// What is unknown.
    pub(super) open: Vec<String>,
}

impl Audiences {
    /// Clients that ask for these names, and no others.
    pub(super) fn of(hosts: Vec<Vec<ServerName>>) -> Self {
        Self {
            places: hosts.into_iter().map(PlaceNames::of).collect(),
            open: Vec::new(),
        }
    }
}

/// What ends a client's handshake but does not keep the server from starting.
const OF_CLIENTS: &[Code] = &[
    Code::CertificateExpired,
    Code::CertificateNotYetValid,
    Code::CertificateNameMismatch,
    Code::CertificateNoSubjectAltName,
    Code::CertificateCaAsServer,
    Code::CertificatePurpose,
    Code::CertificateKeyUsage,
    Code::CertificateHostName,
    Code::CertificateLifetime,
    Code::ChainMissingIntermediate,
    Code::ChainWrongOrder,
    Code::ChainExpired,
    Code::ChainUntrustedRoot,
    Code::ChainSelfSigned,
    Code::ChainPathLength,
    Code::ChainNameConstraints,
    Code::ChainNotACa,
    Code::ChainRevoked,
    Code::ChainNoPath,
    Code::ChainClientRefuses,
    Code::HandshakeNoAgreement,
];

impl Audience {
    /// The severity of a finding for the clients that reach the place.
    pub(super) fn weigh(self, finding: Finding) -> Finding {
        let of_clients = OF_CLIENTS.contains(&finding.code());
        match self {
            Self::Named => finding,
            // A certificate that no client receives must still load. Only findings that affect
            // clients become warnings.
            _ if !of_clients || finding.severity != Severity::Error => finding,
            Self::Others => finding.with_severity(Severity::Warning).because(
                "only clients that ask for no name, or for one that no other host has, get this \
                 certificate",
            ),
            Self::Unreached => finding
                .with_severity(Severity::Notice)
                .because("no client gets this certificate: none reaches this host"),
            Self::NoClient => finding
                .with_severity(Severity::Notice)
                .because("no client gets this certificate: other hosts answer to its names first"),
        }
    }
}

impl Preflight {
    /// Which names are checked against the certificate of which place: a name that
    /// was given belongs to the place that answers to it, otherwise to the first one
    /// that speaks TLS (Apache's and nginx's default); without any, every place has the names in
    /// the settings that it answers to. Also returns the names for which this is unknown.
    pub(super) fn asked_by_scope(&self, settings: &Settings) -> Audiences {
        let scopes = &settings.scopes;
        let plain: Vec<_> = scopes.iter().map(plain_names).collect();
        let shown = settings.shown(&plain);
        if self.hosts.is_empty() {
            return match shown {
                Some(shown) => of_the_settings(settings, shown),
                None => Audiences::of(plain),
            };
        }
        let mut places: Vec<_> = scopes.iter().map(|_| PlaceNames::default()).collect();
        let mut open = Vec::new();
        let by_setting = scopes
            .iter()
            .position(|scope| scope.tls && scope.is_default);
        // Without `default_server` the first place that speaks TLS answers to names that no place
        // has.
        let meets = |scope: &Scope| scope.tls && !scope.is_unreachable;
        let default = by_setting.or_else(|| scopes.iter().position(meets));
        for host in &self.hosts {
            let shown = shown.iter().flatten().enumerate();
            let mut by_address = Vec::new();
            for (place, shown) in shown {
                if shown.names.contains(host) {
                    by_address.push(place);
                }
                if shown.beside.contains(host) {
                    open.extend(
                        scopes
                            .get(place)
                            .map(|scope| elsewhere(settings, scope, host)),
                    );
                }
            }
            // By name only if no address settled it: a place's own address comes before every name.
            if by_address.is_empty() {
                by_address.extend(match settings.answering(host) {
                    Answering::Place(place) => {
                        let within = settings.within(place);
                        open.extend(within.map(|scope| elsewhere(settings, scope, host)));
                        Some(place)
                    }
                    Answering::NoPlace => default,
                    Answering::Open => {
                        open.push(format!(
                            "certcheck did not judge whether a regular expression of `server_name` matches {host}"
                        ));
                        None
                    }
                });
            }
            // Clients ask for no name where the host is an address (RFC 6066 section 3).
            if matches!(host, ServerName::Ip(_)) && matches!(settings.server, "nginx" | "apache") {
                let first = |place: &usize| {
                    let own = scopes.get(*place)?;
                    let first = settings.first_at(own);
                    let at = scopes.iter().position(|scope| std::ptr::eq(scope, first));
                    at.or(Some(*place))
                };
                by_address = by_address.iter().filter_map(first).collect();
                by_address.dedup();
            }
            for place in by_address {
                if let Some(asked) = places.get_mut(place) {
                    asked.hosts.push(host.clone());
                }
            }
        }
        Audiences { places, open }
    }
}

impl PlaceNames {
    fn of(hosts: Vec<ServerName>) -> Self {
        Self {
            hosts,
            ..Self::default()
        }
    }
}

/// What the names in the settings ask of each place.
fn of_the_settings(settings: &Settings, shown: Vec<Shown>) -> Audiences {
    let scopes = &settings.scopes;
    let mut open = Vec::new();
    for (scope, shown) in scopes.iter().zip(&shown) {
        open.extend(
            shown
                .beside
                .iter()
                .map(|name| elsewhere(settings, scope, name)),
        );
    }
    let named: Vec<&Scope> = scopes
        .iter()
        .zip(&shown)
        .filter(|(scope, shown)| scope.tls && !shown.names.is_empty())
        .map(|(scope, _)| scope)
        .collect();
    let audience = |scope: &Scope, shown: &Shown| {
        let by_pattern = scope.hosts.iter().any(|host| is_pattern(&host.value));
        // Places with the same certificate have the same faults.
        let same = |other: &&Scope| {
            let paths = other.certificates.iter().map(|file| &file.path);
            paths.eq(scope.certificates.iter().map(|file| &file.path))
        };
        let known = !shown.names.is_empty() || !shown.beside.is_empty();
        if known || by_pattern || named.iter().any(same) {
            Audience::Named
        } else if !shown.first && !shown.lost.is_empty() {
            Audience::NoClient
        } else if named.iter().any(|other| other.shares_an_address(scope)) {
            Audience::Others
        } else {
            Audience::Named
        }
    };
    let standings: Vec<_> = scopes
        .iter()
        .zip(&shown)
        .map(|(scope, shown)| audience(scope, shown))
        .collect();
    let places = shown.into_iter().zip(standings);
    Audiences {
        places: places
            .map(|(shown, audience)| PlaceNames {
                hosts: shown.names,
                beside: shown.beside,
                audience,
            })
            .collect(),
        open,
    }
}

/// Why certcheck does not know which certificate clients get for a name.
fn elsewhere(settings: &Settings, scope: &Scope, name: &ServerName) -> String {
    let place = scope.lines.map(|lines| settings.place(lines));
    let line = place.map_or(1, |place| place.lines.first);
    let file = place.and_then(|place| place.file);
    let file = file.map_or_else(String::new, |file| format!(" of {file}"));
    let name_of = &scope.name;
    format!(
        "{name_of} in line {line}{file} has its own address, where it answers to {name} with another certificate: certcheck does not know which address clients use"
    )
}

/// Whether a name means several that clients may ask for.
fn is_pattern(name: &str) -> bool {
    name.starts_with(['.', '~']) || name.contains(['*', '?', '$'])
}

/// The names of a place to which a certificate can be compared: not nginx's
/// `_`, patterns and regular expressions.
pub(super) fn plain_names(scope: &Scope) -> Vec<ServerName> {
    let mut names: Vec<ServerName> = Vec::new();
    for host in &scope.hosts {
        // A name without a dot is not a public host name, and an underscore is nginx's way to write
        // "no name".
        let plain = host.value.contains('.')
            && !host.value.starts_with(['.', '~'])
            && !host.value.contains(['*', '$', '_']);
        if let Some(name) = host.value.parse().ok().filter(|_| plain)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}
