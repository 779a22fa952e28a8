//! In what state a reload would leave a running server.

use crate::finding::Code;
use crate::preflight::refused_settings::refusal;
use crate::preflight::startup::named;
use crate::preflight::{Preflight, PreflightResult, ReloadResult, StartupOutcome, StartupResult};
use crate::rule::{self, ConfigFact};
use crate::server::settings::Settings;
use crate::server::startup::StartOutcome;
use std::sync::Arc;

impl Preflight {
    /// Adds it wherever a start fails.
    pub(in crate::preflight) fn foresee_reload(&self, result: &mut PreflightResult) {
        let refused = self.settings.as_ref().and_then(|both| refusal(&both.1));
        let context = |both: &Arc<(String, Settings)>| self.only_the_context(&both.1);
        let context = self.settings.as_ref().is_some_and(context);
        let illegal = self.said(Code::ProtocolIllegalName);
        let illegal = named(StartOutcome::StartFails, &illegal).message;
        let places = result.scopes.iter_mut().map(|scope| &mut scope.startup);
        for startup in places.chain([&mut result.startup]).flatten() {
            let own = refused
                .as_ref()
                .is_some_and(|(_, message)| startup.message.as_ref() == Some(message));
            let illegal = startup.message.is_some() && startup.message == illegal;
            // Only files of settings are opened with these words.
            let closed = "could not open configuration file";
            let closed = startup
                .message
                .as_ref()
                .is_some_and(|message| message.starts_with(closed));
            let by_settings = illegal || closed || own && !context;
            startup.reload = self.reload(startup, by_settings);
        }
    }

    /// Whether PostgreSQL accepts the settings but OpenSSL refuses what they ask for: then the
    /// certificate is not read again (measured: 15.18). Parameters for Diffie-Hellman that it
    /// cannot read stop only a start.
    fn only_the_context(&self, settings: &Settings) -> bool {
        const OF_OPENSSL: &[&str] = &[
            "ssl_ca_file",
            "ssl_cert_file",
            "ssl_ciphers",
            "ssl_crl_dir",
            "ssl_crl_file",
            "ssl_ecdh_curve",
            "ssl_key_file",
        ];
        let mut refused = settings.facts.iter().filter_map(|(fact, _)| match fact {
            ConfigFact::Refused(rule::config::Refused { setting, .. })
            | ConfigFact::MissingFile(rule::config::MissingFile { setting, .. }) => Some(setting),
            _ => None,
        });
        self.server.name() == "postgres"
            && refused.all(|setting| OF_OPENSSL.contains(&setting.as_str()))
    }

    fn reload(&self, startup: &StartupResult, by_settings: bool) -> Option<ReloadResult> {
        let outcome = match startup.outcome {
            StartupOutcome::RefusesAtConfigTest => StartOutcome::ConfigTestFails,
            StartupOutcome::FailsAtStart => StartOutcome::StartFails,
            _ => return None,
        };
        let after = self.server.after_reload(outcome, by_settings)?;
        Some(ReloadResult {
            outcome: after,
            command: self.server.reload_command(),
            text: self.server.reload_words(after),
        })
    }
}
