//! The order in which the questions are asked.

use super::certificates::Demands;
use super::clients::{Clients, Scene};
use super::excerpt;
use super::files::{self, Role};
use super::handshake;
use super::joined::settings_check;
use super::keys::Keys;
use super::loaded::Load;
use super::revocation::Lists;
use super::startup::{self, Inputs};
use super::{Preflight, PreflightResult, Protocols, protocol};
use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::finding::{Code, Severity, Subject};
use crate::model::{Certificate, Passphrase};
use crate::objects::{self, Content, Object, Opened, loading};
use crate::rule::{self, Finding};
use crate::server::ChainSource;
use crate::trust_store::Anchors;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a client that speaks TLS at once is not asked.
const PROXIED: &str = "the server wants the PROXY protocol first: a client that speaks TLS at once is \
                       turned away, and certcheck did not judge what is in front of the server";

/// Why nothing is said of what clients show.
const DEMANDED: &str =
    "the server demands a certificate from every client; certcheck did not judge the clients' own";

/// Under which name the options are reported that stand for settings.
const OPTIONS: &str = "options";

impl Preflight {
    /// Asks every question that the inputs allow. It cannot fail: what is
    /// wrong is a finding, and what could not be asked is a check that did not run.
    pub fn run(&self) -> Answer<PreflightResult> {
        let answer = self.asked();
        let refusal = self.unexplained_refusal(answer.result.startup.as_ref(), &answer.findings);
        let mut answer = answer.joined(refusal);
        startup::leave_to_the_start(&mut answer.findings, answer.result.startup.as_ref());
        if let Some(both) = &self.settings {
            excerpt::attach(&mut answer.findings, &both.0, both.1.text.as_str());
        }
        if let Some(text) = &self.protocols {
            excerpt::attach(&mut answer.findings, protocol::GIVEN, text);
        }
        answer
    }

    fn asked(&self) -> Answer<PreflightResult> {
        if self.settings.is_some() {
            return self.in_settings();
        }
        let passwords = self.passwords(self.password_file.as_deref());
        let files_alone = self.certificate_files.is_empty() && self.key_files.is_empty();
        if let Some((findings, check)) = passwords {
            if files_alone {
                let name = self.password_file.iter().map(|file| file.name());
                let result = PreflightResult::of(self.server.name());
                return Answer::new(result, findings, vec![check], name);
            }
            let mut answer = self.place();
            answer.checks.push(check);
            return answer.joined(findings);
        }
        self.place()
    }

    /// Every question about one server: all there is without settings, or one
    /// place of them.
    pub(super) fn place(&self) -> Answer<PreflightResult> {
        let passphrase = self.passphrase.as_deref().filter(|_| self.user.is_none());
        let open = |documents| self.open(documents, passphrase);
        let certificates = open(&self.certificate_files);
        let certificates: Vec<_> = certificates.iter().map(Opened::objects).collect();
        let keys = open(&self.key_files);
        let keys: Vec<_> = keys.iter().map(Opened::objects).collect();
        let chain = open(self.chain_file.as_slice());
        let chain: Vec<_> = chain.iter().flat_map(Opened::objects).collect();
        let ca = open(&self.ca_files);
        let ca: Vec<_> = ca.iter().flat_map(Opened::objects).collect();
        let crls = self.open(&self.crl_files, None);
        let crls: Vec<_> = crls.iter().map(Opened::objects).collect();

        let mut findings = self.judge_files(&certificates, &keys, &chain);
        for (document, objects) in self.crl_files.iter().zip(&crls) {
            findings.extend(files::judge(document, objects, Role::Crl, self.server));
        }
        self.exchanged(&mut findings);
        let mut checks = vec![Check::ran("encoding")];
        let files = certificates.iter().chain(&keys).chain([&chain, &ca]);
        let unopened = files
            .filter_map(|objects| objects::unopened(objects))
            .next();
        checks.extend(unopened.map(|reason| Check::impossible("containers", reason)));

        // Of the places of settings, all files are judged at once.
        if self.site.is_none() {
            let files = certificates.iter().chain(&keys).chain([&chain, &ca]);
            let (found, missed) = self.together(files.flatten());
            findings.extend(found);
            checks.extend(missed);
        }
        let judged = self.keys(&certificates, &keys, &chain).judge();
        findings.extend(judged.findings);
        if self.offers_dss() {
            // Some clients have such a suite: each is asked.
            findings.retain(|it| it.code() != Code::KeyDsaUnusable);
        }
        checks.push(judged.check);

        let mut result = PreflightResult {
            server: self.server.name(),
            ..PreflightResult::default()
        };
        let demands = Demands {
            server: self.server,
            at: self.at,
            expires_within: self.expires_within,
            hosts: &self.hosts,
        };
        let mut chain_checks = Vec::new();
        let mut judged_any = false;
        let mut sent_certificates = Vec::new();
        let mut clients = Clients::default();
        let anchors: Option<Vec<_>> = self.anchors.as_ref().map(|anchors| {
            let parse = |der| Some(Certificate::parse(der).ok()?.sharing(Some(&self.computed)));
            anchors.certificates().filter_map(parse).collect()
        });
        let given = self.anchors.as_deref();
        let settings = given.map_or_else(Vec::new, Anchors::trust_settings);
        let read = || given.map_or_else(Vec::new, Load::all);
        let loads = self.loads.get_or_init(read);
        let own_stores: Vec<_> = loads
            .iter()
            .map(|load| load.certificates(&self.computed))
            .collect();
        let files: Vec<_> = certificates
            .iter()
            .flatten()
            .chain(&chain)
            .chain(&ca)
            .filter_map(|object| object.certificate().cloned())
            .collect();
        let mut own = None;
        let sources = certificates.iter().flatten().chain(&chain).chain(&ca);
        let lost = objects::lost(sources);
        let (found, protocols, protocol_check) = self.judge_protocols();
        let mut shown = Vec::new();
        let by_name = self.shown_for_host(&certificates);
        let is_shown = |place| by_name.as_ref().is_none_or(|it| it.contains(&place));
        for (place, (pair, file)) in judged.pairs.iter().zip(&certificates).enumerate() {
            if objects::loses_the_first(file) {
                result.presented.extend(files::digests(file));
                continue;
            }
            let (presented, sent, places) = self.presented(pair, &chain, &ca);
            let chain = presented.arranged_with(self.anchors.as_deref(), Lists::of(&crls), self.at);
            sent_certificates.extend_from_slice(chain.certificates());
            if let Some(end_entity) = chain.end_entity() {
                judged_any = true;
                own.get_or_insert(end_entity);
                let hosts: &[_] = if is_shown(place) { &self.hosts } else { &[] };
                let demands = Demands { hosts, ..demands };
                findings.extend(demands.end_entity(end_entity));
                let unsent = self.unsent(pair, &chain);
                let mut found = chain.findings(&demands);
                if unsent.is_some() && self.is_whole(pair, &demands) {
                    // It is in the file, and not sent: that is the finding.
                    found.retain(|it| it.code() != Code::ChainMissingIntermediate);
                }
                if lost.is_some() {
                    // What cannot be read may be what seems to be missing.
                    found.retain(|it| {
                        let code = it.code();
                        !matches!(
                            code,
                            Code::ChainMissingIntermediate | Code::ChainUntrustedRoot
                        )
                    });
                }
                findings.extend(found.into_iter().map(|it| self.where_to(it, pair)));
                findings.extend(unsent);
            }
            chain_checks = chain.checks();
            if !is_shown(place) {
                continue;
            }
            let mut presented: Vec<_> = sent.iter().map(Certificate::sha256).collect();
            if lost.is_some() && self.server.chain == ChainSource::WholeFile {
                // Each at its place, read or not.
                presented = files::digests(file);
            }
            result.presented.extend(presented);
            result.sent.extend(places);
            let top: Vec<_> = match &anchors {
                Some(_) => Vec::new(),
                None => chain.topmost(&sent).into_iter().collect(),
            };
            shown.push((sent, top));
        }
        // A chain that was not read may be the one that a client is shown.
        let whole = shown.len() == by_name.as_ref().map_or(judged.pairs.len(), Vec::len)
            && shown.iter().all(|it| !it.0.is_empty());
        let chains: Vec<_> = shown.iter().map(|(sent, _)| sent.as_slice()).collect();
        let meetings = if whole {
            self.meetings(&chains, protocols.as_ref())
        } else {
            Vec::new()
        };
        for (place, (sent, top)) in shown.iter().enumerate() {
            if sent.is_empty() {
                continue;
            }
            let scene = Scene {
                sent,
                files: &files,
                anchors: anchors.as_deref().unwrap_or(top),
                assumed: anchors.is_none(),
                place,
                meetings: &meetings,
                demands_certificate: self.demands_certificate()
                    && self.server.demands_in_handshake(),
                demands_proxy: self.demands_proxy(),
                settings: &settings,
                loads,
                own_stores: &own_stores,
            };
            self.ask(&mut clients, &scene, &findings);
        }
        if let Some(reason) = &lost {
            clients.lose(reason);
            checks.push(Check::impossible("certificates", reason.clone()));
        }
        let known: Vec<_> = files
            .iter()
            .chain(anchors.iter().flatten())
            .cloned()
            .collect();
        if !startup::only_dsa(&judged.pairs) {
            for finding in &mut findings {
                if finding.code() == Code::KeyDsaUnusable {
                    finding.severity = Severity::Warning;
                }
            }
        }
        self.settle(&clients, own, &files, &known, loads, &mut findings);
        result.clients = self.rows(&clients);
        result.assumed_anchor = clients.assumed;
        checks.extend(chain_checks);
        findings.extend(self.judge_lists(&crls, &sent_certificates));
        if judged_any {
            checks.push(self.clients_check(&clients));
        }
        checks.extend(self.own_checks(judged_any));
        checks.push(self.revocation_check(judged_any));
        if self.demands_certificate() {
            checks.push(Check::not_asked("client-certificates", DEMANDED));
        }
        if self.demands_proxy() {
            checks.push(Check::not_asked("proxy-protocol", PROXIED));
        }
        if let (None, Some(given)) = (&self.site, &self.given) {
            let options = Subject::file(OPTIONS);
            let facts = given.facts.iter();
            findings.extend(facts.map(|(fact, _)| Finding::new(fact.clone(), options.clone())));
            checks.push(settings_check(self, OPTIONS, given));
        }
        findings.extend(found);
        checks.push(protocol_check);
        result.protocols = protocols;
        let inputs = Inputs {
            certificates: &certificates,
            keys: &keys,
            chain: &chain,
            ca: &ca,
        };
        result.startup = self.startup(&inputs, &judged.pairs, &findings, result.protocols.as_ref());
        result.without_server();
        handshake::leave_to_causes(&mut findings, result.startup.as_ref());
        let findings = findings
            .into_iter()
            .map(|finding| self.explained(finding))
            .collect();
        Answer::new(result, findings, checks, self.names())
    }

    /// Whether the settings demand the PROXY protocol before TLS.
    fn demands_proxy(&self) -> bool {
        self.site.as_ref().is_some_and(|site| site.proxy_protocol)
    }

    /// Whether the settings demand a certificate of every client.
    fn demands_certificate(&self) -> bool {
        self.site.as_ref().is_some_and(|site| site.client_auth)
    }

    /// The files with their containers opened; all share what is computed.
    fn open<'d>(
        &self,
        documents: &'d [Arc<Document>],
        passphrase: Option<&'d Passphrase>,
    ) -> Vec<Opened<'d>> {
        let open =
            |document: &'d Arc<Document>| Opened::new(document, passphrase).sharing(&self.computed);
        documents.iter().map(open).collect()
    }

    /// The protocol string that was given, else the one in the settings.
    fn judge_protocols(&self) -> (Vec<Finding>, Option<Protocols>, Check) {
        let written = self.site.as_ref().and_then(|site| {
            let setting = site.protocols.as_ref()?;
            Some((site.config.as_str(), setting))
        });
        let level = self.offer().map_or(2, |offer| offer.level.number());
        let no_setting = "the server has no setting for protocol versions";
        match (self.protocols.as_deref(), written) {
            (Some(text), _) if self.server.protocol_setting => {
                let (found, protocols) = protocol::judge(text, self.server.dialect, level);
                (found, Some(protocols), Check::ran("protocols"))
            }
            (Some(text), _) => {
                let fact = rule::config::IgnoredValue {
                    setting: protocol::GIVEN.to_owned(),
                    value: text.to_owned(),
                    reason: no_setting.to_owned(),
                };
                let finding = Finding::new(fact, Subject::file(protocol::GIVEN));
                (
                    vec![finding],
                    None,
                    Check::not_applicable("protocols", no_setting),
                )
            }
            (None, Some((config, setting))) => {
                let (found, protocols) = protocol::of_setting(setting, config, level);
                (found, Some(protocols), Check::ran("protocols"))
            }
            (None, None) if self.site.is_some() => (
                Vec::new(),
                None,
                Check::not_applicable("protocols", "the settings name no protocol versions"),
            ),
            (None, None) => (
                Vec::new(),
                None,
                Check::not_applicable("protocols", "no --protocols were given"),
            ),
        }
    }

    /// The inputs in the order of their options.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let files = self.certificate_files.iter().chain(&self.key_files);
        files
            .chain(&self.chain_file)
            .chain(&self.ca_files)
            .chain(&self.crl_files)
            .map(|document| document.source().name())
    }

    fn judge_files(
        &self,
        certificates: &[Vec<Object<'_>>],
        keys: &[Vec<Object<'_>>],
        chain: &[Object<'_>],
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut judge = |document: &Document, objects: &[Object<'_>], role| {
            findings.extend(files::judge(document, objects, role, self.server));
        };
        for (document, objects) in self.certificate_files.iter().zip(certificates) {
            judge(document, objects, Role::Certificates);
        }
        for (document, objects) in self.key_files.iter().zip(keys) {
            judge(document, objects, Role::Key);
        }
        if let Some(document) = &self.chain_file {
            judge(document, chain, Role::Chain);
        }
        findings.extend(self.ignored_chain_file());
        findings.extend(self.access_findings());
        for (place, document) in self.ca_files.iter().enumerate() {
            let opened = Opened::new(document, None);
            let objects = opened.objects();
            let judged = files::judge(document, &objects, Role::Ca, self.server);
            findings.extend(self.as_read(place, document, &objects, judged));
        }
        let mut judge = |document: &Document, objects: &[Object<'_>], role| {
            findings.extend(files::judge(document, objects, role, self.server));
        };
        if let Some(anchors) = &self.anchors {
            for document in anchors.files() {
                judge(
                    document,
                    &Opened::new(document, None).objects(),
                    Role::Anchors,
                );
            }
        }
        findings
    }

    /// A chain file for a server that has no setting for one.
    fn ignored_chain_file(&self) -> Option<Finding> {
        let reason = match self.server.chain {
            ChainSource::WholeFile => {
                "the server has no setting for a chain file: append it to the certificate file"
            }
            ChainSource::FirstOnly => {
                "the server has no setting for a chain file: give the intermediates as its CA file"
            }
            _ => return None,
        };
        let name = self.chain_file.as_ref()?.source().name();
        let fact = rule::config::IgnoredValue {
            setting: "--chain-file".to_owned(),
            value: name.to_owned(),
            reason: reason.to_owned(),
        };
        Some(Finding::new(fact, Subject::file(name)))
    }

    fn keys<'o, 'd>(
        &'o self,
        certificates: &'o [Vec<Object<'d>>],
        keys: &'o [Vec<Object<'d>>],
        chain: &'o [Object<'d>],
    ) -> Keys<'o, 'd> {
        let is_key = |object: &&Object<'_>| {
            matches!(
                object.content,
                Content::PrivateKey(_) | Content::ClosedKey(_)
            )
        };
        // OpenSSL goes on to the next key where it cannot read one.
        let chosen = |document: &Document, file: &'o Vec<Object<'d>>| {
            let loading = loading::server_key(self.server, document, file);
            let taken = loading.filter(|it| it.verdict.reason().is_none());
            let place = taken.and_then(|it| it.section);
            place
                .and_then(|place| loading::object_of(file, place))
                .or_else(|| file.iter().find(is_key))
        };
        let files = || self.key_files.iter().zip(keys);
        let in_key_files: Vec<_> = files()
            .filter_map(|(document, file)| chosen(document, file))
            .collect();
        let files = || self.certificate_files.iter().zip(certificates);
        let in_certificate_files: Vec<_> = files()
            .filter_map(|(document, file)| chosen(document, file))
            .collect();
        let used = |key: &Object<'_>| {
            let mut all = in_key_files.iter().chain(&in_certificate_files);
            all.any(|it| std::ptr::eq(*it, key))
        };
        let behind: Vec<_> = keys
            .iter()
            .chain(certificates)
            .flatten()
            .filter(is_key)
            .filter(|key| !used(key))
            .collect();
        // A key in the certificate file is used where no key file is given
        // (measured: Apache 2.4.71 without SSLCertificateKeyFile); HAProxy looks
        // for another file only where there is none in it.
        let (keys, spare) = if self.server.combined_files {
            let holds = |(document, file): (&Arc<Document>, &'o Vec<Object<'d>>)| {
                let loading = loading::server_key(self.server, document, file);
                loading.is_some_and(|it| it.verdict.reason().is_none())
            };
            let mut beside = in_key_files.into_iter();
            let mut keys = Vec::new();
            for (document, file) in files() {
                let own = || chosen(document, file);
                keys.extend(match holds((document, file)) {
                    true => own(),
                    false => beside.next().or_else(own),
                });
            }
            (keys, beside.chain(in_certificate_files).collect())
        } else if self.key_files.is_empty() {
            (in_certificate_files, in_key_files)
        } else {
            (in_key_files, in_certificate_files)
        };
        Keys {
            server: self.server,
            own: self
                .certificate_files
                .iter()
                .map(|document| {
                    let loading = self.server.load(document)?;
                    loading.public_key().map(<[u8]>::to_vec)
                })
                .collect(),
            // Where the first cannot be read, the next is not the server's own.
            certificates: self
                .certificate_files
                .iter()
                .zip(certificates)
                .map(|(document, file)| {
                    if objects::loses_the_first(file) {
                        return Vec::new();
                    }
                    self.seen(document, file)
                })
                .collect(),
            keys,
            others: chain.iter().chain(spare).chain(behind).collect(),
            saml: self.saml,
            level: self.level_at_load(),
            run_as: self.run_as.as_ref(),
        }
    }

    /// The certificates that the server takes from a file; all of them where it
    /// takes none, so that more than that can be said.
    fn seen<'o, 'd>(&self, document: &Document, file: &'o [Object<'d>]) -> Vec<&'o Object<'d>> {
        let whole = self.server.chain == ChainSource::FirstOnly;
        let loading = self.server.load(document).filter(|it| it.taken && !whole);
        let seen: Option<BTreeSet<usize>> =
            loading.map(|it| it.certificates.into_iter().flatten().collect());
        let is_seen = |object: &&Object<'_>| {
            object.certificate().is_some()
                && seen
                    .as_ref()
                    .is_none_or(|seen| seen.contains(&object.place))
        };
        file.iter().filter(is_seen).collect()
    }

    /// The checks of the certificate by itself.
    fn own_checks(&self, any: bool) -> Vec<Check> {
        let own = |name| {
            if any {
                Check::ran(name)
            } else {
                Check::impossible(name, "no certificate could be read")
            }
        };
        let names = if self.hosts.is_empty() {
            Check::not_applicable("names", "no --host was given")
        } else {
            own("names")
        };
        vec![own("validity"), names, own("purpose"), own("strength")]
    }
}
