//! How a server version treats the name of a setting.

use super::Settings;
use crate::server::ServerVersion;
use crate::server::versions::{self, Knows};

/// What a server does with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Takes,
    Refuses,
    /// It may accept the name, or accepts it with an effect that certcheck does not know.
    NotJudged,
}

impl Settings {
    /// Sets the version given, or the system's.
    pub(super) fn set_version(&mut self, version: Option<ServerVersion>) {
        let of_system = self
            .system
            .and_then(|system| system.version_of(self.server));
        self.version = version.or(of_system);
    }

    /// Whether the server is this version or a later one; the measured ones are older than any
    /// version that callers ask about.
    pub(super) fn has_version(&self, since: &str) -> bool {
        self.version.is_some_and(|version| version.has(since))
    }

    /// What the server does with this name, which the measured version may or may not know.
    pub(super) fn admission(&self, name: &str, is_known: bool) -> Admission {
        let other = self.version.filter(|version| !version.is_base());
        match (other.and_then(|version| version.knows(name)), is_known) {
            (None | Some(Knows::Yes), true) => Admission::Takes,
            (None, false) | (Some(Knows::No), _) => Admission::Refuses,
            (Some(Knows::Yes | Knows::Perhaps), _) => Admission::NotJudged,
        }
    }

    /// Which versions know this name, to follow a refusal: ` in nginx 1.22: nginx 1.25.1 and
    /// newer know it`. `ancient` is what is known about versions before the oldest.
    pub(super) fn other_versions(
        &self,
        name: &str,
        measured: &str,
        ancient: Option<&str>,
    ) -> String {
        let note = versions::note(self.server, name).or(ancient.map(str::to_owned));
        let other = self.version.filter(|version| !version.is_base());
        let own = other.map_or_else(|| measured.to_owned(), |version| version.to_string());
        note.map_or_else(String::new, |note| format!(" in {own}: {note}"))
    }

    /// A setting that certcheck knows only by name.
    pub(super) fn known_by_name(&mut self, name: &str, line: usize) {
        let own = self
            .version
            .map_or_else(String::new, |version| version.to_string());
        let reason = format!("certcheck does not know what this setting does in {own}");
        self.not_judged(name, reason, line);
    }
}
