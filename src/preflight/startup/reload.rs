//! What a reload of a running server would leave behind.

use crate::preflight::refused_settings::refusal;
use crate::preflight::{Preflight, PreflightResult, ReloadResult, StartupOutcome, StartupResult};
use crate::server::startup::StartOutcome;

impl Preflight {
    /// Says it wherever a start fails.
    pub(in crate::preflight) fn foresee_reload(&self, result: &mut PreflightResult) {
        let refused = self.settings.as_ref().and_then(|both| refusal(&both.1));
        let places = result.scopes.iter_mut().map(|scope| &mut scope.startup);
        for startup in places.chain([&mut result.startup]).flatten() {
            let by_settings = refused
                .as_ref()
                .is_some_and(|(_, message)| startup.message.as_ref() == Some(message));
            startup.reload = self.reload(startup, by_settings);
        }
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
