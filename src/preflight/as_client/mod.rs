//! A client's own certificate, as a server judges it: `--as client`.
//!
//! The server asks as its settings say, or is assumed to demand a certificate that leads to
//! `--ca-file`. Its OpenSSL judges what the client sends, for a client's purpose and without
//! partial chains; then come its own depth limit, its revocation lists and, in PostgreSQL, the
//! user's name.

mod clients;
pub(super) mod findings;
pub(super) mod lists;
mod place;
pub(super) mod store;
pub(super) mod words;

use super::endpoints::settings_check;
use super::found::Kept;
use super::inputs::Inputs;
use super::refused_settings::{at_lines, refusal};
use super::result::ClientCertificateResult;
use super::{Preflight, PreflightResult};
use crate::answer::{Answer, Check};
use crate::client::Verdict;
use crate::encoding::Document;
use crate::finding::Subject;
use crate::model::{Certificate, RevocationList};
use crate::objects::{Object, Opened};
use crate::rule::Finding;
use crate::server::Profile;
use crate::server::settings::{ClientAuth, ClientChecks, Scope, Selection, Settings, UserName};
use place::{Asks, Outcome};
use std::sync::Arc;
use store::ClientCas;

/// One place of the server, for clients' certificates.
struct Place {
    name: String,
    subject: Subject,
    scope: Scope,
    /// The files of its CA certificates, and the directive of each.
    cas: Vec<(&'static str, Arc<Document>)>,
    /// Files whose CA names are sent instead.
    names: Vec<Arc<Document>>,
    lists: Vec<Arc<Document>>,
    unread: Option<String>,
}

impl Preflight {
    /// Judges the certificate as a client's own, as the server would.
    #[must_use]
    pub fn as_client(mut self) -> Self {
        self.as_client = true;
        self
    }

    /// The client's own files, which some program loads.
    fn own_files(&self) -> Self {
        let generic = Profile::named("generic").unwrap_or(self.server);
        Self {
            settings: None,
            given: None,
            ca_files: Vec::new(),
            crl_files: Vec::new(),
            server: generic,
            ..self.clone()
        }
    }

    pub(super) fn before_server(&self) -> Answer<PreflightResult> {
        let own = self.own_files();
        let passphrase = self.passphrase.as_deref();
        let certificates = own.open(&own.certificate_files, passphrase);
        let certificates: Vec<_> = certificates.iter().map(Opened::objects).collect();
        let keys = own.open(&own.key_files, passphrase);
        let keys: Vec<_> = keys.iter().map(Opened::objects).collect();
        let chain = own.open(own.chain_file.as_slice(), passphrase);
        let chain: Vec<_> = chain.iter().flat_map(Opened::objects).collect();
        let inputs = Inputs {
            certificates: &certificates,
            keys: &keys,
            chain: &chain,
            ca: &[],
            crls: &[],
        };
        let mut findings = own.judge_files(&inputs);
        let judged = own.keys(&inputs).judge();
        findings.extend(judged.findings);
        let mut checks = vec![Check::ran("encoding"), judged.check];
        let mut result = PreflightResult::of(self.server.name());
        let mut shown: Vec<&Object<'_>> = certificates.iter().flatten().collect();
        shown.extend(&chain);
        shown.retain(|object| object.certificate().is_some());
        let lost = crate::objects::lost(certificates.iter().flatten().chain(&chain));
        let views: Vec<Certificate<'_>> = shown
            .iter()
            .filter_map(|object| object.certificate().cloned())
            .collect();
        let names = self.names().map(str::to_owned).collect::<Vec<_>>();
        let of_inputs = || names.iter().map(String::as_str);
        let Some((leaf, own_certificate)) = shown.first().zip(views.first()) else {
            checks.push(Check::impossible(
                "client-certificate",
                "no certificate could be read",
            ));
            return Answer::new(result, findings, checks, of_inputs());
        };
        if let Some(reason) = lost {
            checks.push(Check::impossible("certificates", reason));
        }
        result.presented = views.iter().map(Certificate::sha256).collect();
        findings.extend(self.of_the_certificate(leaf, own_certificate));
        findings.extend(findings::sunset(&views, leaf));
        checks.extend(["validity", "purpose"].map(Check::ran));
        self.settings_first(&mut findings, &mut checks, &mut result);
        let mut places = Vec::new();
        let mut rows = Vec::new();
        for place in self.places(&mut checks) {
            let judged = self.before(&place, leaf, &views, &mut findings, &mut checks);
            rows.push(judged.1);
            places.push(judged.0);
        }
        if places.is_empty() {
            checks.push(Check::impossible(
                "client-certificate",
                "nothing in these settings speaks TLS to this name",
            ));
        }
        // A client that one place refuses is refused.
        let worst = rows.into_iter().reduce(|mut worst, rows| {
            for (known, row) in worst.iter_mut().zip(rows) {
                if gravity(row.verdict) > gravity(known.verdict) {
                    *known = row;
                }
            }
            worst
        });
        result.clients = worst.unwrap_or_default();
        result.client_certificate = Some(places);
        result.without_server();
        Answer::new(result, findings, checks, of_inputs())
    }

    /// What keeps the server from starting, and which of its settings were not judged.
    fn settings_first(
        &self,
        findings: &mut Vec<Finding>,
        checks: &mut Vec<Check>,
        result: &mut PreflightResult,
    ) {
        let Some(both) = &self.settings else { return };
        let (config, settings) = (both.0.as_str(), &both.1);
        checks.push(settings_check(self.server, config, settings));
        let Some((outcome, message)) = refusal(settings) else {
            return;
        };
        result.startup = Some(super::startup::named(outcome, &[message]));
        let facts = settings.facts.iter().map(|(fact, lines)| {
            Finding::new(fact.clone(), at_lines(config, settings, Some(*lines)))
        });
        findings
            .extend(facts.filter(|finding| finding.severity == crate::finding::Severity::Error));
    }

    /// The places that the names select; without settings, one that requires a certificate.
    fn places(&self, checks: &mut Vec<Check>) -> Vec<Place> {
        let Some(both) = &self.settings else {
            return vec![self.without_settings()];
        };
        let (config, settings) = (both.0.as_str(), &both.1);
        let asked = self.asked_by_scope(settings);
        checks.extend(
            asked
                .open
                .into_iter()
                .map(|reason| Check::impossible("names", reason)),
        );
        if let Some(reason) = &settings.not_asked {
            checks.push(Check::impossible("client-access", reason.clone()));
        }
        let chosen = settings.scopes.iter().zip(&asked.places);
        chosen
            .filter(|(scope, asked)| {
                scope.tls && !scope.rejects && (self.hosts.is_empty() || !asked.hosts.is_empty())
            })
            .map(|(scope, _)| self.place_of(scope, config, settings))
            .collect()
    }

    fn without_settings(&self) -> Place {
        let scope = self.given.as_ref().and_then(|given| given.scopes.first());
        let mut scope = scope.cloned().unwrap_or_default();
        scope.client_auth = Some(crate::server::settings::Placed {
            value: ClientAuth::Required,
            lines: None,
        });
        if !self.crl_files.is_empty() {
            scope.client_checks.revocation = crate::server::settings::ListsFor::Chain;
        }
        let setting = words::ca_setting(self.server);
        let source = self.ca_files.first();
        Place {
            name: self.server.name().to_owned(),
            subject: Subject::file(source.map_or("options", |document| document.source().name())),
            scope,
            cas: self
                .ca_files
                .iter()
                .map(|document| (setting, Arc::clone(document)))
                .collect(),
            names: Vec::new(),
            lists: self.crl_files.clone(),
            unread: None,
        }
    }

    fn place_of(&self, scope: &Scope, config: &str, settings: &Settings) -> Place {
        let mut place = Place {
            name: scope.name.clone(),
            subject: at_lines(
                config,
                settings,
                scope
                    .client_auth
                    .as_ref()
                    .and_then(|auth| auth.lines)
                    .or(scope.lines),
            ),
            scope: scope.clone(),
            cas: Vec::new(),
            names: Vec::new(),
            lists: self.crl_files.clone(),
            unread: None,
        };
        if scope.ca_elsewhere {
            let reason = "its CA certificates come from a directory or a store, which certcheck \
                did not read";
            place.unread = Some(reason.to_owned());
        }
        let own = |selection: &Selection| {
            selection.client_auth.is_some() || selection.ca.is_some() || selection.ca_elsewhere
        };
        if scope.selections.iter().any(own) {
            let reason = "single lines of the crt-list ask for client certificates, which certcheck did \
                 not judge";
            place.unread = Some(reason.to_owned());
        }
        if !self.crl_files.is_empty() {
            place.scope.client_checks.revocation = crate::server::settings::ListsFor::Chain;
        }
        for path in &scope.ca {
            if !self.ca_files.is_empty() {
                break;
            }
            match self.read_of(&path.path) {
                Ok(document) => place.cas.push((path.setting, document)),
                Err(reason) => place.unread = Some(reason),
            }
        }
        let setting = words::ca_setting(self.server);
        let given = self.ca_files.iter().map(|file| (setting, Arc::clone(file)));
        place.cas.extend(given);
        for (files, into) in [
            (&scope.client_checks.lists, &mut place.lists),
            (&scope.client_checks.names, &mut place.names),
        ] {
            for path in files {
                match self.read_of(&path.path) {
                    Ok(document) => into.push(document),
                    Err(reason) => place.unread = Some(reason),
                }
            }
        }
        place
    }

    /// What was read at the path of a setting.
    pub(super) fn read_of(&self, path: &str) -> Result<Arc<Document>, String> {
        match self.found.get(path) {
            Some(Kept::Read(document)) => Ok(Arc::clone(document)),
            Some(Kept::Unreadable(reason)) => Err(format!("{path}: {reason}")),
            Some(Kept::Missing) => Err(format!("{path}: there is no such file")),
            Some(Kept::Directory) => Err(format!("{path} is a directory")),
            None => Err(format!("certcheck did not check {path}")),
        }
    }

    /// The certificate, as one place judges it.
    fn before(
        &self,
        place: &Place,
        leaf: &Object<'_>,
        chain: &[Certificate<'_>],
        findings: &mut Vec<Finding>,
        checks: &mut Vec<Check>,
    ) -> (ClientCertificateResult, Vec<super::ClientVerdict>) {
        let auth = place.scope.client_auth.as_ref();
        let auth = auth.map_or(ClientAuth::None, |auth| auth.value);
        let lists: Vec<_> = self.open(&place.lists, None);
        let lists: Vec<Object<'_>> = lists.iter().flat_map(Opened::objects).collect();
        let lists: Vec<RevocationList<'_>> = lists
            .iter()
            .filter_map(|list| list.crl().cloned())
            .collect();
        let cas = ClientCas::of(place.cas.iter().map(|(_, document)| &**document));
        let roots = cas.parsed(&self.computed);
        let asks = Asks {
            server: self.server,
            auth,
            checks: &place.scope.client_checks,
            level: place.scope.security_level(),
            unread: place.unread.clone(),
            at: self.at,
        };
        let mut outcome = asks.judge(chain, &cas, &roots, &lists);
        let user = match outcome {
            Outcome::Accepts(_) => self.user_of(&place.scope.client_checks, chain, checks),
            _ => None,
        };
        let named = self.named_cas(place);
        let named = named.parsed(&self.computed);
        let names = place::names(&named);
        let told = findings::Told {
            server: self.server,
            place: &place.subject,
            leaf,
            asks: auth,
        };
        if let Outcome::Open(reason) = &outcome {
            checks.push(Check::impossible("client-certificate", reason.clone()));
        }
        let refused = match user {
            Some(reason) => {
                outcome = Outcome::NotAsked;
                Some(told.user(&reason, findings))
            }
            None => told.outcome(&outcome, findings),
        };
        let accepted = match &outcome {
            Outcome::Accepts(path) => path.clone(),
            _ => Vec::new(),
        };
        let (verdict, reason) = match (&outcome, refused) {
            (_, Some(reason)) => (Verdict::Refuses, Some(reason)),
            (Outcome::Open(reason), _) => (Verdict::Undecided, Some(reason.clone())),
            _ => (Verdict::Accepts, None),
        };
        if checks
            .iter()
            .all(|check| check.name != "client-certificate")
        {
            checks.push(Check::ran("client-certificate"));
        }
        let sends = clients::is_asked_for(chain, &names);
        let deciding = self.deciding();
        let mut silent = Vec::new();
        let mut rows = Vec::new();
        for (client, by_name) in clients::all() {
            if !self.clients.is_empty() && !self.clients.contains(&client) {
                continue;
            }
            let decides = deciding.contains(&client);
            let none = by_name && !sends && auth != ClientAuth::None;
            let own = chain.first().map(Certificate::sha256).filter(|_| !none);
            let row = match (none, auth) {
                (false, _) => clients::row(client, decides, verdict, reason.clone(), own),
                (true, ClientAuth::Required) => {
                    silent.push(client);
                    let seen = words::none_sent(self.server);
                    let reason = format!("it sends no certificate, and sees {seen}");
                    clients::row(client, decides, Verdict::Refuses, Some(reason), None)
                }
                (true, _) => {
                    silent.push(client);
                    clients::row(client, decides, Verdict::Accepts, None, None)
                }
            };
            rows.push(row);
        }
        if verdict == Verdict::Accepts {
            findings.extend(told.not_sent(&silent, chain, &names, !self.clients.is_empty()));
        }
        let result = ClientCertificateResult {
            name: place.name.clone(),
            lines: place.subject.lines,
            asks: auth,
            verdict,
            reason,
            path: accepted,
            acceptable_cas: names.iter().map(ToString::to_string).collect(),
        };
        (result, rows)
    }

    /// The certificates whose names the server sends.
    fn named_cas(&self, place: &Place) -> ClientCas {
        if !place.names.is_empty() {
            return ClientCas::of(place.names.iter().map(|document| &**document));
        }
        // nginx verifies with both of its files, but sends the names of only one.
        let sent = place
            .cas
            .iter()
            .filter(|(setting, _)| *setting != "ssl_trusted_certificate");
        ClientCas::of(sent.map(|(_, document)| &**document))
    }

    /// Why PostgreSQL does not accept the certificate for this user.
    fn user_of(
        &self,
        asks: &ClientChecks,
        chain: &[Certificate<'_>],
        checks: &mut Vec<Check>,
    ) -> Option<String> {
        if self.server.name() != "postgres" {
            return None;
        }
        let own = chain.first()?.subject().common_name().unwrap_or_default();
        match (asks.user, &self.user) {
            (UserName::Any, _) => None,
            (UserName::NotJudged, _) => {
                let reason = "pg_hba.conf compares the certificate with the user through a map, \
                    by the whole subject, or differently in each record";
                checks.push(Check::impossible("user", reason));
                None
            }
            (UserName::CommonName, None) => {
                let reason = format!(
                    "PostgreSQL requires the commonName `{own}` to be the database user, but no \
                     --check-user was given"
                );
                checks.push(Check::not_asked("user", reason));
                None
            }
            (UserName::CommonName, Some(user)) => {
                checks.push(Check::ran("user"));
                (own != *user).then(|| {
                    format!("its commonName is `{own}`, but the database user is `{user}`")
                })
            }
        }
    }
}

fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Refuses => 2,
        Verdict::Undecided => 1,
        Verdict::Accepts => 0,
    }
}
