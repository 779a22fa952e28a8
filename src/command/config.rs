//! `config`: the TLS settings of each endpoint as the server applies them, and where each is
//! written. The files that they name are not judged: `preflight` does that.

use crate::answer::Answer;
use crate::preflight::endpoints::settings_check;
use crate::preflight::refused_settings::at_lines;
use crate::rule::{ConfigFact, Finding};
use crate::server::Profile;
use crate::server::settings::{Effective, Settings};
use crate::source::Lines;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhereWritten {
    /// The file.
    pub file: String,
    /// Its line.
    pub line: usize,
}

impl WhereWritten {
    /// Whether it is the server's command line, which has no lines.
    ///
    /// ```
    /// use certcheck::command::config::WhereWritten;
    /// let own_line = |place: &WhereWritten| (!place.is_command_line()).then_some(place.line);
    /// # let _ = own_line;
    /// ```
    #[must_use]
    pub fn is_command_line(&self) -> bool {
        Settings::is_command_line(&self.file)
    }
}

/// A setting of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingOf {
    /// The setting, as the server spells it.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it is written; `None` if it is the default, or comes from the environment.
    pub source: Option<WhereWritten>,
    /// Whether it is the server's default.
    pub default: bool,
    /// The values that it overrode, the last one first.
    pub overrides: Vec<(String, Option<WhereWritten>)>,
}

/// A place that listens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSettings {
    /// Its addresses, as `ADDRESS:PORT`.
    pub listen: Vec<String>,
    /// The names that it answers to.
    pub names: Vec<String>,
    /// Where it is written.
    pub config: WhereWritten,
    /// What the file calls it.
    pub name: String,
    /// Whether it speaks TLS.
    pub tls: bool,
    /// Its settings.
    pub settings: Vec<SettingOf>,
}

/// The settings of a server.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ConfigResult {
    /// The server's name.
    pub server: &'static str,
    /// Every place that listens.
    pub endpoints: Vec<EndpointSettings>,
    /// All files that were read, in their order.
    pub files: Vec<String>,
    /// Paths that were not read, and why.
    pub not_read: Vec<(String, String)>,
    /// Settings that were not understood, why, and where.
    pub not_understood: Vec<(String, String, WhereWritten)>,
}

/// The effective settings of the server, whose first file is called `name`.
pub fn config(server: &Profile, name: &str, settings: &Settings) -> Answer<ConfigResult> {
    let at = |lines: Lines| {
        let place = settings.place(lines);
        WhereWritten {
            file: place.file.unwrap_or(name).to_owned(),
            line: place.lines.first,
        }
    };
    let setting = |one: Effective| SettingOf {
        name: one.name,
        value: one.value,
        source: one.lines.map(at),
        default: one.default,
        overrides: one
            .overrides
            .into_iter()
            .map(|(value, lines)| (value, lines.map(at)))
            .collect(),
    };
    let endpoints = settings.scopes.iter().map(|scope| EndpointSettings {
        listen: scope.listens(),
        names: scope.hosts.iter().map(|host| host.value.clone()).collect(),
        config: at(scope.lines.unwrap_or(Lines::new(1, 1))),
        name: scope.name.clone(),
        tls: scope.tls,
        settings: settings.effective(scope).into_iter().map(setting).collect(),
    });
    let files = settings.files().skip(1).chain(settings.files_beside());
    let files = std::iter::once(name).chain(files.filter(|file| !Settings::is_command_line(file)));
    let not_read = settings.facts.iter().filter_map(|(fact, lines)| {
        let ConfigFact::IncludeNotRead(fact) = fact else {
            return None;
        };
        let open = settings.not_judged.iter();
        let why = open.filter(|open| open.lines == *lines).find_map(|open| {
            let reason = open.reason.strip_prefix(&fact.path)?;
            Some(reason.trim_start_matches([':', ' ']).to_owned())
        });
        let why = why.unwrap_or_else(|| "it was not read".to_owned());
        Some((fact.path.clone(), why))
    });
    let result = ConfigResult {
        server: server.name(),
        endpoints: endpoints.collect(),
        files: files.map(str::to_owned).collect(),
        not_read: not_read.collect(),
        not_understood: settings
            .not_judged
            .iter()
            .map(|open| (open.setting.clone(), open.reason.clone(), at(open.lines)))
            .collect(),
    };
    let findings = settings
        .facts
        .iter()
        .map(|(fact, lines)| Finding::new(fact.clone(), at_lines(name, settings, Some(*lines))));
    let checks = vec![settings_check(server, name, settings)];
    let files = result.files.clone();
    Answer::new(
        result,
        findings.collect(),
        checks,
        files.iter().map(String::as_str),
    )
}
