//! Places of the settings that differ in nothing but their names are judged once.
//!
//! A hoster has some thousand virtual hosts with a few certificates. The answer of one holds for
//! the next one if all inputs but the names are the same, and if the names say nothing:
//! every client takes each of them, and no text of the answer mentions one. Otherwise the place
//! is judged by itself. A limited number of answers is kept, the last ones, as hosts of one
//! certificate are next to each other.

use super::place::Compared;
use super::{ClientVerdict, Preflight, PreflightResult};
use crate::answer::Answer;
use crate::client::NameComparisons;
use crate::finding::Part;
use crate::model::Certificate;
use crate::server_name::{ServerName, Wildcards};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many answers are kept to compare with.
const MOST: usize = 32;

/// The answer of a place, without the rows of the clients, and these, which all endpoints of
/// such places share.
pub(super) struct Judged {
    pub(super) answer: Answer<PreflightResult>,
    pub(super) clients: Arc<[ClientVerdict]>,
}

impl Judged {
    pub(super) fn of(place: &Preflight) -> (Self, Compared) {
        let (mut answer, compared) = place.judge_place();
        let clients = std::mem::take(&mut answer.result.clients).into();
        (Self { answer, clients }, compared)
    }

    /// Whether a text of the answer mentions the name.
    fn mentions(&self, name: &ServerName) -> bool {
        let answer = &self.answer;
        let reasons = self
            .clients
            .iter()
            .map(|row| (&row.reason, &row.boundaries));
        let reasons: Vec<_> = reasons.collect();
        let startup = &answer.result.startup;
        let texts = format!("{:?}", (&answer.findings, &answer.checks, startup, reasons));
        let texts = texts.to_ascii_lowercase();
        texts.contains(&name.to_string().to_ascii_lowercase())
    }
}

/// An answer, and for which places it holds.
struct Kept {
    place: Preflight,
    judged: Arc<Judged>,
    /// The certificates to which the names were compared, in DER, if the names say nothing.
    silent: Option<Compared>,
}

/// The answers of places that were judged.
#[derive(Default)]
pub(super) struct Alike {
    kept: VecDeque<Kept>,
    comparisons: Option<NameComparisons>,
}

impl Alike {
    /// The answer of the place, or that of an earlier one that differs in nothing that matters.
    pub(super) fn judge(&mut self, place: &Preflight) -> Arc<Judged> {
        let comparisons = self
            .comparisons
            .get_or_insert_with(|| NameComparisons::of(place.clients_met()));
        let holds = |kept: &&Kept| {
            kept.place.differs_only_in_names(place)
                && (kept.place.hosts == place.hosts
                    || kept.silent.as_ref().is_some_and(|compared| {
                        !place.hosts.is_empty() && say_nothing(place, compared, comparisons)
                    }))
        };
        if let Some(known) = self.kept.iter().rev().find(holds) {
            let lines = |place: &Preflight| {
                let endpoint = place.endpoint.as_ref()?;
                Some((endpoint.protocols_in.clone(), endpoint.protocols.clone()))
            };
            // What is found in a setting is found at its line.
            if lines(&known.place) == lines(place) || !known.judged.is_of_protocols() {
                return Arc::clone(&known.judged);
            }
        }
        let (judged, compared) = Judged::of(place);
        let judged = Arc::new(judged);
        let silent = !place.hosts.is_empty()
            && say_nothing(place, &compared, comparisons)
            && !place.hosts.iter().any(|name| judged.mentions(name));
        if self.kept.len() >= MOST {
            let _ = self.kept.pop_front();
        }
        self.kept.push_back(Kept {
            place: place.clone(),
            judged: Arc::clone(&judged),
            silent: silent.then_some(compared),
        });
        judged
    }
}

impl Judged {
    /// Whether something was found in the setting of protocol versions.
    fn is_of_protocols(&self) -> bool {
        let mut findings = self.answer.findings.iter();
        findings.any(|finding| finding.subject.part == Part::ProtocolString)
    }
}

/// Whether nothing is to be said of the names of a place before these certificates: all clients
/// take them, and none has a form of which something is said anywhere.
fn say_nothing(place: &Preflight, compared: &Compared, comparisons: &NameComparisons) -> bool {
    let is_plain = |name: &ServerName| match name {
        ServerName::Dns(name) => name
            .split('.')
            .all(|label| !label.starts_with('-') && !label.ends_with('-') && !label.contains('_')),
        _ => false,
    };
    let by_name = place
        .endpoint
        .as_ref()
        .is_none_or(|endpoint| endpoint.by_name);
    !by_name
        && place.hosts.iter().all(is_plain)
        && compared.iter().all(|der| {
            Certificate::parse(der).is_ok_and(|certificate| {
                let of = |name: &ServerName| name.check(&certificate, Wildcards::Anywhere).is_ok();
                place.hosts.iter().all(of) && comparisons.accept(&certificate, &place.hosts)
            })
        })
}

/// Whether two of the files, or of what is shared between places, are one and the same.
trait Same {
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: ?Sized> Same for Arc<T> {
    fn is_same(&self, other: &Self) -> bool {
        Self::ptr_eq(self, other)
    }
}

impl<T: Same> Same for Option<T> {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(own), Some(other)) => own.is_same(other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Same> Same for Vec<T> {
    fn is_same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other)
                .all(|(own, other)| own.is_same(other))
    }
}

impl Preflight {
    /// Whether the other place has the same inputs but for its names, and the line of its setting
    /// of protocol versions. Every field is named, so that a new one does not compile
    /// before it is decided whether it is compared.
    fn differs_only_in_names(&self, other: &Self) -> bool {
        let Self {
            server,
            at,
            certificate_files,
            key_files,
            chain_file,
            ca_files,
            crl_files,
            protocols,
            hosts: _,
            clients,
            anchors,
            passphrase,
            saml,
            run_as,
            above_settings,
            settings_owner,
            settings_in_place,
            expires_within,
            system,
            version,
            given,
            settings,
            found,
            endpoint,
            password_file,
            user,
            as_client,
            blocklist,
            computed,
            forecast,
            compares_versions,
            loads,
        } = self;
        let same_endpoint = match (endpoint, &other.endpoint) {
            (Some(own), Some(other)) => own.differs_only_in_lines(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        same_endpoint
            && std::ptr::eq(*server, other.server)
            && certificate_files.is_same(&other.certificate_files)
            && key_files.is_same(&other.key_files)
            && chain_file.is_same(&other.chain_file)
            && ca_files.is_same(&other.ca_files)
            && crl_files.is_same(&other.crl_files)
            && anchors.is_same(&other.anchors)
            && passphrase.is_same(&other.passphrase)
            && given.is_same(&other.given)
            && settings.is_same(&other.settings)
            && found.is_same(&other.found)
            && password_file.is_same(&other.password_file)
            && blocklist.is_same(&other.blocklist)
            && computed.is_same(&other.computed)
            && loads.is_same(&other.loads)
            && *at == other.at
            && *protocols == other.protocols
            && *clients == other.clients
            && *saml == other.saml
            && *run_as == other.run_as
            && *above_settings == other.above_settings
            && *settings_owner == other.settings_owner
            && *settings_in_place == other.settings_in_place
            && *expires_within == other.expires_within
            && *system == other.system
            && *version == other.version
            && *user == other.user
            && *as_client == other.as_client
            && *forecast == other.forecast
            && *compares_versions == other.compares_versions
    }
}
