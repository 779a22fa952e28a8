//! What a reload does when the server refuses its new files or settings: the
//! running server often goes on, and the next start is the one that fails.
//!
//! Measured on Debian 12 with a pair that does not belong together, a missing and an empty
//! certificate file, and a setting that does not exist: nginx 1.22.1 (`-s reload` and
//! SIGHUP), Apache 2.4.71 (`graceful`, SIGUSR1, SIGHUP), HAProxy 2.6.12 in master-worker mode
//! (SIGUSR2 and SIGHUP, with and without the check of its unit), PostgreSQL 15 (SIGHUP).
//! `tests/real/reload_real.rs` measures them again.

use super::Profile;
use super::startup::StartOutcome;

/// How a running server loads new files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reload {
    /// What administrators run; `None` if the server has no reload.
    pub(crate) command: Option<&'static str>,
    /// After its configuration test refuses the files or settings.
    pub(crate) test_refuses: AfterReload,
    /// After the test succeeds, or if there is none, when a start would fail.
    pub(crate) start_fails: AfterReload,
    /// The same if the settings themselves are refused, not a file that they name.
    pub(crate) settings_refused: AfterReload,
}

/// What runs after a reload that the server does not accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AfterReload {
    /// The old processes continue with the old certificate.
    KeepsOldCertificate,
    /// The old settings stay in force; certificate and key are read again.
    KeepsOldSettings,
    /// Nothing: the server ends.
    Stops,
    /// There is no reload: a restart ends the server, and it does not come back.
    RestartOnly,
}

impl AfterReload {
    /// `keeps-old-certificate`, `keeps-old-settings`, `stops` or `restart-only`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeepsOldCertificate => "keeps-old-certificate",
            Self::KeepsOldSettings => "keeps-old-settings",
            Self::Stops => "stops",
            Self::RestartOnly => "restart-only",
        }
    }
}

/// The same for each kind of refusal.
const fn always(command: Option<&'static str>, after: AfterReload) -> Reload {
    Reload {
        command,
        test_refuses: after,
        start_fails: after,
        settings_refused: after,
    }
}

/// The master reads everything before it replaces its workers (`ngx_init_cycle`), and
/// `-s reload` does the same before it sends the signal.
pub(super) const NGINX: Reload = always(Some("nginx -s reload"), AfterReload::KeepsOldCertificate);

/// `apachectl graceful` and `apache2 -k graceful` run the configuration test first. An error that
/// it does not detect (a key of another certificate: AH02565) ends the parent process and the
/// workers.
pub(super) const APACHE: Reload = Reload {
    command: Some("apachectl graceful"),
    test_refuses: AfterReload::KeepsOldCertificate,
    start_fails: AfterReload::Stops,
    settings_refused: AfterReload::KeepsOldCertificate,
};

/// The unit's check refuses; without it, the master continues in wait mode with the old workers.
pub(super) const HAPROXY: Reload = always(
    Some("systemctl reload haproxy"),
    AfterReload::KeepsOldCertificate,
);

/// `SSL configuration was not reloaded`; after an error in its own file `no changes were
/// applied`, though certificate and key are read again (`process_pm_reload_request`).
pub(super) const POSTGRES: Reload = Reload {
    command: Some("pg_ctl reload"),
    test_refuses: AfterReload::KeepsOldCertificate,
    start_fails: AfterReload::KeepsOldCertificate,
    settings_refused: AfterReload::KeepsOldSettings,
};

/// The files are read once, when the program starts.
pub(super) const NONE: Reload = always(None, AfterReload::RestartOnly);

impl Profile {
    /// What runs after a reload if a start would end in `outcome`; `None` if the start succeeds or
    /// this server's reload is not known. `by_settings`: the settings themselves are refused, not a
    /// file that they name.
    ///
    /// ```
    /// use certcheck::server::{Profile, reload::AfterReload, startup::StartOutcome};
    /// let apache = Profile::named("apache").unwrap();
    /// let after = |outcome| apache.after_reload(outcome, false);
    /// assert_eq!(after(StartOutcome::StartFails), Some(AfterReload::Stops));
    /// assert_eq!(after(StartOutcome::Serves), None);
    /// ```
    pub fn after_reload(&self, outcome: StartOutcome, by_settings: bool) -> Option<AfterReload> {
        let reload = self.reload?;
        match outcome {
            StartOutcome::ConfigTestFails if by_settings => Some(reload.settings_refused),
            StartOutcome::ConfigTestFails => Some(reload.test_refuses),
            StartOutcome::StartFails if by_settings && !self.tests_settings() => {
                Some(reload.settings_refused)
            }
            StartOutcome::StartFails => Some(reload.start_fails),
            StartOutcome::HandshakeFails | StartOutcome::Serves => None,
        }
    }

    /// What administrators run to make the server load new files.
    pub fn reload_command(&self) -> Option<&'static str> {
        self.reload?.command
    }

    /// The consequence in a sentence.
    pub(crate) fn reload_words(&self, after: AfterReload) -> String {
        let program = self.program;
        let command = self.reload_command().unwrap_or("a reload");
        match after {
            AfterReload::KeepsOldCertificate => format!(
                "`{command}` would keep serving the old certificate until the next start, which fails"
            ),
            AfterReload::KeepsOldSettings => {
                format!("`{command}` would keep the old settings until the next start, which fails")
            }
            AfterReload::Stops => format!(
                "`{command}` would stop the running server: the configuration test does not find this error"
            ),
            AfterReload::RestartOnly => {
                format!("{program} has no reload: a restart would end the running server")
            }
        }
    }
}
