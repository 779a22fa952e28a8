//! A server's own settings: which files they name, and a preflight of each place.

use super::site::Site;
use super::startup::{self, named};
use super::{ClientVerdict, Preflight, PreflightResult, ScopeResult};
use crate::answer::{Answer, Check, Outcome as Made};
use crate::encoding::Document;
use crate::finding::{ConfigFact, Evidence, Finding, Part, Severity, Subject};
use crate::server::settings::{ClientAuth, FileUse, Path, Scope, Settings};
use crate::server::startup::{Condition, FileState, Outcome};
use crate::server_name::ServerName;
use crate::source::{Lines, Source};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most files that one set of settings is asked for: a hoster's thousand
/// virtual hosts with four files each.
const MOST_FILES: usize = 4096;

/// What the caller found of a file that the settings name.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// Its contents.
    Read(Source),
    /// There is no such file.
    Missing,
    /// It is a directory.
    Directory,
    /// It is there, and could not be read here: why.
    Unreadable(String),
}

/// The same, kept.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Read(Arc<Document>),
    Missing,
    Directory,
    Unreadable(String),
}

impl Preflight {
    /// The paths of all files that the settings name and that nothing else was
    /// given for; each is to be looked at and given to [`found`](Self::found).
    ///
    /// ```
    /// use certcheck::{Source, preflight::{Found, Preflight}, server::Profile};
    /// use certcheck::server::settings::{Context, Settings};
    /// let rserve = Profile::named("rserve").unwrap();
    /// let conf = Source::new("Rserv.conf", b"tls.port 6312\ntls.cert c.pem\ntls.key k.pem\n".to_vec());
    /// let settings = Settings::read(rserve, &conf, &Context::at("/etc")).unwrap();
    /// let preflight = Preflight::new(rserve, "2026-11-22T00:00:00Z".parse().unwrap())
    ///     .settings("Rserv.conf", settings);
    /// assert_eq!(preflight.questions(), ["/etc/c.pem", "/etc/k.pem"]);
    /// let preflight = preflight.found("/etc/c.pem", Found::Missing).found("/etc/k.pem", Found::Missing);
    /// let codes: Vec<_> = preflight.run().findings.iter().map(|it| it.code().as_str()).collect();
    /// assert_eq!(codes, ["config.missing-file", "config.missing-file"]);
    /// ```
    pub fn questions(&self) -> Vec<String> {
        let mut asked = BTreeSet::new();
        let mut paths = Vec::new();
        let scopes = self.settings.iter().flat_map(|it| &it.1.scopes);
        for (usage, path) in scopes.flat_map(Scope::files) {
            let given = match usage {
                FileUse::Certificate => !self.certificate_files.is_empty(),
                FileUse::Key => !self.key_files.is_empty(),
                FileUse::KeyBeside => {
                    !self.key_files.is_empty() || !self.certificate_files.is_empty()
                }
                FileUse::Chain => self.chain_file.is_some(),
                FileUse::Ca => !self.ca_files.is_empty(),
                FileUse::Passwords => self.password_file.is_some(),
            };
            let new = !given && path.is_file() && paths.len() < MOST_FILES;
            if new && asked.insert(path.path.clone()) {
                paths.push(path.path);
            }
        }
        paths
    }

    /// What was found of a file of [`questions`](Self::questions).
    #[must_use]
    pub fn found(mut self, path: impl Into<String>, found: Found) -> Self {
        let kept = match found {
            Found::Read(source) => Kept::Read(Arc::new(Document::read(source))),
            Found::Missing => Kept::Missing,
            Found::Directory => Kept::Directory,
            Found::Unreadable(reason) => Kept::Unreadable(reason),
        };
        self.found.insert(path.into(), kept);
        self
    }

    /// A preflight of every place of the settings that speaks TLS.
    pub(super) fn in_settings(&self) -> Answer<PreflightResult> {
        let Some(both) = self.settings.clone() else {
            return self.place();
        };
        let (config, settings) = (both.0.as_str(), &both.1);
        let mut all = Joined::of(self, config, settings);
        let hosts = self.hosts_by_scope(settings);
        for (scope, hosts) in settings.scopes.iter().zip(&hosts) {
            if scope.tls {
                let (place, findings) = self.at(scope, config, settings, hosts);
                all.findings.extend(findings);
                all.add(scope, &place);
            } else {
                all.without_tls(scope);
            }
        }
        all.passwords(self, settings);
        all.finish(self, settings)
    }

    /// Which names are held against the certificate of which place: a name that
    /// was given belongs to the place that answers to it, else to the first one
    /// that speaks TLS (Apache's and nginx's default); without any, every place
    /// has those of the settings.
    fn hosts_by_scope(&self, settings: &Settings) -> Vec<Vec<ServerName>> {
        let scopes = &settings.scopes;
        if self.hosts.is_empty() {
            return scopes.iter().map(plain_names).collect();
        }
        let mut hosts = vec![Vec::new(); scopes.len()];
        let default = scopes.iter().position(|scope| scope.tls);
        for host in &self.hosts {
            let answers =
                |scope: &Scope| scope.tls && scope.hosts.iter().any(|it| covers(&it.value, host));
            let place = scopes.iter().position(answers).or(default);
            if let Some(list) = place.and_then(|place| hosts.get_mut(place)) {
                list.push(host.clone());
            }
        }
        hosts
    }

    /// The preflight of one place, and what is to be said of its files by name.
    fn at(
        &self,
        scope: &Scope,
        config: &str,
        settings: &Settings,
        hosts: &[ServerName],
    ) -> (Self, Vec<Finding>) {
        let mut place = self.clone();
        place.settings = None;
        place.hosts = hosts.to_vec();
        let mut findings = Vec::new();
        let mut site = Site {
            config: config.to_owned(),
            key_first: scope.key_first,
            passphrase: scope.passphrase.is_some(),
            client_auth: scope
                .client_auth
                .as_ref()
                .is_some_and(|it| it.value == ClientAuth::Required),
            protocols: scope.protocols.clone(),
            refused: refusal(settings),
            ..Site::default()
        };
        for (usage, path) in scope.files() {
            let documents = match usage {
                FileUse::Certificate if self.certificate_files.is_empty() => {
                    &mut place.certificate_files
                }
                FileUse::Key | FileUse::KeyBeside if self.key_files.is_empty() => {
                    &mut place.key_files
                }
                FileUse::Ca if self.ca_files.is_empty() => &mut place.ca_files,
                FileUse::Chain if self.chain_file.is_none() => {
                    if let Some(Kept::Read(document)) = self.found.get(&path.path) {
                        place.chain_file = Some(Arc::clone(document));
                        continue;
                    }
                    &mut Vec::new()
                }
                _ => continue,
            };
            match self.found.get(&path.path) {
                Some(Kept::Read(document)) => documents.push(Arc::clone(document)),
                Some(Kept::Missing) if usage == FileUse::KeyBeside => {}
                found => self.not_there(usage, &path, found, &mut site, &mut findings),
            }
        }
        // What stands in front of one place is in front of all.
        for finding in &mut findings {
            finding.subject.source = config.to_owned();
        }
        place.site = Some(Arc::new(site));
        (place, findings)
    }

    /// A file that is not there, or could not be looked at.
    fn not_there(
        &self,
        usage: FileUse,
        path: &Path,
        found: Option<&Kept>,
        site: &mut Site,
        findings: &mut Vec<Finding>,
    ) {
        let of = |state| match usage {
            FileUse::Certificate => Some(Condition::Certificate(state)),
            FileUse::Key => Some(Condition::Key(state)),
            FileUse::Chain => Some(Condition::Chain(state)),
            FileUse::Ca => Some(Condition::Ca(state)),
            FileUse::KeyBeside | FileUse::Passwords => None,
        };
        let (state, problem) = match found {
            Some(Kept::Missing) => (FileState::Missing, "there is no such file"),
            // Every file of the directory is loaded.
            Some(Kept::Directory) if self.server.combined_files => {
                let fact = ConfigFact::IncludeNotRead {
                    directive: path.setting.to_owned(),
                    path: path.path.clone(),
                };
                findings.push(Finding::new(fact, at_lines("", path.lines)));
                site.unread
                    .push((usage, format!("{} is a directory", path.path)));
                return;
            }
            Some(Kept::Directory) => (FileState::NotAFile, "it is a directory"),
            Some(Kept::Unreadable(reason)) => {
                site.unread
                    .push((usage, format!("{}: {reason}", path.path)));
                return;
            }
            _ if path.is_file() => {
                site.unread
                    .push((usage, format!("{} was not looked at", path.path)));
                return;
            }
            _ => {
                site.unread
                    .push((usage, format!("`{}` is no file", path.written)));
                return;
            }
        };
        let condition = of(state);
        let stops = condition
            .is_some_and(|condition| self.server.startup(&[condition]).outcome != Outcome::Serves);
        site.conditions.extend(condition);
        let fact = ConfigFact::MissingFile {
            setting: path.setting.to_owned(),
            path: path.path.clone(),
            problem: problem.to_owned(),
        };
        let severity = if stops {
            Severity::Error
        } else {
            Severity::Warning
        };
        findings.push(Finding::new(fact, at_lines("", path.lines)).with_severity(severity));
    }
}

/// The answers of all places, on the way to one.
struct Joined<'a> {
    config: &'a str,
    result: PreflightResult,
    findings: Vec<Finding>,
    checks: Vec<Check>,
    names: Vec<String>,
    tls: bool,
    /// A key that does not fit was found where nothing would say so.
    hidden: bool,
}

impl<'a> Joined<'a> {
    fn of(preflight: &Preflight, config: &'a str, settings: &Settings) -> Self {
        let facts = settings.facts.iter();
        Self {
            config,
            result: PreflightResult::of(preflight.server.name()),
            findings: facts
                .map(|(fact, lines)| Finding::new(fact.clone(), at_lines(config, Some(*lines))))
                .collect(),
            checks: vec![Check::ran("settings")],
            names: vec![config.to_owned()],
            tls: false,
            hidden: false,
        }
    }

    fn add(&mut self, scope: &Scope, place: &Preflight) {
        let answer = place.place();
        self.tls = true;
        self.names.extend(place.names().map(str::to_owned));
        self.hidden |= answer.findings.iter().any(|it| {
            matches!(
                it.code().as_str(),
                "key.mismatch" | "chain.end-entity-not-first"
            )
        });
        self.findings.extend(answer.findings);
        for check in answer.checks {
            self.check(
                place
                    .site
                    .as_ref()
                    .map_or(check.clone(), |site| but_unread(check, site)),
            );
        }
        let result = answer.result;
        self.result.scopes.push(ScopeResult {
            name: scope.name.clone(),
            lines: scope.lines,
            tls: true,
            hosts: place.hosts.iter().map(ToString::to_string).collect(),
            presented: result.presented.clone(),
            startup: result.startup.clone(),
            protocols: result.protocols.clone(),
        });
        self.result.presented.extend(result.presented);
        self.result.sent.extend(result.sent);
        for verdict in result.clients {
            self.client(verdict);
        }
        if self.result.protocols.is_none() {
            self.result.protocols = result.protocols;
        }
        self.startup(result.startup);
    }

    fn without_tls(&mut self, scope: &Scope) {
        self.result.scopes.push(ScopeResult {
            name: scope.name.clone(),
            lines: scope.lines,
            startup: Some(startup::without_tls()),
            ..ScopeResult::default()
        });
    }

    /// The earliest failure of any place is the server's.
    fn startup(&mut self, startup: Option<super::StartupResult>) {
        let best = self.result.startup.take().into_iter().chain(startup);
        self.result.startup = best.min_by_key(startup::rank);
    }

    /// A client that any place turns away is turned away.
    fn client(&mut self, verdict: ClientVerdict) {
        let worse = |verdict: &str| matches!(verdict, "refuses");
        let known = self
            .result
            .clients
            .iter_mut()
            .find(|it| it.client == verdict.client);
        match known {
            Some(known) if worse(verdict.verdict) && !worse(known.verdict) => *known = verdict,
            Some(_) => {}
            None => self.result.clients.push(verdict),
        }
    }

    /// One line for each check: what could not be made anywhere counts.
    fn check(&mut self, check: Check) {
        let rank = |check: &Check| match check.outcome {
            Made::NotRun {
                asked_for: true, ..
            } => 0,
            Made::Ran => 1,
            Made::NotRun { .. } => 2,
            Made::NotApplicable { .. } => 3,
        };
        match self.checks.iter_mut().find(|it| it.name == check.name) {
            Some(known) if rank(&check) < rank(known) => *known = check,
            Some(_) => {}
            None => self.checks.push(check),
        }
    }

    fn passwords(&mut self, preflight: &Preflight, settings: &Settings) {
        if let Some(source) = preflight.password_file.as_deref() {
            self.password_answer(preflight.passwords(Some(source)));
            return;
        }
        let mut any = false;
        for path in settings
            .scopes
            .iter()
            .filter_map(|scope| scope.passwords.as_ref())
        {
            any = true;
            let answer = match preflight.found.get(&path.path) {
                Some(Kept::Read(document)) => preflight.passwords(Some(document.source())),
                Some(Kept::Unreadable(reason)) => {
                    let reason = format!("{}: {reason}", path.path);
                    Some((Vec::new(), Check::impossible("passwords", reason)))
                }
                _ => {
                    let fact = ConfigFact::MissingFile {
                        setting: path.setting.to_owned(),
                        path: path.path.clone(),
                        problem: "there is no such file: `Failed to read passwords file`"
                            .to_owned(),
                    };
                    self.findings
                        .push(Finding::new(fact, at_lines(self.config, path.lines)));
                    None
                }
            };
            self.password_answer(answer);
        }
        if !any {
            self.password_answer(preflight.passwords(None));
        }
    }

    fn password_answer(&mut self, answer: Option<(Vec<Finding>, Check)>) {
        if let Some((findings, check)) = answer {
            self.findings.extend(findings);
            self.check(check);
        }
    }

    fn finish(mut self, preflight: &Preflight, settings: &Settings) -> Answer<PreflightResult> {
        // Only where it hides something is the order worth a word.
        let hidden = self.hidden;
        self.findings.retain(|it| {
            hidden
                || !matches!(
                    &it.evidence,
                    Evidence::ConfigFact(ConfigFact::KeyBeforeCertificate { .. })
                )
        });
        if !self.tls {
            let reason = "no place of these settings speaks TLS";
            for name in ["encoding", "key-match", "chain", "names"] {
                self.check(Check::not_applicable(name, reason));
            }
            let place = if settings.scopes.is_empty() {
                None
            } else {
                Some(startup::without_tls())
            };
            self.startup(place);
        }
        if let Some((outcome, message)) = refusal(settings).or_else(|| self.password_refusal()) {
            self.startup(Some(named(outcome, &[message])));
        }
        if !preflight.server.has_startup_rules() {
            self.result.startup = None;
        }
        Answer::new(
            self.result,
            self.findings,
            self.checks,
            self.names.iter().map(String::as_str),
        )
    }

    /// TabPy reads its passwords at start, and stops over them.
    fn password_refusal(&self) -> Option<(Outcome, String)> {
        self.findings.iter().find_map(|it| match &it.evidence {
            Evidence::ConfigFact(ConfigFact::PasswordEntry { message, .. }) => {
                Some((Outcome::StartFails, message.clone()))
            }
            Evidence::ConfigFact(ConfigFact::MissingFile { setting, .. })
                if setting == "TABPY_PWD_FILE" =>
            {
                Some((
                    Outcome::StartFails,
                    "Failed to read passwords file".to_owned(),
                ))
            }
            _ => None,
        })
    }
}

/// A check that could not be made because a file could not be read here.
fn but_unread(check: Check, site: &Site) -> Check {
    let usage = match check.name {
        "key-match" => FileUse::Key,
        "chain" | "names" | "validity" | "purpose" | "strength" => FileUse::Certificate,
        _ => return check,
    };
    let reason = site.unread(usage).or_else(|| {
        let both = check.name == "key-match";
        site.unread(FileUse::Certificate).filter(|_| both)
    });
    match reason {
        Some(reason) if check.outcome != Made::Ran || usage == FileUse::Key => {
            Check::impossible(check.name, reason)
        }
        _ => check,
    }
}

/// What the settings by themselves already come to.
fn refusal(settings: &Settings) -> Option<(Outcome, String)> {
    let refused = settings.facts.iter().filter_map(|(fact, _)| match fact {
        ConfigFact::Refused {
            message, noticed, ..
        } => Some((
            if noticed == "at start" {
                Outcome::StartFails
            } else {
                Outcome::ConfigTestFails
            },
            message.clone(),
        )),
        _ => None,
    });
    refused.min_by_key(|(outcome, _)| *outcome)
}

fn at_lines(config: &str, lines: Option<Lines>) -> Subject {
    Subject {
        part: Part::Setting,
        lines,
        ..Subject::file(config)
    }
}

/// The names of a place that a certificate can be held against: not nginx's
/// `_`, patterns and regular expressions.
fn plain_names(scope: &Scope) -> Vec<ServerName> {
    let mut names: Vec<ServerName> = Vec::new();
    for host in &scope.hosts {
        let plain = host.value.contains('.')
            && !host.value.starts_with(['.', '~'])
            && !host.value.contains(['*', '$', '_']);
        if let Some(name) = host.value.parse().ok().filter(|_| plain)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// Whether a place of that name, perhaps a pattern, answers to a host.
fn covers(pattern: &str, host: &ServerName) -> bool {
    let (pattern, host) = (pattern.to_ascii_lowercase(), host.to_string());
    match pattern
        .strip_prefix('*')
        .or_else(|| pattern.starts_with('.').then_some(pattern.as_str()))
    {
        Some(end) => {
            !end.is_empty() && host.ends_with(end) || host == pattern.trim_start_matches('.')
        }
        None => pattern.trim_end_matches('.') == host,
    }
}
