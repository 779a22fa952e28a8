//! One server, or one place of its settings: every question, in the order in which the
//! server and then its clients meet them (docs/architecture.md has the picture).

use super::alike::Compared;
use super::asked::Asked;
use super::certificates::Demands;
use super::client_refusals::Known;
use super::clients::{ClientInputs, Clients};
use super::endpoints::settings_check;
use super::inputs::Inputs;
use super::keys::Pair;
use super::keys::mismatch::leave_to_mistake;
use super::revocation::Lists;
use super::{Preflight, PreflightResult, Protocols};
use super::{files, given_to, handshake, startup};
use crate::answer::{Answer, Check};
use crate::finding::{Code, Severity, Subject};
use crate::model::Certificate;
use crate::objects::{self, Object, Opened};
use crate::rule::Finding;
use crate::server::ChainSource;
use crate::trust_store::Anchors;

/// Why a client that speaks TLS at once is not asked.
const PROXIED: &str = "the server expects the PROXY protocol first and rejects a client that starts with TLS; certcheck did not judge what is in front of the server";

/// Why certcheck does not judge the clients' own certificates.
const DEMANDED: &str =
    "the server requires a certificate from every client; certcheck did not judge the clients' own";

/// The name under which findings report options that replace settings.
const OPTIONS: &str = "options";

impl Preflight {
    /// Every question about one server: a whole server without settings, or one place of its
    /// settings.
    pub(super) fn place(&self) -> Answer<PreflightResult> {
        self.judge_place(&Asked::default()).0
    }

    /// The same, with the certificates that the names were compared to; `asked` has what the
    /// clients said about places that differ only in their names.
    pub(super) fn judge_place(&self, asked: &Asked) -> (Answer<PreflightResult>, Compared) {
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
        let inputs = Inputs {
            certificates: &certificates,
            keys: &keys,
            chain: &chain,
            ca: &ca,
            crls: &crls,
        };
        let mut place = Place::new(self, &inputs);
        let pairs = place.reads();
        let offered = place.offers();
        let presented = place.presents(&pairs, offered.protocols.as_ref());
        let ask = || place.asks(&presented, offered.protocols.as_ref());
        // If names select the certificates, places with other names show others.
        let clients = if presented.by_name {
            ask()
        } else {
            let shown = presented.shown.iter();
            let leaves: Vec<_> = shown.filter_map(|(sent, _)| sent.first()).collect();
            asked.clients(&self.hosts, &leaves, ask)
        };
        place.settles(&pairs, &presented, &clients);
        let compared = presented.compared.iter();
        let compared = compared
            .map(|certificate| certificate.der().to_vec())
            .collect();
        (place.finish(offered, &pairs), compared)
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

    /// Whether the settings demand the PROXY protocol before TLS.
    fn demands_proxy(&self) -> bool {
        self.endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.proxy_protocol)
    }

    /// Whether the settings demand a certificate from every client.
    fn demands_certificate(&self) -> bool {
        self.endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.client_auth)
    }
}

/// What was found out so far.
struct Place<'o, 'd> {
    preflight: &'o Preflight,
    inputs: &'o Inputs<'o, 'd>,
    /// What the clients trust; `None`: no anchors were given.
    anchors: Option<Vec<Certificate<'o>>>,
    findings: Vec<Finding>,
    checks: Vec<Check>,
    result: PreflightResult,
}

/// What the protocol string offers. It is reported last.
struct Offered {
    findings: Vec<Finding>,
    protocols: Option<Protocols>,
    check: Check,
}

/// What the server presents, chain by chain.
#[derive(Default)]
struct Presents<'o, 'd> {
    /// For each chain that the requested host may get: what is sent, and the topmost issuer if no
    /// anchors were given.
    shown: Vec<(Vec<Certificate<'d>>, Vec<Certificate<'d>>)>,
    /// Whether every chain that the host could get was read.
    whole: bool,
    /// Whether the host selects the chains.
    by_name: bool,
    /// Every certificate of every chain.
    certificates: Vec<Certificate<'d>>,
    /// Those to which the names are compared: the server's own one of each chain, and what clients
    /// mistake for it.
    compared: Vec<Certificate<'d>>,
    /// The server's own certificate: the first that was read.
    own: Option<&'o Object<'d>>,
    /// The one that each chain begins with.
    first: Vec<given_to::Own>,
    /// Why a certificate could not be read.
    lost: Option<String>,
    checks: Vec<Check>,
}

impl<'o, 'd> Place<'o, 'd> {
    fn new(preflight: &'o Preflight, inputs: &'o Inputs<'o, 'd>) -> Self {
        let anchors = preflight.anchors.as_ref().map(|anchors| {
            let parse = |der| {
                Some(
                    Certificate::parse(der)
                        .ok()?
                        .sharing(Some(&preflight.computed)),
                )
            };
            anchors.certificates().filter_map(parse).collect()
        });
        Self {
            preflight,
            inputs,
            anchors,
            findings: Vec::new(),
            checks: Vec::new(),
            result: PreflightResult::of(preflight.server.name()),
        }
    }

    /// Does the server read its files, and does each key fit?
    fn reads(&mut self) -> Vec<Pair<'o, 'd>> {
        let preflight = self.preflight;
        self.findings.extend(preflight.judge_files(self.inputs));
        self.checks.push(Check::ran("encoding"));
        let unopened = self.inputs.files().find_map(objects::unopened);
        self.checks
            .extend(unopened.map(|reason| Check::impossible("containers", reason)));
        // If there are settings, the files of all places are judged together.
        if preflight.endpoint.is_none() {
            let (found, missed) = preflight.together(self.inputs.files().flatten());
            self.findings.extend(found);
            self.checks.extend(missed);
        }
        let judged = preflight.keys(self.inputs).judge();
        self.findings.extend(judged.findings);
        if preflight.offers_dss() {
            // Some clients have such a suite, so each is asked.
            self.findings
                .retain(|finding| finding.code() != Code::KeyDsaUnusable);
        }
        self.checks.push(judged.check);
        judged.pairs
    }

    /// Which protocol versions does it offer?
    fn offers(&self) -> Offered {
        let (findings, protocols, check) = self.preflight.judge_protocols();
        Offered {
            findings,
            protocols,
            check,
        }
    }

    /// Which certificates does it send, and is each chain complete?
    fn presents(
        &mut self,
        pairs: &[Pair<'o, 'd>],
        protocols: Option<&Protocols>,
    ) -> Presents<'o, 'd> {
        let mut presents = Presents {
            lost: objects::lost(self.inputs.of_certificates()),
            ..Presents::default()
        };
        let only_key_transport = self.preflight.offers_only_key_transport(protocols);
        let by_name = self.preflight.shown_for_host(self.inputs.certificates);
        let replaced = self.preflight.replaced(pairs);
        for (place, (pair, file)) in pairs.iter().zip(self.inputs.certificates).enumerate() {
            if replaced.contains(&place) {
                self.findings.extend(self.preflight.never_sent(pair));
                continue;
            }
            let shown = by_name
                .as_ref()
                .is_none_or(|places| places.contains(&place));
            self.presents_one(pair, file, (shown, only_key_transport), &mut presents);
        }
        // A chain that was not read may be the one that a client gets.
        let sent = pairs.len() - replaced.len();
        let expected = by_name.as_ref().map_or(sent, Vec::len);
        presents.by_name = by_name.is_some();
        presents.whole = presents.shown.len() == expected
            && presents.shown.iter().all(|(sent, _)| !sent.is_empty());
        presents
    }

    fn presents_one(
        &mut self,
        pair: &Pair<'o, 'd>,
        file: &'o [Object<'d>],
        (shown, only_key_transport): (bool, bool),
        presents: &mut Presents<'o, 'd>,
    ) {
        if objects::loses_the_first(file) {
            self.result.presented.extend(files::digests(file));
            return;
        }
        let preflight = self.preflight;
        let (presented, sent, places) =
            preflight.presented(pair, self.inputs.chain, self.inputs.ca);
        let lists = Lists::of(self.inputs.crls);
        let chain = presented.arranged_with(preflight.anchors.as_deref(), lists, preflight.at);
        presents
            .certificates
            .extend_from_slice(chain.certificates());
        if let Some(end_entity) = chain.end_entity() {
            presents.own.get_or_insert(end_entity);
            presents.compared.extend(end_entity.certificate().cloned());
            let demands = Demands {
                server: preflight.server,
                at: preflight.at,
                expires_within: preflight.expires_within,
                hosts: if shown { &preflight.hosts } else { &[] },
                only_key_transport,
            };
            self.findings.extend(demands.end_entity(end_entity));
            let unsent = preflight.unsent(pair, &chain);
            let mut found = chain.findings(&demands);
            if unsent.is_some() && preflight.is_whole(pair, &demands) {
                // The finding is that it is in the file and not sent.
                found.retain(|finding| finding.code() != Code::ChainMissingIntermediate);
            }
            if presents.lost.is_some() {
                // What cannot be read may be what seems to be missing.
                let missing = [Code::ChainMissingIntermediate, Code::ChainUntrustedRoot];
                found.retain(|finding| !missing.contains(&finding.code()));
            }
            let found = found.into_iter();
            self.findings
                .extend(found.map(|finding| preflight.where_to(finding, pair, self.inputs)));
            self.findings.extend(unsent);
        }
        presents.checks = chain.checks();
        if !shown {
            return;
        }
        if presents.lost.is_some() && preflight.server.chain == ChainSource::WholeFile {
            // Each at its place, read or not.
            self.result.presented.extend(files::digests(file));
        } else {
            let digests = sent.iter().map(Certificate::sha256);
            self.result.presented.extend(digests);
        }
        self.result.sent.extend(places);
        presents.compared.extend(sent.first().cloned());
        if let (Some(own), Some(first)) = (sent.first(), pair.certificates.first()) {
            presents.first.push((own.sha256(), first.subject().source));
        }
        let top = match &self.anchors {
            Some(_) => Vec::new(),
            None => chain.topmost(&sent).into_iter().collect(),
        };
        presents.shown.push((sent, top));
    }

    /// Does each client accept: does the handshake succeed, and does it parse the certificates,
    /// find a path, and find the name?
    fn asks(&self, presented: &Presents<'o, 'd>, protocols: Option<&Protocols>) -> Clients {
        let preflight = self.preflight;
        let given = preflight.anchors.as_deref();
        let settings = given.map_or_else(Vec::new, Anchors::trust_settings);
        let loads = preflight.loads();
        let own_stores: Vec<_> = loads
            .iter()
            .map(|load| load.certificates(&preflight.computed))
            .collect();
        let files = self.inputs.all_certificates();
        let chains: Vec<_> = presented
            .shown
            .iter()
            .map(|(sent, _)| sent.as_slice())
            .collect();
        let meetings = if presented.whole {
            preflight.meetings(&chains, protocols)
        } else {
            Vec::new()
        };
        let mut clients = Clients::default();
        for (place, (sent, top)) in presented.shown.iter().enumerate() {
            if sent.is_empty() {
                continue;
            }
            let inputs = ClientInputs {
                sent,
                files: &files,
                anchors: self.anchors.as_deref().unwrap_or(top),
                assumed: self.anchors.is_none(),
                place,
                meetings: &meetings,
                demands_certificate: preflight.demands_certificate(),
                demands_proxy: preflight.demands_proxy(),
                settings: &settings,
                loads,
                own_stores: &own_stores,
            };
            preflight.ask(&mut clients, &inputs, &self.findings);
        }
        if let Some(reason) = &presented.lost {
            clients.lose(preflight.all_clients(), reason);
        }
        clients
    }

    /// How the clients' answers change the findings, and which questions were asked.
    fn settles(&mut self, pairs: &[Pair<'_, '_>], presented: &Presents<'o, 'd>, clients: &Clients) {
        let preflight = self.preflight;
        if let Some(reason) = &presented.lost {
            self.checks
                .push(Check::impossible("certificates", reason.clone()));
        }
        if !startup::only_dsa(pairs) {
            for finding in &mut self.findings {
                if finding.code() == Code::KeyDsaUnusable {
                    finding.severity = Severity::Warning;
                }
            }
        }
        let files = self.inputs.all_certificates();
        let anchors = self.anchors.iter().flatten();
        let known: Vec<_> = files.iter().chain(anchors).cloned().collect();
        let loads = preflight.loads();
        let known = Known {
            own: presented.own,
            files: &files,
            all: &known,
            loads,
        };
        preflight.settle(clients, &known, &mut self.findings);
        if presented.whole {
            preflight.weigh_by_receivers(clients, &presented.first, &mut self.findings);
        }
        self.result.clients = preflight.rows(clients);
        self.result.assumed_anchor = clients.assumed;
        let lists = preflight.judge_lists(self.inputs.crls, &presented.certificates);
        self.findings.extend(lists);
        let judged = presented.own.is_some();
        self.checks.extend(presented.checks.iter().cloned());
        if judged {
            self.checks.push(preflight.clients_check(clients));
        }
        self.checks.extend(preflight.own_checks(judged));
        self.checks.push(preflight.revocation_check(judged));
        self.findings.extend(preflight.client_ca());
        if preflight.demands_certificate() {
            self.checks
                .push(Check::not_asked("client-certificates", DEMANDED));
        }
        if preflight.demands_proxy() {
            self.checks
                .push(Check::not_asked("proxy-protocol", PROXIED));
        }
        if let (None, Some(given)) = (&preflight.endpoint, &preflight.given) {
            let options = Subject::file(OPTIONS);
            let facts = given.facts.iter();
            self.findings
                .extend(facts.map(|(fact, _)| Finding::new(fact.clone(), options.clone())));
            self.checks
                .push(settings_check(preflight.server, OPTIONS, given));
        }
    }

    /// Does the server start with all that? If not, no client connects.
    fn finish(mut self, offered: Offered, pairs: &[Pair<'_, '_>]) -> Answer<PreflightResult> {
        let preflight = self.preflight;
        self.findings.extend(offered.findings);
        self.checks.push(offered.check);
        self.result.protocols = offered.protocols;
        let protocols = self.result.protocols.as_ref();
        self.result.startup = preflight.startup(self.inputs, pairs, &self.findings, protocols);
        self.result.without_server();
        handshake::leave_to_causes(&mut self.findings, self.result.startup.as_ref());
        leave_to_mistake(&mut self.findings);
        let findings = self.findings.into_iter();
        let findings = findings
            .map(|finding| preflight.explained(finding))
            .collect();
        Answer::new(self.result, findings, self.checks, preflight.names())
    }
}
