//! Handshake options that supplement or replace the server's settings.

use super::{Context, Negotiation, Placed, Scope, Settings};
use crate::cipher::SecurityLevel;
use crate::server::startup::StartOutcome;
use crate::server::{OpensslConf, Profile};

/// The option that a cipher string comes from.
const CIPHERS: &str = "--ciphers";

impl Settings {
    /// One place with the server's defaults, but this cipher string, as in the server's own
    /// directive, with this `openssl.cnf` and an OpenSSL of this level.
    ///
    /// ```
    /// use certcheck::{cipher::SecurityLevel, server::{Profile, settings::Settings}};
    /// let nginx = Profile::named("nginx").unwrap();
    /// let settings = Settings::given(nginx, Some("HIGH:!aNULL"), SecurityLevel::new(1), None);
    /// assert_eq!(settings.scopes[0].security_level().number(), 1);
    /// assert_eq!(Settings::given(nginx, Some("BOGUS"), None, None).facts.len(), 1);
    /// ```
    pub fn given(
        server: &Profile,
        ciphers: Option<&str>,
        level: Option<SecurityLevel>,
        conf: Option<&OpensslConf>,
    ) -> Self {
        let context = Context {
            security_level: level,
            openssl_conf: conf,
            ..Context::default()
        };
        Self::given_in(server, ciphers, &context)
    }

    /// The same with all that a context says about OpenSSL, the system and the server's version.
    pub fn given_in(server: &Profile, ciphers: Option<&str>, context: &Context<'_>) -> Self {
        let (level, conf) = (context.security_level, context.openssl_conf);
        let mut settings = Self::of(server);
        settings.system = context.system;
        settings.set_version(context.version);
        // As `ssl_cmd_SSLCipherSuite` adds it.
        let added = if server.name == "apache" {
            crate::cipher::APACHE_ADDS
        } else {
            ""
        };
        let scope = Scope {
            tls: true,
            ciphers: ciphers.map(|string| Placed {
                value: format!("{string}{added}"),
                lines: None,
            }),
            negotiation: Negotiation::of(server.dialect),
            ..Scope::default()
        };
        settings.check_ciphers(CIPHERS, &scope, StartOutcome::StartFails.noticed());
        settings.add(scope);
        settings.finish(level, conf);
        settings
    }

    /// Adds what every place gets from outside the settings.
    pub(super) fn finish(&mut self, level: Option<SecurityLevel>, conf: Option<&OpensslConf>) {
        let system = self.system;
        let policy = system.filter(|_| conf.is_none());
        let policy = policy.and_then(|system| system.conf());
        if let Some(conf) = conf.or(policy.as_ref()) {
            self.inherit(conf);
        }
        self.find_firsts();
        let level = level.or(system.map(|system| system.built_level()));
        for scope in &mut self.scopes {
            let own = &mut scope.negotiation.inherited_level;
            *own = own.or(level);
            let version = self.version;
            scope.negotiation.default_versions =
                version.and_then(|version| version.default_versions());
            scope.negotiation.protocols_by_name =
                version.is_some_and(|version| version.chooses_protocols_by_name());
            let Some(system) = system else { continue };
            scope.negotiation.library = Some(system.library());
            if let Some(placed) = &mut scope.ciphers
                && let Some(string) = system.ciphers(&placed.value)
            {
                placed.value = string;
            }
        }
        self.note_defaults();
    }
}
