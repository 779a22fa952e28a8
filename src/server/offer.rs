//! What each server brings into a handshake: its defaults, or what its settings say.

use super::Profile;
use super::defaults::Defaults;
use super::settings::Scope;
use crate::cipher::{CipherList, Effect, SecurityLevel};
use crate::handshake::{Group, ServerKey, ServerOffer};
use crate::protocol::VersionSet;

impl Profile {
    /// What the server offers with its defaults and these keys.
    pub fn offer(&self, keys: Vec<ServerKey>) -> ServerOffer {
        let defaults = Defaults::of(self);
        let [oldest, newest] = defaults.versions;
        let ciphers = CipherList::openssl(defaults.ciphers);
        let versions = VersionSet::between(oldest, newest);
        let mut offer = ServerOffer::new(versions, ciphers.suites, keys);
        offer.level = ciphers.level.unwrap_or(defaults.level);
        if let Some(groups) = defaults.groups {
            offer.groups = groups.split(':').filter_map(Group::named).collect();
        }
        offer.prefers_own_order = defaults.prefers_own_order;
        offer.dh = defaults.dh;
        self.choices(offer)
    }

    /// What the server offers at a place of its settings, without its keys. Nothing
    /// where a setting that bears on the handshake was not interpreted, or is refused.
    ///
    /// `first` is the place that answers first at its address: nginx takes versions and
    /// groups from there, Apache groups and whose order counts, since OpenSSL looks at
    /// those before it knows the name (measured: testdata/handshake, `sni`).
    pub fn offer_at(&self, scope: &Scope, first: &Scope) -> Option<ServerOffer> {
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
        if !self.sets_openssl() {
            return Some(self.offer(Vec::new()));
        }
        // httpd moves a connection to the versions of the named host only where those are
        // its own or the main server's (ssl_engine_kernel.c, `ssl_find_vhost`).
        let of_first = self.name == "nginx" || (self.name == "apache" && scope.protocols.is_none());
        let of_versions = if of_first { first } else { scope };
        let before_name = matches!(self.name, "nginx" | "apache");
        let of_groups = if before_name { first } else { scope };
        let of_order = if self.name == "apache" { first } else { scope };
        let versions = of_versions.versions(self.dialect)?;
        let mut offer = ServerOffer::new(versions, scope.suites(self.dialect)?, Vec::new());
        offer.suites13 = scope.suites13()?;
        offer.level = scope.security_level();
        offer.groups = of_groups.groups()?;
        offer.schemes = scope.schemes();
        offer.prefers_own_order = of_order.negotiation.prefers_own_order;
        offer.dh = scope.dh_parameters();
        Some(self.choices(offer))
    }

    /// The security level that the settings state before the server loads its
    /// certificates, or `openssl.cnf` does: nginx and httpd apply the cipher string
    /// first, HAProxy and PostgreSQL afterwards (measured: testdata/handshake, `sec`).
    /// nginx runs `ssl_conf_command` after it has loaded them (measured: 1.22.1).
    pub fn level_at_load(&self, scope: &Scope) -> Option<SecurityLevel> {
        let inherited = scope.negotiation.inherited_level;
        let first = matches!(self.name, "nginx" | "apache");
        let replaced = scope.negotiation.ciphers_at_load.as_ref();
        let own = match replaced.filter(|_| self.name == "nginx") {
            Some(before) => before.as_ref(),
            None => scope.ciphers.as_ref(),
        }
        .filter(|_| first);
        own.and_then(|placed| CipherList::openssl(&placed.value).level)
            .or(inherited)
    }

    /// Whether its settings say what OpenSSL offers, and are known: cipher strings,
    /// groups, what is below them in `openssl.cnf`.
    pub fn sets_openssl(&self) -> bool {
        matches!(self.name, "apache" | "nginx" | "haproxy" | "postgres")
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
