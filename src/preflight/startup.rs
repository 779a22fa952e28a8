//! Would the server start with these files, and what would it say?

mod files;
mod implied_failures;
mod loads;
mod messages;
mod reload;

use super::endpoint::Endpoint;
use super::inputs::Inputs;
use super::keys::Pair;
use super::refused_settings::refusal;
use super::result::StartupOutcome;
use super::{Preflight, StartupResult};
use crate::encoding::Form;
use crate::finding::{Code, Severity, Subject};
use crate::key_file;
use crate::model::{KeyAlgorithm, KeyProblem, PublicKey};
use crate::objects::loading::server_key;
use crate::objects::{Content, Object};
use crate::rule::{self, Finding};
use crate::server::authority_file::Reading;
use crate::server::settings::FileUse;
use crate::server::startup::{self, Condition, FileState, StartOutcome};
use crate::server::{Loaders, presumes_a_start};
use crate::validity::Validity;
use files::{Wanted, is_key, state, state_of};
pub(super) use loads::is_same_type;
pub(super) use messages::named;
use std::sync::Arc;

/// A place where TLS is off: nothing about it is checked.
pub(super) fn without_tls() -> StartupResult {
    StartupResult {
        outcome: StartupOutcome::StartsWithoutTls,
        message: None,
        reload: None,
    }
}

/// What a finding means for a server that starts does not apply to one that does not start.
pub(super) fn leave_to_the_start(findings: &mut [Finding], startup: Option<&StartupResult>) {
    let fails = [
        StartupOutcome::RefusesAtConfigTest,
        StartupOutcome::FailsAtStart,
    ];
    if startup.is_none_or(|startup| !fails.contains(&startup.outcome)) {
        return;
    }
    for finding in findings {
        let presumes = |words: &String| presumes_a_start(words);
        if finding.consequence.as_ref().is_some_and(presumes) {
            finding.consequence = None;
        }
    }
}

/// How a server that does not serve notices it.
fn noticed(outcome: StartupOutcome) -> Option<StartOutcome> {
    Some(match outcome {
        StartupOutcome::RefusesAtConfigTest => StartOutcome::ConfigTestFails,
        StartupOutcome::FailsAtStart => StartOutcome::StartFails,
        StartupOutcome::FailsAtHandshake => StartOutcome::HandshakeFails,
        _ => return None,
    })
}

/// Whether a finding explains that failure.
fn explains(noticed: StartOutcome, finding: &Finding) -> bool {
    finding.severity == Severity::Error
        && (noticed == StartOutcome::HandshakeFails || !is_of_clients(finding.code()))
}

/// Makes firm what keeps the server from starting. Otherwise a waiver would make a pass of it, long
/// after it was written.
pub(super) fn hold(findings: &mut [Finding], startup: Option<&StartupResult>) {
    let stops = startup.and_then(|startup| noticed(startup.outcome));
    let stops = stops.filter(|stops| *stops != StartOutcome::HandshakeFails);
    for finding in findings {
        finding.firm = finding.code() == Code::ConfigRefused
            || stops.is_some_and(|stops| explains(stops, finding));
    }
}

impl Preflight {
    /// The prediction; `None` for `generic`, which means servers that are not known, and if no
    /// files were given to start with.
    pub(super) fn startup(
        &self,
        inputs: &Inputs<'_, '_>,
        pairs: &[Pair<'_, '_>],
        findings: &[Finding],
        protocols: Option<&super::Protocols>,
    ) -> Option<StartupResult> {
        if !self.server.has_startup_rules() {
            return None;
        }
        // The file does not exist yet, so a prediction would be about unknown contents.
        if self.lacks_a_key(inputs) {
            return None;
        }
        let mut conditions = self.conditions(inputs);
        for pair in pairs {
            conditions.extend(self.of_pair(pair, findings));
        }
        // With another key, a DSA key is loaded and never used.
        if !only_dsa(pairs) {
            conditions.retain(|condition| *condition != Condition::Dsa);
        }
        conditions.extend(self.of_keys(inputs));
        let mut all = vec![self.server.startup(&conditions)]
            .into_iter()
            .map(|startup| {
                (
                    startup.outcome,
                    startup.says.into_iter().map(str::to_owned).collect(),
                )
            })
            .collect::<Vec<(StartOutcome, Vec<String>)>>();
        all.extend(self.found_elsewhere(&conditions, inputs, findings));
        let refused = match (&self.endpoint, &self.given) {
            (Some(endpoint), _) => endpoint.refused.clone(),
            (None, Some(given)) => refusal(given),
            (None, None) => None,
        };
        for (place, document) in self.ca_files.iter().enumerate() {
            if document.form() != Form::Empty
                && let Some(Reading::Refused(outcome, message)) =
                    self.authorities_read(place, document)
            {
                all.push((outcome, vec![message]));
            }
        }
        if let Some(refused) = refused {
            all.push((refused.0, vec![refused.1]));
        }
        match protocols {
            Some(protocols) if !protocols.accepted => all.push((
                self.server.refused_settings(),
                self.said(Code::ProtocolIllegalName),
            )),
            Some(protocols) if !protocols.starts => {
                all.push((StartOutcome::StartFails, self.said(Code::ProtocolEmptySet)));
            }
            _ => {}
        }
        // The earliest failure is the one that the administrator sees. Later steps are not reached.
        let outcome = all.iter().map(|(outcome, _)| *outcome).min()?;
        let unread = |endpoint: &Arc<Endpoint>| !endpoint.unread.is_empty();
        if outcome == StartOutcome::Serves && self.endpoint.as_ref().is_some_and(unread) {
            return None;
        }
        let mut says: Vec<String> = Vec::new();
        for line in all
            .into_iter()
            .filter(|known| known.0 == outcome)
            .flat_map(|known| known.1)
        {
            if !says.contains(&line) {
                says.push(line);
            }
        }
        Some(named(outcome, &says))
    }

    /// Whether the server looks for the key in the certificate's file, and neither that
    /// nor another file has one: what will be there then is not known.
    fn lacks_a_key(&self, inputs: &Inputs<'_, '_>) -> bool {
        let in_file = || {
            let readable = inputs.certificates.iter().flatten().any(is_key);
            let files = self.certificate_files.iter();
            readable
                || files.zip(inputs.certificates).any(|(document, objects)| {
                    server_key(self.server, document, objects)
                        .is_some_and(|key| key.section.is_some())
                })
        };
        self.server.key_in_certificate_file()
            && self.endpoint.is_none()
            && self.key_files.is_empty()
            && !in_file()
    }

    /// A server that does not work with these files is an error, even if no
    /// single finding says so: a setting may be missing altogether.
    pub(super) fn unexplained_refusal(
        &self,
        startup: Option<&StartupResult>,
        findings: &[Finding],
    ) -> Option<Finding> {
        let startup = startup?;
        let noticed = noticed(startup.outcome)?;
        if findings.iter().any(|finding| explains(noticed, finding)) {
            return None;
        }
        let fact = rule::config::Refused {
            setting: String::new(),
            message: startup
                .message
                .clone()
                .unwrap_or_else(|| "no certificate has its private key".to_owned()),
            noticed: noticed.noticed().to_owned(),
        };
        let config = self.settings.as_ref().map(|settings| settings.0.clone());
        let first = || {
            let files = self.certificate_files.iter().chain(&self.key_files);
            files
                .map(|document| document.source().name().to_owned())
                .next()
        };
        let source = config.or_else(first)?;
        Some(Finding::new(fact, Subject::file(&source)))
    }

    pub(super) fn said(&self, code: Code) -> Vec<String> {
        self.server
            .consequence(code)
            .map(str::to_owned)
            .into_iter()
            .collect()
    }

    /// The conditions of the files by themselves.
    fn conditions(&self, inputs: &Inputs<'_, '_>) -> Vec<Condition> {
        let mut found = Vec::new();
        if let Some(endpoint) = &self.endpoint {
            found.extend(&endpoint.conditions);
        }
        let certificates = self.certificate_files.iter().zip(inputs.certificates);
        let states: Vec<_> = certificates
            .map(|(document, objects)| self.certificate_state(document, objects))
            .collect();
        if !(self.server.loads_each_alone && states.contains(&None)) {
            found.extend(states.into_iter().flatten().map(Condition::Certificate));
        }
        for document in &self.certificate_files {
            found.extend(self.objections(document));
        }
        found.extend(self.key_conditions(inputs.certificates, inputs.keys));
        if let Some(document) = &self.chain_file {
            found.extend(state(document, inputs.chain, Wanted::Certificate).map(Condition::Chain));
        }
        for (place, document) in self.ca_files.iter().enumerate() {
            // The server's own reader gives a more precise reason.
            let read = self.authorities_read(place, document).is_some();
            if read && document.form() != Form::Empty {
                continue;
            }
            let own: Vec<_> = inputs
                .ca
                .iter()
                .filter(|ca| std::ptr::eq(ca.document, Arc::as_ptr(document)))
                .collect();
            found.extend(state_of(document, &own, Wanted::Certificate).map(Condition::Ca));
        }
        let unread = |usage| {
            self.endpoint
                .as_ref()
                .is_some_and(|endpoint| endpoint.unread(usage).is_some())
        };
        let says = |found: &[Condition], is: fn(&Condition) -> bool| found.iter().any(is);
        // Without settings it is not known whether a certificate is to be loaded, so none is
        // missing.
        if self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| !endpoint.certificate_optional)
        {
            let named = !self.certificate_files.is_empty()
                || unread(FileUse::Certificate)
                || says(&found, |condition| {
                    matches!(condition, Condition::Certificate(_))
                });
            if !named {
                found.push(Condition::Certificate(FileState::NotSet));
            }
            let in_file = inputs.certificates.iter().flatten().any(is_key);
            let named = !self.key_files.is_empty()
                || unread(FileUse::Key)
                || (in_file && self.server.key_in_certificate_file())
                || says(&found, |condition| matches!(condition, Condition::Key(_)))
                // A certificate file that could not be read may also hold the key.
                || unread(FileUse::Certificate);
            if !named {
                found.push(Condition::Key(FileState::NotSet));
            }
            if self
                .endpoint
                .as_ref()
                .is_some_and(|endpoint| endpoint.client_auth && !endpoint.ca_elsewhere)
                && self.ca_files.is_empty()
                && !unread(FileUse::Ca)
            {
                found.push(Condition::ClientAuthWithoutCa);
            }
        }
        found
    }

    /// The conditions of a file's first certificate, which every server uses as its own.
    fn of_pair(&self, pair: &Pair<'_, '_>, findings: &[Finding]) -> Vec<Condition> {
        let mut found = Vec::new();
        let Some(first) = pair.certificates.first() else {
            return found;
        };
        let subject = first.subject();
        let says = |code: Code| {
            findings
                .iter()
                .any(|finding| finding.code() == code && finding.subject == subject)
        };
        // The key belongs to another certificate in the file. Servers compare it with the first one
        // and stop.
        if pair.own.is_some_and(|own| own > 0) {
            found.push(Condition::KeyMismatch);
        }
        if says(Code::CertificateNameMismatch) {
            found.push(Condition::NameMismatch);
        }
        if let Some(certificate) = first.certificate() {
            match Validity::of(certificate, self.at) {
                Validity::Expired { .. } => found.push(Condition::Expired),
                Validity::NotYet { .. } => found.push(Condition::NotYetValid),
                _ => {}
            }
            if certificate.is_ca() {
                found.push(Condition::CaAsServer);
            }
            let key = PublicKey::parse(certificate.spki_der());
            let dsa = key.is_ok_and(|key| *key.algorithm() == KeyAlgorithm::Dsa);
            if dsa && !self.offers_dss() {
                found.push(Condition::Dsa);
            }
        }
        found
    }

    /// The conditions of the private keys.
    fn of_keys(&self, inputs: &Inputs<'_, '_>) -> Vec<Condition> {
        let mut found = Vec::new();
        if self
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.key_first)
        {
            found.push(Condition::KeyFirst);
        }
        let rule = self.server.encrypted_key;
        for key in inputs
            .keys
            .iter()
            .chain(inputs.certificates)
            .flat_map(|file| self.keys_looked_at(file))
        {
            let encrypted = match &key.content {
                Content::PrivateKey(key) => key.encryption().is_some(),
                Content::ClosedKey(problem) => problem.encryption().is_some(),
                _ => false,
            };
            if encrypted
                && rule.can_ask
                && matches!(
                    &key.content,
                    Content::ClosedKey(KeyProblem::WrongPassphrase(_))
                )
            {
                found.push(Condition::WrongPassphrase);
            } else if encrypted && self.nobody_answers() {
                found.push(Condition::KeyEncrypted);
            }
        }
        for document in &self.key_files {
            let source = document.source();
            if self.is_out_of_reach(source) {
                continue;
            }
            let rule = self.server.key_file_rule().owner_rule();
            if let Some((file, rule)) = source.file().zip(rule) {
                let list = source.access_list();
                let problems = key_file::judge_listed(file, list, self.key_service(), rule);
                found.extend(startup::access_condition(&problems));
            }
        }
        found.extend(self.access_conditions());
        found
    }

    /// The keys in a file, up to the first that OpenSSL can read: it looks no further.
    fn keys_looked_at<'o, 'k>(
        &self,
        file: &'o [Object<'k>],
    ) -> impl Iterator<Item = &'o Object<'k>> + use<'o, 'k> {
        let mut keys = file.iter().filter(|object| is_key(object)).peekable();
        let plain = keys.peek().is_some_and(|object| {
            matches!(&object.content, Content::PrivateKey(key) if key.encryption().is_none())
        });
        let first_alone = plain && self.server.loaders != Loaders::Mainstream;
        keys.take(if first_alone { 1 } else { usize::MAX })
    }

    /// Whether no one enters the passphrase when the server starts.
    fn nobody_answers(&self) -> bool {
        let rule = self.server.encrypted_key;
        // Options name no way to ask for a passphrase. Whether there is a terminal is not known,
        // unless the settings tell.
        match &self.endpoint {
            _ if !rule.can_ask => true,
            // The settings are known, and name no way to ask for it.
            Some(endpoint) => rule.asks_at_start && !endpoint.passphrase,
            None => false,
        }
    }
}

/// Whether every certificate of the server has a DSA key; with another kind, a DSA key is loaded
/// and never used (measured: HAProxy 2.6.12).
pub(super) fn only_dsa(pairs: &[Pair<'_, '_>]) -> bool {
    pairs.iter().all(|pair| {
        let own = pair
            .certificates
            .first()
            .and_then(|certificate| certificate.certificate());
        let key = own.and_then(|certificate| PublicKey::parse(certificate.spki_der()).ok());
        key.is_some_and(|key| *key.algorithm() == KeyAlgorithm::Dsa)
    })
}

/// Whether such an error is about what clients do, so that no server fails to start because of it.
const fn is_of_clients(code: Code) -> bool {
    matches!(
        code,
        Code::CertificateNameMismatch
            | Code::CertificatePurpose
            | Code::ChainMissingIntermediate
            | Code::ChainUntrustedRoot
            | Code::ChainServerSendsLeafOnly
            | Code::ChainPathLength
            | Code::ChainNameConstraints
            | Code::ChainNotACa
            | Code::ChainPolicy
            | Code::ChainRevoked
            | Code::ChainRevocationUnknown
            | Code::ChainNoPath
            | Code::ChainClientRefuses
            | Code::ChainKeyIdentifier
            | Code::HandshakeNoAgreement
    )
}
