//! A client's own certificate, as a server judges it: `--as client`.
//!
//! The server asks as its settings say, or is assumed to demand a certificate that leads to
//! `--ca-file`. Its OpenSSL judges what the client sends, for a client's purpose and without
//! partial chains; then come its own depth limit, its revocation lists and, in PostgreSQL, the
//! user's name.

mod clients;
pub(super) mod findings;
mod key;
pub(super) mod lists;
mod place;
mod places;
pub(super) mod store;
pub(super) mod words;

use super::endpoints::settings_check;
use super::inputs::Inputs;
use super::refused_settings::{at_lines, refusal};
use super::result::ClientCertificateResult;
use super::{Preflight, PreflightResult};
use crate::answer::{Answer, Check};
use crate::client::Verdict;
use crate::finding::{Code, Severity};
use crate::model::{Certificate, RevocationList};
use crate::objects::{Object, Opened};
use crate::rule::Finding;
use crate::server::Profile;
use crate::server::settings::{ClientAuth, ClientChecks, UserName};
use place::{Asks, Outcome};
use places::Place;
use store::ClientCas;

const VERIFIED_ONLY: &str = "some clients do not send this certificate, and certcheck does not know \
     whether `Require ssl-verify-client` applies to what they ask for";

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
        // What these say is true of a server that loads the key; what a client does is said below.
        let of_servers = [Code::KeyWeak, Code::KeyDsaUnusable];
        let own_findings = judged.findings.into_iter();
        findings.extend(own_findings.filter(|finding| !of_servers.contains(&finding.code())));
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
        let mut lenient = true;
        for place in self.places(&mut checks) {
            let asks = &place.scope.client_checks;
            lenient &= asks.any_issuer || !asks.overlooked.is_empty();
            if let Some((outcome, message, finding)) = self.refused_file(&place) {
                let startup = super::startup::named(outcome, &[message]);
                let _ = result.startup.get_or_insert(startup);
                findings.push(finding);
            }
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
        let accepted = |place: &ClientCertificateResult| place.verdict == Verdict::Accepts;
        if lenient && !places.is_empty() && places.iter().all(accepted) {
            findings::forgive(&mut findings, self.server);
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
        findings.extend(facts.filter(|finding| finding.severity == Severity::Error));
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
        let deciding = self.deciding();
        let sends = clients::is_asked_for(chain, &names);
        let considered: Vec<_> = clients::all()
            .filter(|(client, _)| self.clients.is_empty() || self.clients.contains(client))
            .collect();
        let by_name_alone = |by_name: bool| by_name && !sends;
        let mut keys = key::Effect::default();
        if auth != ClientAuth::None && !matches!(outcome, Outcome::Hopeless(_)) {
            match key::Own::new(chain, place.offer.clone(), self.server, auth) {
                Ok(own) => {
                    let unused = considered.iter().filter_map(|(client, by_name)| {
                        let why = own.unused(*client).filter(|_| !by_name_alone(*by_name))?;
                        Some((*client, why))
                    });
                    keys = key::Effect::new(unused.collect(), &deciding, !self.clients.is_empty());
                }
                Err(reason) if matches!(outcome, Outcome::Accepts(_)) => {
                    outcome = Outcome::Open(reason.to_owned());
                }
                Err(_) => {}
            }
        }
        let refused = if keys.of_all {
            // The server does not get to judge it.
            outcome = Outcome::NotAsked;
            None
        } else if let Some(reason) = user {
            outcome = Outcome::NotAsked;
            Some(told.user(reason, findings))
        } else {
            told.outcome(&outcome, findings)
        };
        if let Outcome::Open(reason) = &outcome {
            checks.push(Check::impossible("client-certificate", reason.clone()));
        }
        let accepted = match &outcome {
            Outcome::Accepts(path) => path.clone(),
            _ => Vec::new(),
        };
        findings.extend(keys.findings(&leaf.subject()));
        let of_server = match (&outcome, &refused) {
            (_, Some(reason)) => (Verdict::Refuses, Some(reason.clone())),
            (Outcome::Open(reason), _) => (Verdict::Undecided, Some(reason.clone())),
            _ => (Verdict::Accepts, None),
        };
        let (verdict, reason) = keys.verdict().unwrap_or_else(|| of_server.clone());
        if checks
            .iter()
            .all(|check| check.name != "client-certificate")
        {
            checks.push(Check::ran("client-certificate"));
        }
        let mut silent = Vec::new();
        let mut rows = Vec::new();
        for (client, by_name) in considered {
            let decides = deciding.contains(&client);
            let none = by_name_alone(by_name) && auth != ClientAuth::None;
            let own = chain.first().map(Certificate::sha256).filter(|_| !none);
            if let Some(why) = keys.of(client) {
                let (verdict, reason) = why.of_row();
                rows.push(clients::row(client, decides, verdict, reason, None));
                continue;
            }
            let row = match (none, auth) {
                (false, _) => {
                    let (verdict, reason) = of_server.clone();
                    clients::row(client, decides, verdict, reason, own)
                }
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
        let verified_only = self
            .settings
            .as_ref()
            .is_some_and(|both| both.1.verified_only);
        if verified_only && auth != ClientAuth::Required && (!silent.is_empty() || keys.any()) {
            checks.push(Check::impossible("client-access", VERIFIED_ONLY));
        }
        // Some cannot use the key, the others find no CA of theirs: none is let in with it.
        let mut deciding_rows = rows.iter().filter(|row| row.decides).peekable();
        let first = deciding_rows.peek().map(|row| row.reason.clone());
        let none = deciding_rows.all(|row| row.verdict == Verdict::Refuses);
        let (verdict, reason) = match first {
            Some(why) if none && verdict == Verdict::Accepts => {
                findings.extend(told.not_sent(&silent, chain, &names, true));
                (Verdict::Refuses, why)
            }
            _ => (verdict, reason),
        };
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
        if place.scope.client_checks.no_names {
            return ClientCas::default();
        }
        if !place.names.is_empty() {
            return ClientCas::of(place.names.iter().map(|document| &**document));
        }
        // nginx and HAProxy verify with both of their files, but send the names of only one.
        let unsent = ["ssl_trusted_certificate", "ca-verify-file"];
        let sent = place
            .cas
            .iter()
            .filter(|(setting, _)| !unsent.contains(setting));
        ClientCas::of(sent.map(|(_, document)| &**document))
    }

    /// Why PostgreSQL does not accept the certificate for this user.
    fn user_of(
        &self,
        asks: &ClientChecks,
        chain: &[Certificate<'_>],
        checks: &mut Vec<Check>,
    ) -> Option<findings::UserRefusal> {
        if self.server.name() != "postgres" {
            return None;
        }
        // `be_tls_open_server` refuses a name whose bytes have a zero, as each BMPString has.
        if chain.first()?.subject().first_common_name()?.contains(&0) {
            return Some(findings::UserRefusal::Zero);
        }
        // The first of several: `X509_NAME_get_text_by_NID` (be-secure-openssl.c; measured: 15.18).
        let own = chain.first()?.subject().common_names().next();
        let own = own.unwrap_or_default();
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
                    let reason =
                        format!("its commonName is `{own}`, but the database user is `{user}`");
                    findings::UserRefusal::Other(reason)
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
