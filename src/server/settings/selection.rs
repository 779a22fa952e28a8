//! What a line of HAProxy's crt-list says about its certificate.

use super::{ClientAuth, Dialect, NamedPath, Placed, ProtocolSetting, Scope};
use crate::protocol::Version;

/// The names for which one certificate is sent, and its own settings. Without a
/// crt-list it is empty: the names are the certificate's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// The names after it, which replace the certificate's own; `!name` excludes one from a
    /// pattern.
    pub names: Option<Vec<String>>,
    /// Its own `ssl-min-ver`.
    pub oldest: Option<String>,
    /// Its own `ssl-max-ver`.
    pub newest: Option<String>,
    /// The file of the certificates after it, if it has its own
    /// (`issuers-chain-path`).
    pub chain: Option<NamedPath>,
    /// Its own `ciphers`.
    pub ciphers: Option<Placed<String>>,
    /// Its own `ciphersuites`.
    pub suites13: Option<Placed<String>>,
    /// Its own `verify`.
    pub client_auth: Option<Placed<ClientAuth>>,
    /// The files of its own `ca-file`, which replace those of the `bind` line.
    pub ca: Option<Vec<NamedPath>>,
    /// Whether it has its own CA that is in no file of `ca`.
    pub ca_elsewhere: bool,
}

impl Selection {
    /// Whether a handshake with this certificate differs from the line's other handshakes.
    pub(crate) fn has_settings(&self) -> bool {
        self.has_versions() || self.changes() != Self::default()
    }

    /// Its changes, regardless of the name that selects it.
    fn changes(&self) -> Self {
        Self {
            names: None,
            oldest: None,
            newest: None,
            chain: None,
            ..self.clone()
        }
    }

    /// Whether both change the same.
    pub(crate) fn changes_as(&self, other: &Self) -> bool {
        self.changes() == other.changes()
    }

    /// Whether both change the same, and have the same versions.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.changes_as(other) && self.oldest == other.oldest && self.newest == other.newest
    }

    /// Whether both say the same about clients' certificates.
    pub(crate) fn asks_as(&self, other: &Self) -> bool {
        self.client_auth == other.client_auth
            && self.ca == other.ca
            && self.ca_elsewhere == other.ca_elsewhere
    }

    /// Whether it names the CAs that it trusts.
    pub(crate) fn trusts(&self) -> bool {
        self.ca.is_some() || self.ca_elsewhere
    }

    /// Changes the place to its state when this certificate is sent (measured: HAProxy 2.6.12).
    pub(crate) fn apply(&self, scope: &mut Scope) {
        if self.ciphers.is_some() {
            scope.ciphers.clone_from(&self.ciphers);
        }
        if self.suites13.is_some() {
            scope.negotiation.suites13.clone_from(&self.suites13);
        }
        // Each keyword replaces the bind line's own; what the crt-list leaves out stays
        // (`ssl_sock_load_cert_list_file`).
        if self.client_auth.is_some() {
            scope.client_auth.clone_from(&self.client_auth);
        }
        if self.trusts() {
            scope.ca = self.ca.clone().unwrap_or_default();
            scope.ca_elsewhere = self.ca_elsewhere;
        }
    }

    /// Whether it has its own versions.
    pub(crate) fn has_versions(&self) -> bool {
        self.oldest.is_some() || self.newest.is_some()
    }
}

impl Scope {
    /// Whether all certificates have the same chain, or none of them has one.
    pub(crate) fn shares_a_chain(&self) -> bool {
        let mut chains = self
            .selections
            .iter()
            .map(|selection| selection.chain.as_ref());
        let first = chains.next();
        chains.all(|chain| Some(chain) == first)
    }

    /// The chain of all certificates, if they share one.
    pub(crate) fn one_chain(&self) -> Option<NamedPath> {
        let first = self.selections.first()?.chain.clone();
        first.filter(|_| self.shares_a_chain())
    }

    /// The same place with some of its certificates, by their number.
    pub(crate) fn with_certificates(&self, places: &[usize]) -> Self {
        fn some<T: Clone>(all: &[T], places: &[usize]) -> Vec<T> {
            let each = places.iter().filter_map(|place| all.get(*place));
            each.cloned().collect()
        }
        let certificates = some(&self.certificates, places);
        let inside = self.keys_inside.iter();
        let own = |path: &&String| {
            certificates
                .iter()
                .any(|certificate| certificate.path == **path)
        };
        let mut part = Self {
            ignored_names: self.ignored_names.clone(),
            inherited_names: self.inherited_names.clone(),
            is_unreachable: self.is_unreachable,
            keys: some(&self.keys, places),
            selections: some(&self.selections, places),
            keys_inside: inside.filter(own).cloned().collect(),
            certificates,
            name: self.name.clone(),
            lines: self.lines,
            tls: self.tls,
            loads_without_tls: self.loads_without_tls,
            ports: self.ports.clone(),
            hosts: self.hosts.clone(),
            chain: None,
            ca: self.ca.clone(),
            passwords: self.passwords.clone(),
            protocols: self.protocols.clone(),
            client_auth: self.client_auth.clone(),
            client_checks: self.client_checks.clone(),
            passphrase: self.passphrase.clone(),
            passphrases: self.passphrases.clone(),
            ciphers: self.ciphers.clone(),
            negotiation: self.negotiation.clone(),
            at: self.at.clone(),
            bound: self.bound.clone(),
            spots: self.spots.clone(),
            is_default: self.is_default,
            rejects: self.rejects,
            without_extension: self.without_extension,
            by_name: false,
            strict: self.strict,
            ca_elsewhere: self.ca_elsewhere,
            key_first: self.key_first,
            proxied: self.proxied,
            certificate_optional: self.certificate_optional,
            written: self.written.clone(),
            handed: std::sync::Arc::clone(&self.handed),
        };
        // Certificates of one part may have different chains (issuers-chain-path); then the part has
        // no single chain, and each certificate keeps its own.
        part.chain = part.one_chain();
        part
    }

    /// The versions for a certificate's names: its own, otherwise those that the `bind` line
    /// leaves, even if that says `no-tlsv12` (measured: 2.6.12). `None` if none
    /// is left.
    pub(crate) fn versions_for(&self, own: &Selection) -> Option<ProtocolSetting> {
        let all = self.versions(Dialect::HaProxy)?;
        let word = |own: &Option<String>, of_line: Option<Version>| match (own, of_line?) {
            (Some(own), _) => Some(own.clone()),
            (None, Version::TLSv1) => Some("TLSv1.0".to_owned()),
            (None, version) => Some(version.as_str().to_owned()),
        };
        let oldest = word(&own.oldest, all.oldest())?;
        let newest = word(&own.newest, all.newest())?;
        let setting = ProtocolSetting {
            dialect: Dialect::HaProxy,
            string: format!("ssl-min-ver {oldest} ssl-max-ver {newest}"),
            global: None,
            lines: self.lines,
        };
        let with = Self {
            protocols: Some(setting.clone()),
            negotiation: self.negotiation.clone(),
            ..Self::default()
        };
        with.versions(Dialect::HaProxy)?.oldest().map(|_| setting)
    }
}
