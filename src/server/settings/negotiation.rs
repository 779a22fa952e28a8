//! A place's settings for the handshake other than versions and the cipher string, and their
//! combined effect.
//!
//! Strings are kept as the server hands them to OpenSSL; the methods of [`Scope`] read them as
//! OpenSSL 3.0 does. [`Negotiation::not_interpreted`] lists what could not be read; a prediction of
//! handshakes is then incomplete.

use super::openssl::Groups;
use super::{NamedPath, Placed, Scope, Settings, Staples, shown};
use crate::cipher::{self, CipherList, SecurityLevel, Suite, tls13_default};
use crate::handshake::{Closes, DhParameters, Group, Scheme, modulus_bits};
use crate::protocol::{Dialect, Environment, Library, ProtocolString, Version, VersionSet};
use crate::server::defaults::Defaults;
use crate::server::startup::StartOutcome;

/// A place's settings for the handshake, except versions and the cipher string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Negotiation {
    /// The list of suites for TLS 1.3; `None`: OpenSSL's default.
    pub suites13: Option<Placed<String>>,
    /// The list of groups; `None`: OpenSSL's default.
    pub groups: Option<Placed<String>>,
    /// The list of signature algorithms; `None`: OpenSSL's default.
    pub schemes: Option<Placed<String>>,
    /// The same for clients' certificates; `None`: the server's own list.
    pub client_schemes: Option<Placed<String>>,
    /// Whether the server's order of suites counts.
    pub prefers_own_order: bool,
    /// The parameters for DHE in TLS 1.2 and older.
    pub dh: Dh,
    /// The oldest version that an OpenSSL command sets (`MinProtocol`); no version: no limit.
    pub oldest: Option<Placed<Option<Version>>>,
    /// The newest version that such a command sets (`MaxProtocol`).
    pub newest: Option<Placed<Option<Version>>>,
    /// The versions that such a command switches on or off (`Protocol`).
    pub switched: Option<Placed<Switched>>,
    /// The security level of the cipher string in `openssl.cnf`.
    pub inherited_level: Option<SecurityLevel>,
    /// The server's default versions on the named system; `None`: Debian 12's.
    pub(crate) default_versions: Option<[Version; 2]>,
    /// Whether its versions count for its own name, though another place is the default.
    pub(crate) protocols_by_name: bool,
    /// The OpenSSL of that system; `None`: 3.0.
    pub(crate) library: Option<Library>,
    /// The cipher string of the server's own setting before a command replaced it; `None` if
    /// no command did.
    pub ciphers_at_load: Option<Option<Placed<String>>>,
    /// Whether it chooses HTTP/2 (ALPN `h2`) for clients that offer it.
    pub http2: bool,
    /// Whether it closes connections that chose HTTP/2 with a suite that RFC 9113 prohibits
    /// (mod_http2's `H2ModernTLSOnly`, which is on by default).
    pub http2_modern_only: bool,
    /// A setting by which clients get no answer.
    pub(crate) closes: Option<Closes>,
    /// The same, if it applies before the server knows the name that a client requests.
    pub(crate) closes_before_name: Option<Closes>,
    /// Whether the server asks for a password with SCRAM, bound to the certificate
    /// (PostgreSQL's pg_hba.conf); `None`: not known.
    pub channel_binding: Option<bool>,
    /// Which OCSP responses it staples.
    pub(crate) staples: Staples,
    /// A setting that affects the handshake and was not interpreted.
    pub not_interpreted: Option<Placed<String>>,
}

/// Versions that are switched one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switched {
    /// On.
    pub on: VersionSet,
    /// Off.
    pub off: VersionSet,
}

/// Where the parameters of finite-field Diffie-Hellman come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dh {
    /// None are set: no DHE suite works in TLS 1.2 and older.
    #[default]
    None,
    /// The server or OpenSSL chooses a size.
    Automatic,
    /// A prime of this many bits, from this file or the server's own.
    Prime {
        /// The size of the prime.
        bits: u32,
        /// The file that a setting names.
        file: Option<NamedPath>,
    },
}

impl Negotiation {
    /// The server's defaults.
    pub(super) fn of(dialect: Dialect) -> Self {
        let defaults = Defaults::of_dialect(dialect);
        Self {
            groups: defaults.groups.map(|list| Placed {
                value: list.to_owned(),
                lines: None,
            }),
            prefers_own_order: defaults.prefers_own_order,
            dh: match defaults.dh {
                DhParameters::None => Dh::None,
                DhParameters::Automatic => Dh::Automatic,
                DhParameters::Bits(bits) => Dh::Prime { bits, file: None },
            },
            ..Self::default()
        }
    }
}

impl Scope {
    /// The versions that the settings leave, whatever the security level; `None` if the
    /// string is refused. `dialect` is the server's own.
    pub fn versions(&self, dialect: Dialect) -> Option<VersionSet> {
        let setting = self.protocols.as_ref();
        let dialect = setting.map_or(dialect, |setting| setting.dialect);
        let mut environment = Environment::default_for(dialect).with_security_level(0);
        if let Some(global) = setting.and_then(|setting| setting.global.as_ref()) {
            environment = environment.with_global(global);
        }
        let own = match setting {
            Some(setting) => {
                let string = ProtocolString::parse(dialect, setting.string.as_str());
                let evaluation = string.evaluate(&environment);
                match dialect {
                    _ if !evaluation.accepted => return None,
                    // What nginx switches off between two versions stays off.
                    Dialect::Nginx => evaluation.configured,
                    _ => evaluation.effective,
                }
            }
            None => {
                let of_system = self.negotiation.default_versions;
                let [oldest, newest] = of_system.unwrap_or(Defaults::of_dialect(dialect).versions);
                VersionSet::between(oldest, newest)
            }
        };
        let negotiation = &self.negotiation;
        let limit =
            |placed: &Option<Placed<Option<Version>>>| placed.as_ref().map(|placed| placed.value);
        let (least, most) = (limit(&negotiation.oldest), limit(&negotiation.newest));
        // httpd sets a lowest and a highest version, which an OpenSSL command can move, and
        // switches off gaps between them. nginx only switches versions off (SSL_OP_NO_…); a
        // limit by a command applies in addition.
        let limits = dialect == Dialect::Apache;
        let oldest = least.unwrap_or(own.oldest().filter(|_| limits));
        let newest = most.unwrap_or(own.newest().filter(|_| limits));
        let is_gap = |version: &Version| {
            let inside = own.oldest().is_some_and(|oldest| oldest < *version)
                && own.newest().is_some_and(|newest| newest > *version);
            inside && !own.contains(*version)
        };
        let switched = negotiation.switched.as_ref().map(|switched| switched.value);
        let switched = switched.unwrap_or_default();
        let usable = environment.built_in();
        let speaks = |version: &Version| {
            let within = oldest.is_none_or(|oldest| *version >= oldest)
                && newest.is_none_or(|newest| *version <= newest);
            let enabled = if limits {
                !is_gap(version)
            } else {
                own.contains(*version)
            };
            within
                && usable.contains(*version)
                && (enabled || switched.on.contains(*version))
                && !switched.off.contains(*version)
        };
        Some(Version::ALL.into_iter().filter(speaks).collect())
    }

    /// The security level: that of the cipher string, otherwise of the cipher string that a
    /// command replaced, otherwise of `openssl.cnf`, otherwise Debian's 2.
    pub fn security_level(&self) -> SecurityLevel {
        let stated = |placed: &Placed<String>| CipherList::openssl(&placed.value).level;
        let replaced = self.negotiation.ciphers_at_load.as_ref();
        let replaced = replaced.and_then(Option::as_ref);
        self.ciphers
            .as_ref()
            .and_then(stated)
            .or_else(|| replaced.and_then(stated))
            .or(self.negotiation.inherited_level)
            .unwrap_or(SecurityLevel::DEBIAN)
    }

    /// The suites for TLS 1.2 and older, in order, before any security level; `None` if
    /// OpenSSL refuses the string. `dialect` is the server's own: without a setting, its
    /// default applies.
    pub fn suites(&self, dialect: Dialect) -> Option<Vec<&'static Suite>> {
        let default = Defaults::of_dialect(dialect).ciphers;
        let placed = self.ciphers.as_ref();
        let string = placed.map_or(default, |placed| placed.value.as_str());
        let list = CipherList::openssl(string);
        list.refused.is_none().then_some(list.suites)
    }

    /// The suites for TLS 1.3, in order; `None` if OpenSSL refuses the list.
    pub fn suites13(&self) -> Option<Vec<&'static Suite>> {
        match &self.negotiation.suites13 {
            Some(placed) => cipher::tls13(&placed.value).ok(),
            None => Some(tls13_default()),
        }
    }

    /// The groups, in order, without those that no client offers (binary curves);
    /// `None` if OpenSSL refuses the list.
    pub fn groups(&self) -> Option<Vec<Group>> {
        match &self.negotiation.groups {
            Some(placed) => match super::openssl::groups(&placed.value) {
                Groups::Refused(_) => None,
                _ => Some(placed.value.split(':').filter_map(Group::named).collect()),
            },
            None => Some(Group::OPENSSL_DEFAULT.to_vec()),
        }
    }

    /// The signature schemes, where the settings name them.
    pub fn schemes(&self) -> Option<Vec<Scheme>> {
        super::openssl::schemes(&self.negotiation.schemes.as_ref()?.value)
    }

    /// The signature schemes of clients, where the settings name them.
    pub fn client_schemes(&self) -> Option<Vec<Scheme>> {
        super::openssl::schemes(&self.negotiation.client_schemes.as_ref()?.value)
    }

    /// The parameters for DHE, in the handshake's terms.
    pub fn dh_parameters(&self) -> DhParameters {
        match self.negotiation.dh {
            Dh::None => DhParameters::None,
            Dh::Automatic => DhParameters::Automatic,
            Dh::Prime { bits, .. } => DhParameters::Bits(bits),
        }
    }
}

impl Settings {
    /// Notes what OpenSSL commands and the server's own settings break together: a prime that
    /// is too short, no version left. The place `decides` on versions unless another one
    /// answers first at all of its addresses.
    pub(super) fn check_negotiation(
        &mut self,
        scope: &Scope,
        dialect: Dialect,
        noticed: &str,
        decides: bool,
    ) {
        if !scope.tls {
            return;
        }
        let negotiation = &scope.negotiation;
        if let Dh::Prime {
            bits,
            file: Some(file),
        } = &negotiation.dh
        {
            // PostgreSQL reads the parameters before the cipher string, nginx and httpd before
            // any command.
            let level = match (dialect, &negotiation.ciphers_at_load) {
                (Dialect::Postgres, _) => SecurityLevel::DEBIAN,
                (_, Some(before)) => before
                    .as_ref()
                    .and_then(|placed| CipherList::openssl(&placed.value).level)
                    .or(negotiation.inherited_level)
                    .unwrap_or(SecurityLevel::DEBIAN),
                (_, None) => scope.security_level(),
            };
            // No fewer than 80 bits at any level (`ssl_security_default_callback`).
            if modulus_bits(*bits) < level.bits().max(80) {
                let line = file.lines.map_or(1, |lines| lines.first);
                let message = format!("dh key too small: {} has {bits} bits", shown(&file.path));
                self.refuse_at(file.setting, &message, noticed, line);
            }
        }
        let lines =
            |placed: &Option<Placed<Option<Version>>>| placed.as_ref().map(|placed| placed.lines);
        let limited = lines(&negotiation.oldest)
            .or_else(|| lines(&negotiation.newest))
            .or_else(|| negotiation.switched.as_ref().map(|switched| switched.lines));
        let Some(lines) = limited.filter(|_| decides) else {
            return;
        };
        let line = lines.map_or(1, |lines| lines.first);
        match scope.versions(dialect) {
            Some(versions) if versions.is_empty() => {
                let message = "no protocol version is left: every handshake fails";
                self.refuse_at(
                    "SSL_CONF_cmd",
                    message,
                    StartOutcome::HandshakeFails.noticed(),
                    line,
                );
            }
            Some(versions) if versions.intersection(VersionSet::MODERN).is_empty() => {
                let reason = "neither TLSv1.2 nor TLSv1.3 is left";
                self.negotiated("SSL_CONF_cmd", reason, line);
            }
            _ => {}
        }
    }
}
