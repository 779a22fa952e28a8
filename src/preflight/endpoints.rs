//! The answers for the places in a server's settings, merged into one.

mod passwords;

use super::alike::Alike;
use super::audience::{Audience, PlaceNames};
use super::endpoint::Endpoint;
use super::listeners::Listeners;
use super::patterns;
use super::refused_settings::{at_lines, refusal};
use super::result::StartupOutcome;
use super::startup::{self, named};
use super::{ClientVerdict, Preflight, PreflightResult, ScopeResult};
use crate::answer::{Answer, Check, CheckOutcome as Made};
use crate::client::Verdict;
use crate::finding::{Code, Part, Severity};
use crate::rule::{self, ConfigFact, Evidence, Finding};
use crate::server::Profile;
use crate::server::settings::{FileUse, Place, Scope, Settings};
use crate::server::startup::StartOutcome;
use crate::server_name::ServerName;
use std::sync::Arc;

/// The answers for all places, while they are merged.
pub(super) struct Endpoints<'a> {
    config: &'a str,
    settings: &'a Settings,
    result: PreflightResult,
    pub(super) findings: Vec<Finding>,
    checks: Vec<Check>,
    names: Vec<String>,
    tls: bool,
    /// Whether the user named hosts: then the result shows the clients of those hosts' places.
    chosen: bool,
    /// A key does not fit, and no other place reports it.
    hidden: bool,
    /// How many places speak TLS.
    places: usize,
    listeners: Listeners,
    alike: Alike,
    /// Whether a file that a place loads was not read.
    unread: bool,
}

/// The most patterns of one place that a reason names.
const MOST_PATTERNS: usize = 1000;

/// Why certcheck does not know what the server sends.
const CHAINS: &str = "certcheck does not judge which chain of issuers-chain-path belongs to which of these certificates";

/// What is wrong with a certificate that the server sends to no client.
const NEVER_SHOWN: &str = "HAProxy loads this certificate but sends it to no client: an earlier certificate has its names";

impl<'a> Endpoints<'a> {
    pub(super) fn of(preflight: &Preflight, config: &'a str, settings: &'a Settings) -> Self {
        let facts = settings.facts.iter();
        Self {
            config,
            settings,
            result: PreflightResult::of(preflight.server.name()),
            findings: facts
                .map(|(fact, lines)| {
                    Finding::new(fact.clone(), at_lines(config, settings, Some(*lines)))
                })
                .collect(),
            checks: std::iter::once(settings_check(preflight.server, config, settings))
                .chain(
                    settings
                        .not_asked
                        .iter()
                        .map(|reason| Check::not_asked("client-access", reason.clone())),
                )
                .collect(),
            names: std::iter::once(config)
                .chain(settings.files().skip(1))
                .map(str::to_owned)
                .collect(),
            tls: false,
            chosen: !preflight.hosts.is_empty(),
            hidden: false,
            places: settings.scopes.iter().filter(|scope| scope.tls).count(),
            listeners: Listeners::of(settings),
            alike: Alike::default(),
            unread: false,
        }
    }

    /// Adds a place: `number` is its position in the settings, and `is_default` says that it
    /// answers clients that ask for no name at its addresses, if only the order of certificates
    /// decides that.
    pub(super) fn add(
        &mut self,
        (number, scope): (usize, &Scope),
        is_default: bool,
        place: &Preflight,
        asked: &PlaceNames,
    ) {
        let judged = self.alike.judge(place);
        let mut answer = judged.answer.clone();
        // Nothing could be checked, and nothing needs to be.
        if place
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.certificate_optional)
        {
            answer.checks.clear();
        }
        self.tls |= !scope.rejects && !scope.is_unreachable;
        if !scope.shares_a_chain() {
            self.check(Check::impossible("settings", CHAINS));
        }
        self.names.extend(place.names().map(str::to_owned));
        self.hidden |= answer.findings.iter().any(|finding| {
            matches!(
                finding.code(),
                Code::KeyMismatch | Code::ChainEndEntityNotFirst
            )
        });
        let audience = if scope.is_unreachable {
            Audience::Unreached
        } else {
            asked.audience
        };
        let weigh = |finding| audience.weigh(finding);
        let mut findings = answer.findings;
        // Names that the user gave are asked for instead; HAProxy's are the certificates' own.
        if !self.chosen && !scope.rejects && self.result.server != "haproxy" {
            let (found, open) = patterns::findings(scope, asked, &answer.result.sent);
            findings.extend(found);
            if let Some(reason) = open {
                self.check(Check::impossible("names", reason));
            }
        }
        self.findings.extend(findings.into_iter().map(weigh));
        for check in answer.checks {
            self.check(
                place
                    .endpoint
                    .as_ref()
                    .map_or(check.clone(), |endpoint| but_unread(check, endpoint)),
            );
        }
        if let Some(endpoint) = &place.endpoint {
            self.unread |= !endpoint.unread.is_empty();
            let beside = [FileUse::Chain, FileUse::Ca, FileUse::Passphrases];
            for reason in beside
                .into_iter()
                .filter_map(|usage| endpoint.unread(usage))
            {
                self.check(Check::impossible("settings", reason.to_owned()));
            }
        }
        let result = answer.result;
        let at = self.place(scope);
        let file = at.and_then(|at| at.file).unwrap_or(self.config);
        let line = at.map(|at| at.lines.first);
        // A place that rejects every handshake sends nothing, but keeps its names.
        let turns_away = scope.rejects.then(|| PreflightResult::of(result.server));
        let met = match &turns_away {
            Some(nothing) => (nothing, &Arc::default()),
            None => (&result, &judged.clients),
        };
        let endpoints = self
            .listeners
            .endpoints((number, scope), is_default, (file, line), met);
        self.result.endpoints.extend(endpoints);
        self.result.scopes.push(ScopeResult {
            name: scope.name.clone(),
            file: self
                .place(scope)
                .and_then(|place| place.file)
                .map(str::to_owned),
            lines: self.place(scope).map(|place| place.lines),
            tls: !scope.rejects,
            hosts: self.hosts_of(scope, place, asked),
            presented: result.presented.clone(),
            startup: result.startup.clone(),
            protocols: result.protocols.clone(),
        });
        self.result.presented.extend(result.presented);
        self.result.sent.extend(result.sent);
        let comes = !scope.is_unreachable && (!self.chosen || !place.hosts.is_empty());
        if comes && asked.audience == Audience::Named {
            for verdict in judged.clients.iter() {
                self.client(verdict);
            }
        }
        self.result.assumed_anchor = self.result.assumed_anchor.or(result.assumed_anchor);
        if self.result.protocols.is_none() {
            self.result.protocols = result.protocols;
        }
        // A fault of a place that the user did not name ends no handshakes elsewhere.
        let elsewhere = scope.is_unreachable || self.chosen && place.hosts.is_empty();
        let startup = result.startup;
        self.startup(startup.filter(|startup| match startup.outcome {
            StartupOutcome::FailsAtHandshake => !elsewhere,
            StartupOutcome::Starts => !scope.is_unreachable,
            _ => true,
        }));
    }

    /// Where a place is.
    fn place(&self, scope: &Scope) -> Option<Place<'a>> {
        scope.lines.map(|lines| self.settings.place(lines))
    }

    /// The names that a place answers to: for HAProxy's certificates, also the patterns.
    fn hosts_of(&self, scope: &Scope, place: &Preflight, asked: &PlaceNames) -> Vec<String> {
        let met = place.hosts.iter().chain(&asked.beside);
        let mut hosts: Vec<_> = met.map(ToString::to_string).collect();
        if self.result.server == "haproxy" && !self.chosen {
            let names = scope.hosts.iter().map(|host| &host.value);
            let patterns = names.filter(|name| name.starts_with('*'));
            hosts.extend(patterns.take(MOST_PATTERNS).cloned());
        }
        hosts
    }

    /// Certificates that the server loads but never sends: what keeps it from starting counts;
    /// beyond that, only that they are never sent.
    pub(super) fn unused(&mut self, place: &Preflight) {
        let mut answer = place.place();
        let fails = |startup: &super::StartupResult| {
            matches!(
                startup.outcome,
                StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart
            )
        };
        let startup = answer.result.startup.take().filter(fails);
        if startup.is_none() {
            for finding in &mut answer.findings {
                if finding.severity == Severity::Error {
                    let weaker = finding.clone().with_severity(Severity::Warning);
                    *finding = weaker.because(NEVER_SHOWN);
                }
            }
        }
        self.names.extend(place.names().map(str::to_owned));
        self.findings.extend(answer.findings);
        for check in answer.checks {
            if matches!(check.name, "encoding" | "key-match" | "containers") {
                let endpoint = place.endpoint.as_ref();
                self.check(endpoint.map_or(check.clone(), |endpoint| but_unread(check, endpoint)));
            }
        }
        self.startup(startup);
    }

    /// Certificates of a place that speaks plaintext: they count if they keep the server from
    /// starting.
    pub(super) fn loaded(&mut self, place: &Preflight, missing: Vec<Finding>) {
        let mut answer = place.place();
        let fails = |startup: &super::StartupResult| {
            matches!(
                startup.outcome,
                StartupOutcome::RefusesAtConfigTest | StartupOutcome::FailsAtStart
            )
        };
        let Some(startup) = answer.result.startup.take().filter(fails) else {
            return;
        };
        self.names.extend(place.names().map(str::to_owned));
        self.findings.extend(missing);
        // For Apache's hosts, the settings already report what is wrong with the string.
        let is_said = self.result.server == "apache";
        let is_said = |finding: &Finding| is_said && finding.subject.part == Part::ProtocolString;
        let errors = answer.findings.into_iter();
        let errors =
            errors.filter(|finding| finding.severity == Severity::Error && !is_said(finding));
        self.findings.extend(errors);
        self.startup(Some(startup));
    }

    /// Names for which a place ends every handshake: its own for certain, others as
    /// far as no other place answers to them.
    pub(super) fn rejected(&mut self, scope: &Scope, hosts: &[ServerName], setting: &str) {
        for host in hosts {
            let own = scope.names(host) || scope.strict && self.places < 2;
            let message = format!("the server ends every handshake for {host} here");
            if own {
                let fact = rule::config::Refused {
                    setting: setting.to_owned(),
                    message,
                    noticed: StartOutcome::HandshakeFails.noticed().to_owned(),
                };
                let subject = at_lines(self.config, self.settings, scope.lines);
                self.findings.push(Finding::new(fact, subject));
                let said = match setting {
                    "strict-sni" => "tlsv1 unrecognized name (alert 112)".to_owned(),
                    _ => format!("{setting} on"),
                };
                self.startup(Some(named(StartOutcome::HandshakeFails, &[said])));
            } else {
                let reason = format!("unless another server answers to it, {message}");
                self.check(Check::impossible("names", reason));
            }
        }
    }

    pub(super) fn without_tls(&mut self, scope: &Scope) {
        self.result.scopes.push(ScopeResult {
            name: scope.name.clone(),
            file: self
                .place(scope)
                .and_then(|place| place.file)
                .map(str::to_owned),
            lines: self.place(scope).map(|place| place.lines),
            startup: Some(startup::without_tls()),
            ..ScopeResult::default()
        });
    }

    /// The earliest failure of any place is the server's.
    pub(super) fn startup(&mut self, startup: Option<super::StartupResult>) {
        let best = self.result.startup.take().into_iter().chain(startup);
        self.result.startup = best.min_by_key(|startup| startup.outcome);
    }

    /// A client that one place rejects counts as rejected.
    pub(super) fn client(&mut self, verdict: &ClientVerdict) {
        let rank = |verdict: &ClientVerdict| match verdict.verdict {
            Verdict::Refuses => 2,
            Verdict::Undecided => 1,
            Verdict::Accepts => 0,
        };
        let known = self
            .result
            .clients
            .iter_mut()
            .find(|client| client.client == verdict.client);
        match known {
            Some(known) if rank(verdict) > rank(known) => known.clone_from(verdict),
            Some(_) => {}
            None => self.result.clients.push(verdict.clone()),
        }
    }

    /// One line for each check: it counts as not run if it could not run at one place.
    pub(super) fn check(&mut self, check: Check) {
        let rank = |check: &Check| match check.outcome {
            Made::NotRun {
                asked_for: true, ..
            } => 0,
            Made::Ran => 1,
            Made::NotRun { .. } => 2,
            Made::NotApplicable { .. } => 3,
        };
        match self
            .checks
            .iter_mut()
            .find(|known| known.name == check.name)
        {
            Some(known) if rank(&check) < rank(known) => *known = check,
            Some(_) => {}
            None => self.checks.push(check),
        }
    }

    pub(super) fn finish(
        mut self,
        preflight: &Preflight,
        settings: &Settings,
    ) -> Answer<PreflightResult> {
        // The order matters only if it hides something.
        let hidden = self.hidden;
        self.findings.retain(|finding| {
            hidden
                || !matches!(
                    &finding.evidence,
                    Evidence::ConfigFact(ConfigFact::KeyBeforeCertificate(
                        rule::config::KeyBeforeCertificate { .. }
                    ))
                )
        });
        if !self.tls {
            let reason = "nothing in these settings speaks TLS";
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
        // What was not judged may keep the server from starting.
        let open = self
            .checks
            .iter()
            .any(|check| check.name == "settings" && matches!(check.outcome, Made::NotRun { .. }));
        // nginx loads what a server without TLS names.
        let starts = |startup: &super::StartupResult| match startup.outcome {
            StartupOutcome::Starts => true,
            StartupOutcome::StartsWithoutTls => self.result.server == "nginx",
            _ => false,
        };
        if !preflight.server.has_startup_rules()
            || (open || self.unread) && self.result.startup.as_ref().is_some_and(starts)
        {
            self.result.startup = None;
        }
        // All places are one server: if one keeps it from starting, no place serves clients.
        if self
            .result
            .startup
            .as_ref()
            .is_some_and(|startup| startup.outcome != StartupOutcome::Starts)
        {
            self.result.without_server();
        }
        Answer::new(
            self.result,
            self.findings,
            self.checks,
            self.names.iter().map(String::as_str),
        )
    }
}

/// Whether certcheck judged every setting that could matter.
pub(crate) fn settings_check(server: &Profile, config: &str, settings: &Settings) -> Check {
    const SHOWN: usize = 4;
    // A setting that affects only the handshake is judged by the handshakes that it causes.
    let predicted = |scope: &Scope| {
        let offer = server.offer_at(scope, settings.first_at(scope));
        offer.is_some()
    };
    let all_predicted = settings
        .scopes
        .iter()
        .filter(|scope| scope.tls)
        .all(predicted);
    let open = settings.not_judged.iter();
    let all: Vec<_> = open
        .filter(|open| !(open.negotiated && all_predicted))
        .collect();
    if all.is_empty() {
        return Check::ran("settings");
    }
    let first = all.iter().take(SHOWN).map(|ignored| {
        let place = settings.place(ignored.lines);
        let (file, line) = (place.file.unwrap_or(config), place.lines.first);
        format!("{file}:{line}: `{}`: {}", ignored.setting, ignored.reason)
    });
    let mut reason = first.collect::<Vec<_>>().join("; ");
    if all.len() > SHOWN {
        reason.push_str(&format!("; and {} more", all.len() - SHOWN));
    }
    Check::impossible("settings", reason)
}

/// A check that could not be made because a file could not be read here.
fn but_unread(check: Check, endpoint: &Endpoint) -> Check {
    let usage = match check.name {
        "key-match" => FileUse::Key,
        "chain" | "names" | "validity" | "purpose" | "strength" => FileUse::Certificate,
        _ => return check,
    };
    let reason = endpoint.unread(usage).or_else(|| {
        let both = check.name == "key-match";
        endpoint.unread(FileUse::Certificate).filter(|_| both)
    });
    match reason {
        Some(reason) if check.outcome != Made::Ran || usage == FileUse::Key => {
            Check::impossible(check.name, reason)
        }
        _ => check,
    }
}
