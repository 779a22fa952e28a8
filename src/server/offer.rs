//! What each server brings into a handshake: its defaults, or what its settings say.

use super::Profile;
use super::settings::Scope;
use crate::cipher::{CipherDialect, CipherList, Ciphers, Effect, SecurityLevel};
use crate::handshake::{DhParameters, Group, ServerKey, ServerOffer};
use crate::protocol::{Version, VersionSet};

/// What a server does in a handshake unless told otherwise.
struct Defaults {
    versions: [Version; 2],
    ciphers: &'static str,
    groups: Option<&'static str>,
    prefers_own_order: bool,
    dh: DhParameters,
    dialect: CipherDialect,
    level: SecurityLevel,
}

/// OpenSSL 3.0 as Debian builds it, with no settings of the program's own.
const OPENSSL: Defaults = Defaults {
    versions: [Version::TLSv1, Version::TLSv1_3],
    ciphers: "DEFAULT",
    groups: None,
    prefers_own_order: false,
    dh: DhParameters::None,
    dialect: CipherDialect::OpenSsl,
    level: SecurityLevel::DEBIAN,
};

/// The defaults of a server by its name, each measured with the versions of
/// Debian 12 (testdata/handshake).
const fn defaults(server: &Profile) -> Defaults {
    match server.name.as_bytes() {
        // ngx_http_ssl_module.c 1.22: TLSv1 to TLSv1.2, and no TLSv1.3.
        b"nginx" => Defaults {
            versions: [Version::TLSv1, Version::TLSv1_2],
            ciphers: "HIGH:!aNULL:!MD5",
            dialect: CipherDialect::Nginx,
            ..OPENSSL
        },
        // mod_ssl: Diffie-Hellman by the size of the key.
        b"apache" => Defaults {
            dh: DhParameters::Automatic,
            dialect: CipherDialect::Apache,
            ..OPENSSL
        },
        // The httpd that Tableau brings, with an OpenSSL that is not Debian's.
        b"tableau" => Defaults {
            dh: DhParameters::Automatic,
            dialect: CipherDialect::Apache,
            level: SecurityLevel::UPSTREAM,
            ..OPENSSL
        },
        b"haproxy" => Defaults {
            versions: [Version::TLSv1_2, Version::TLSv1_3],
            prefers_own_order: true,
            dialect: CipherDialect::HaProxy,
            ..OPENSSL
        },
        // guc.c of 15: one curve, the server's order, Diffie-Hellman built in.
        b"postgres" => Defaults {
            versions: [Version::TLSv1_2, Version::TLSv1_3],
            ciphers: "HIGH:MEDIUM:+3DES:!aNULL",
            groups: Some("prime256v1"),
            prefers_own_order: true,
            dh: DhParameters::Bits(2048),
            dialect: CipherDialect::Postgres,
            ..OPENSSL
        },
        // CPython's ssl module (Modules/_ssl.c, PROTOCOL_TLS_SERVER).
        b"tabpy" => Defaults {
            versions: [Version::TLSv1_2, Version::TLSv1_3],
            ciphers: "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM",
            prefers_own_order: true,
            ..OPENSSL
        },
        _ => OPENSSL,
    }
}

impl Profile {
    /// What the server offers with its defaults and these keys.
    pub fn offer(&self, keys: Vec<ServerKey>) -> ServerOffer {
        let defaults = defaults(self);
        let [oldest, newest] = defaults.versions;
        let ciphers = Ciphers::of(defaults.dialect, defaults.ciphers);
        let versions = VersionSet::between(oldest, newest);
        let mut offer = ServerOffer::new(versions, ciphers.tls12, keys);
        offer.level = ciphers.level.unwrap_or(defaults.level);
        if let Some(groups) = defaults.groups {
            offer.groups = groups.split(':').filter_map(Group::named).collect();
        }
        offer.prefers_own_order = defaults.prefers_own_order;
        offer.dh = defaults.dh;
        self.choices(offer)
    }

    /// What the server offers at a place of its settings, with these keys. Nothing
    /// where a setting that bears on the handshake was not interpreted, or is refused.
    ///
    /// `first` is the place that answers first at its address: nginx takes versions and
    /// groups from there, Apache groups and whose order counts, since OpenSSL looks at
    /// those before it knows the name (measured: testdata/handshake, `sni`).
    pub fn offer_at(&self, scope: &Scope, first: &Scope) -> Option<ServerOffer> {
        let keys = Vec::new();
        let suite_b = scope.ciphers.as_ref().is_some_and(|placed| {
            let words = CipherList::openssl(&placed.value).words;
            words
                .iter()
                .any(|word| matches!(word.effect, Effect::SuiteB(_)))
        });
        if suite_b {
            return None;
        }
        if scope.negotiation.not_interpreted.is_some() || scope.rejects {
            return None;
        }
        if !matches!(self.name, "apache" | "nginx" | "haproxy" | "postgres") {
            return Some(self.offer(keys));
        }
        let of_versions = if self.name == "nginx" { first } else { scope };
        let before_name = matches!(self.name, "nginx" | "apache");
        let of_groups = if before_name { first } else { scope };
        let of_order = if self.name == "apache" { first } else { scope };
        let versions = of_versions.versions(self.dialect)?;
        let mut offer = ServerOffer::new(versions, scope.suites(self.dialect)?, keys);
        offer.suites13 = scope.suites13()?;
        offer.level = scope.security_level();
        offer.groups = of_groups.groups()?;
        offer.schemes = scope.schemes();
        offer.prefers_own_order = of_order.negotiation.prefers_own_order;
        offer.dh = scope.dh_parameters();
        Some(self.choices(offer))
    }

    /// Who chooses among several certificates.
    fn choices(&self, mut offer: ServerOffer) -> ServerOffer {
        offer.chooses_by_name = matches!(self.name, "nginx" | "apache" | "tableau" | "haproxy");
        offer.chooses_by_client = self.name == "haproxy";
        offer
    }

    /// Whether a server that demands a client's certificate ends the handshake of a
    /// client that has none; nginx finishes it and answers 400.
    pub fn demands_in_handshake(&self) -> bool {
        self.name != "nginx"
    }
}
