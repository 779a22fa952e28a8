//! What each server brings into a handshake: its defaults, or what its settings say.

use super::Profile;
use super::defaults::Defaults;
use super::settings::{ClientAuth, Placed, Scope};
use crate::cipher::{CipherList, SecurityLevel, SuiteB};
use crate::handshake::{Group, ServerKey, ServerOffer};
use crate::protocol::{Library, VersionSet};

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
        offer.prefers_own_suites13 = defaults.prefers_own_order;
        offer.dh = defaults.dh;
        self.choices(offer)
    }

    /// What the server offers at a place of its settings, without its keys. `None` if a setting
    /// that affects the handshake was not interpreted, or is refused.
    ///
    /// `first` is the place that answers first at its address: nginx takes versions,
    /// groups, and for TLS 1.3 suites and whose order counts from there, Apache groups and whose order counts, since OpenSSL looks at
    /// those before it knows the name (measured: testdata/handshake, `sni`).
    pub fn offer_at(&self, scope: &Scope, first: &Scope) -> Option<ServerOffer> {
        let suite_b = mode(scope.ciphers.as_ref());
        // Suite B stays on where another string replaces the one that switched it on, limits
        // the clients' certificates too, and was measured with 3.0.
        let library = scope.negotiation.library.unwrap_or(Library::OpenSsl3);
        let other =
            suite_b.is_some() && (scope.client_auth.is_some() || library != Library::OpenSsl3);
        let before = scope.negotiation.ciphers_at_load.as_ref();
        let differs = before
            .and_then(|before| mode(before.as_ref()))
            .is_some_and(|before| Some(before) != suite_b);
        if other || differs || suite_b != mode(first.ciphers.as_ref()) {
            return None;
        }
        if scope.negotiation.not_interpreted.is_some() || scope.rejects {
            return None;
        }
        if !self.sets_openssl() {
            let mut offer = self.offer(Vec::new());
            // The minimum version is all that TabPy's settings say about the handshake.
            if scope.protocols.is_some() {
                offer.versions = scope.versions(self.dialect)?;
            }
            return Some(offer);
        }
        // httpd moves a connection to the versions of the named host only if they are set for that
        // host or the main server (ssl_engine_kernel.c, `ssl_find_vhost`).
        let of_first = (self.name == "nginx" && !scope.negotiation.protocols_by_name)
            || (self.name == "apache" && scope.protocols.is_none());
        let of_versions = if of_first { first } else { scope };
        let before_name = matches!(self.name, "nginx" | "apache");
        let of_groups = if before_name { first } else { scope };
        let of_order = if self.name == "apache" { first } else { scope };
        let versions = of_versions.versions(self.dialect)?;
        let mut offer = ServerOffer::new(versions, scope.suites(self.dialect)?, Vec::new());
        // For TLS 1.3, OpenSSL chooses the suite before nginx knows the name (measured: 1.22.1).
        let of_suites13 = if self.name == "nginx" { first } else { scope };
        offer.suites13 = of_suites13.suites13()?;
        offer.suite_b = suite_b;
        offer.level = scope.security_level();
        offer.groups = of_groups.groups()?;
        offer.schemes = scope.schemes();
        offer.client_schemes = scope.client_schemes();
        offer.asks_for_certificate =
            (scope.client_auth.as_ref()).is_some_and(|auth| auth.value != ClientAuth::None);
        // httpd's named host adds options of OpenSSL's and takes none away (measured: 2.4.71).
        offer.prefers_own_order = of_order.negotiation.prefers_own_order
            || self.name == "apache" && scope.negotiation.prefers_own_order;
        offer.prefers_own_suites13 = match self.name {
            "nginx" => first.negotiation.prefers_own_order,
            _ => offer.prefers_own_order,
        };
        if self.name == "nginx" {
            // Of a second ClientHello it chooses again, by the server that was named.
            let second = (scope.suites13()?, scope.negotiation.prefers_own_order);
            let differs = second.0 != offer.suites13 || second.1 != offer.prefers_own_suites13;
            offer.second = differs.then_some(second);
        }
        offer.dh = scope.dh_parameters();
        offer.http2 = scope.negotiation.http2;
        let before_name = first.negotiation.closes_before_name.as_ref();
        offer.closes = before_name.or(scope.negotiation.closes.as_ref()).cloned();
        offer.http2_modern_only = scope.negotiation.http2_modern_only;
        if let Some(library) = scope.negotiation.library {
            offer = offer.with_library(library);
        }
        let mut offer = self.choices(offer);
        if let Some(binding) = scope.negotiation.channel_binding {
            offer.channel_binding = binding;
        }
        Some(offer)
    }

    /// The same where lines of HAProxy's crt-list say different things about the certificates of one
    /// name: the settings of the line whose certificate HAProxy chooses count, its versions included
    /// (measured: 2.6.12).
    pub fn offer_of_lines(&self, scope: &Scope, first: &Scope) -> Option<ServerOffer> {
        let mut offer = self.offer_at(scope, first)?;
        let Some(one) = scope.selections.first() else {
            return Some(offer);
        };
        if scope.selections.iter().all(|line| line.is_like(one)) {
            return Some(offer);
        }
        for line in &scope.selections {
            let mut own = scope.clone();
            line.apply(&mut own);
            if line.has_versions() {
                own.protocols = Some(scope.versions_for(line)?);
            }
            let mut with = self.offer_at(&own, &own)?;
            let demanded = own.client_auth.as_ref().map(|auth| auth.value);
            with.demands_client_certificate = demanded == Some(ClientAuth::Required);
            offer.by_key.push(with);
        }
        Some(offer)
    }

    /// The security level that the settings state before the server loads its
    /// certificates, or `openssl.cnf` does: nginx and httpd apply the cipher string
    /// first, HAProxy and PostgreSQL afterwards (measured: testdata/handshake, `sec`).
    /// nginx and httpd run OpenSSL commands after they have loaded the certificates (measured:
    /// nginx 1.22.1, httpd 2.4.71).
    pub fn level_at_load(&self, scope: &Scope) -> Option<SecurityLevel> {
        let inherited = scope.negotiation.inherited_level;
        let first = matches!(self.name, "nginx" | "apache");
        let replaced = scope.negotiation.ciphers_at_load.as_ref();
        let own = match replaced {
            Some(before) => before.as_ref(),
            None => scope.ciphers.as_ref(),
        }
        .filter(|_| first);
        own.and_then(|placed| CipherList::openssl(&placed.value).level)
            .or(inherited)
    }

    /// Whether its settings control what OpenSSL offers, and certcheck knows them: cipher strings,
    /// groups, and their defaults in `openssl.cnf`.
    pub fn sets_openssl(&self) -> bool {
        matches!(self.name, "apache" | "nginx" | "haproxy" | "postgres")
    }

    /// Sets who chooses among several certificates.
    fn choices(&self, mut offer: ServerOffer) -> ServerOffer {
        offer.chooses_by_name = matches!(self.name, "nginx" | "apache" | "tableau" | "haproxy");
        offer.chooses_by_client = self.name == "haproxy";
        // Since version 14, PostgreSQL stores passwords for SCRAM by default.
        offer.channel_binding = self.name == "postgres";
        offer
    }

    /// Whether a server that requires a client's certificate ends the handshake of a
    /// client that has none; nginx finishes it and answers 400.
    pub fn demands_in_handshake(&self) -> bool {
        self.name != "nginx"
    }
}

/// Suite B, if a string switches it on.
fn mode(string: Option<&Placed<String>>) -> Option<SuiteB> {
    CipherList::openssl(&string?.value).suite_b
}

#[cfg(test)]
mod tests {
    use crate::server::Profile;
    use crate::server::settings::{Context, Settings};
    use crate::source::Source;

    /// Measured: nginx 1.22.1, two servers at one address, each with its own
    /// `ssl_conf_command Ciphersuites` and `ssl_prefer_server_ciphers`.
    #[test]
    fn nginx_chooses_suites_of_tls13_before_it_knows_the_name() {
        let server = |address: &str, suites: &str, prefers: &str| {
            format!(
                "server {{ listen {address} ssl; ssl_certificate c; ssl_certificate_key k; \
                 ssl_conf_command Ciphersuites {suites}; ssl_prefer_server_ciphers {prefers}; }}\n"
            )
        };
        let text = format!(
            "events {{}} http {{ {} {} {} }}",
            server("127.0.0.1:443", "TLS_AES_256_GCM_SHA384", "on"),
            server("127.0.0.1:443", "TLS_AES_128_GCM_SHA256", "off"),
            server("127.0.0.2:443", "TLS_AES_128_GCM_SHA256", "off"),
        );
        let nginx = Profile::named("nginx").unwrap();
        let source = Source::new("nginx.conf", text.into_bytes());
        let settings = Settings::read(nginx, &source, &Context::at("/")).unwrap();
        let offers = settings.scopes.iter().map(|scope| {
            let offer = nginx.offer_at(scope, settings.first_at(scope)).unwrap();
            let suite = offer.suites13.first().unwrap().code;
            (suite, offer.prefers_own_suites13, offer.prefers_own_order)
        });
        let offers: Vec<_> = offers.collect();
        let expected = [
            (0x1302, true, true),
            (0x1302, true, false),
            (0x1301, false, false),
        ];
        assert_eq!(offers, expected);
    }
}
