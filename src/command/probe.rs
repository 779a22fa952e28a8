//! What a live server sent, judged: its chain by itself, and compared with
//! what was expected.

mod compare;
#[cfg(feature = "probe")]
mod identity;
mod offers;
mod result;
mod several;

#[cfg(feature = "probe")]
pub use identity::client_identity;
pub use result::{ChainSeen, ClientSeen, Compared, OnTheWire, ProbeResult, VersionSeen};
pub use several::{Probed, Probes, several};

use crate::Time;
use crate::answer::{Answer, Check};
use crate::encoding::{Document, to_pem};
use crate::finding::{Code, Part, Subject};
use crate::model::Certificate;
use crate::preflight::{Preflight, PreflightResult};
use crate::probe::{Answered, Asked, Failure, Handshake, Seen, StartTls};
use crate::protocol::Version;
use crate::rule::{self, Finding, WireFact};
use crate::server::Profile;
use crate::server_name::ServerName;
use crate::source::Source;
use crate::trust_store::Anchors;
use result::{chain_seen, version_seen};
use std::sync::Arc;

/// What to judge, and by what.
#[derive(Debug)]
#[non_exhaustive]
pub struct Probe<'a> {
    /// What was asked.
    pub asked: &'a Asked,
    /// What was seen.
    pub seen: &'a Seen,
    /// The moment of judgement.
    pub at: Time,
    /// The names that clients use; if empty, the requested name.
    pub hosts: Vec<ServerName>,
    /// Whether clients use the requested name or one of `hosts`; if not, the certificate is not
    /// compared with a name.
    pub names_known: bool,
    /// What the clients trust.
    pub anchors: Option<Arc<Anchors>>,
    /// A file whose certificates should be on the wire, in its order.
    pub expected: Option<Document>,
    /// The given files, and what a server would do with them.
    pub predicted: Option<PreflightResult>,
    /// Warn of certificates that end within this many days; `None`: within a third of their life,
    /// at most 30 days.
    pub expires_within: Option<u32>,
}

impl<'a> Probe<'a> {
    /// The chain by itself.
    pub fn of(asked: &'a Asked, seen: &'a Seen, at: Time) -> Self {
        Self {
            asked,
            seen,
            at,
            hosts: Vec::new(),
            names_known: true,
            anchors: None,
            expected: None,
            predicted: None,
            expires_within: None,
        }
    }

    #[cfg(feature = "probe")]
    fn shows_client(&self) -> bool {
        self.asked.client.is_some()
    }

    #[cfg(not(feature = "probe"))]
    fn shows_client(&self) -> bool {
        false
    }

    /// Judges what was seen.
    pub fn judge(mut self) -> Answer<ProbeResult> {
        let target = target(self.asked);
        let mut result = ProbeResult {
            address: self.seen.address.clone(),
            server_name: self.asked.server_name.clone(),
            starttls: self.asked.starttls.map(StartTls::as_str),
            target: target.clone(),
            versions: self.seen.versions.iter().map(version_seen).collect(),
            ..ProbeResult::default()
        };
        let place = Subject::file(format!("tls://{target}"));
        if self.hosts.is_empty() && self.names_known {
            self.hosts.extend(self.asked.server_name.parse().ok());
        }
        let handshake = match &self.seen.handshake {
            Ok(handshake) => handshake,
            Err(failure) => {
                let fact = match failure {
                    Failure::NotTls { what, hint } => WireFact::NotTls(rule::wire::NotTls {
                        what: what.clone(),
                        hint: hint.map(str::to_owned),
                    }),
                    failure => WireFact::NoHandshake(rule::wire::NoHandshake {
                        reason: failure.to_string(),
                    }),
                };
                result.failure = Some(failure.to_string());
                let finding = Finding::new(fact, place);
                return Answer::new(result, vec![finding], vec![Check::ran("handshake")], []);
            }
        };
        result.asks_client = handshake.asks_client;
        result.showed_client = self.shows_client();
        let handshakes: Vec<&Handshake> = std::iter::once(handshake)
            .chain(&self.seen.others)
            .collect();
        result.chains = handshakes
            .iter()
            .map(|handshake| chain_seen(handshake))
            .collect();
        describe(&mut result);
        let mut findings = Vec::new();
        let mut checks = vec![Check::ran("handshake"), self.kinds()];
        let anchors = self.anchors.take();
        let mut places = Vec::new();
        for (handshake, chain) in handshakes.iter().zip(&result.chains) {
            // The first is the server's answer to everyone.
            let place = match (places.is_empty(), chain.key) {
                (false, Some(key)) => Subject::file(format!("{} ({key})", place.source)),
                _ => place.clone(),
            };
            if let Some(reason) = handshake
                .failure
                .as_ref()
                .filter(|_| handshake.certificates.is_empty())
            {
                checks.push(Check::impossible("chain", reason.clone()));
                places.push(place.source);
                continue;
            }
            let (found, made) = self.chain(handshake, anchors.clone(), &place.source);
            findings.extend(found);
            if places.is_empty() {
                checks.extend(made);
            }
            if places.is_empty() {
                findings.extend(refused(handshake, result.showed_client, (&target, &place)));
            }
            let leaf = handshake.certificates.first();
            if let Some(leaf) = leaf.and_then(|der| Certificate::parse(der).ok()) {
                findings.extend(own(&leaf, handshake, &place));
            }
            places.push(place.source);
        }
        let (found, check) = self.versions(&place);
        findings.extend(found);
        checks.push(check);
        let (found, check) = offers::judge(self.seen, &place);
        // It was already reported that no current version answers.
        let no_version = findings
            .iter()
            .any(|finding| finding.code() == Code::WireNoModernVersion);
        findings.extend(
            found
                .into_iter()
                .filter(|finding| !no_version || !offers::is_of_version(finding)),
        );
        checks.push(check);
        if let Some(predicted) = &self.predicted {
            findings.extend(offers::against(self.seen, predicted, &place));
        }
        result.clients = self.seen.offers.iter().map(offers::client_seen).collect();
        let (found, check) = self.compare(&mut result, &handshakes, &place);
        findings.extend(found);
        checks.push(check);
        Answer::new(result, findings, checks, places.iter().map(String::as_str))
    }

    /// Whether a certificate was asked for with each kind of key.
    fn kinds(&self) -> Check {
        match self.seen.not_asked.as_slice() {
            [] => Check::ran("key-types"),
            kinds => Check::not_asked(
                "key-types",
                format!(
                    "certcheck ran out of time before it could tell whether there is another certificate, with a key of type {}",
                    kinds.join(", ")
                ),
            ),
        }
    }

    /// The chain as it was sent, judged as if an unknown kind of server had it in a file.
    fn chain(
        &self,
        handshake: &Handshake,
        anchors: Option<Arc<Anchors>>,
        name: &str,
    ) -> (Vec<Finding>, Vec<Check>) {
        let Some(generic) = Profile::named("generic") else {
            return (Vec::new(), Vec::new());
        };
        let mut preflight = Preflight::new(generic, self.at)
            .expires_within(self.expires_within)
            .certificate_file(Source::new(name, pem(&handshake.certificates).into_bytes()));
        for host in &self.hosts {
            preflight = preflight.host(host.clone());
        }
        if let Some(anchors) = anchors {
            preflight = preflight.anchors(anchors);
        }
        let answer = preflight.run();
        let of_files = ["encoding", "key-match", "protocols"];
        let checks = answer
            .checks
            .into_iter()
            .filter(|check| !of_files.contains(&check.name));
        let findings = answer.findings.into_iter().map(|mut finding| {
            if finding.subject.source == name {
                finding.subject.lines = None;
            }
            finding
        });
        (findings.collect(), checks.collect())
    }

    fn versions(&self, place: &Subject) -> (Vec<Finding>, Check) {
        let answers = |is: fn(Version) -> bool| -> Vec<String> {
            self.seen
                .versions
                .iter()
                .filter(|version| version.answered == Answered::Yes && is(version.version))
                .map(|version| version.version.as_str().to_owned())
                .collect()
        };
        let unknown = self
            .seen
            .versions
            .iter()
            .find(|version| version.answered == Answered::Unknown);
        let all = answers(|_| true);
        let old = answers(|version| version < Version::TLSv1_2);
        let modern = answers(|version| version >= Version::TLSv1_2);
        let mut findings = Vec::new();
        if !old.is_empty() {
            findings.push(Finding::new(
                rule::wire::OldVersion { versions: old },
                place.clone(),
            ));
        }
        if modern.is_empty() && unknown.is_none() && !all.is_empty() {
            let fact = rule::wire::NoModernVersion {
                versions: all.clone(),
            };
            findings.push(Finding::new(fact, place.clone()));
        }
        let predicted = self
            .predicted
            .as_ref()
            .and_then(|predicted| predicted.protocols.as_ref());
        if let Some(predicted) = predicted
            && unknown.is_none()
            // The defaults are those of one version of the server, and this may be another one.
            && !predicted.by_default
            && predicted.reachable != all
        {
            let fact = rule::wire::VersionsDiffer {
                predicted: predicted.reachable.clone(),
                answered: all,
            };
            findings.push(Finding::new(fact, place.clone()));
        }
        let check = match unknown {
            Some(unknown) => Check::not_asked(
                "versions",
                format!(
                    "certcheck could not determine whether the server accepts {}: {}",
                    unknown.version.as_str(),
                    unknown.reason.as_deref().unwrap_or("no answer")
                ),
            ),
            None => Check::ran("versions"),
        };
        (findings, check)
    }
}

/// The first chain in the result's own fields.
fn describe(result: &mut ProbeResult) {
    let Some(first) = result.chains.first().cloned() else {
        return;
    };
    result.presented = first
        .certificates
        .iter()
        .map(|certificate| certificate.sha256)
        .collect();
    result.certificates = first.certificates;
    result.version = first.version;
    result.cipher = first.cipher;
    result.key_proven = first.key_proven;
    result.stapled = first.stapled;
    result.failure = first.failure;
}

/// A handshake that ended after the server asked for a client certificate and got one.
fn refused(
    handshake: &Handshake,
    shown: bool,
    (server, place): (&str, &Subject),
) -> Option<Finding> {
    let reason = handshake.failure.clone()?;
    let asked = shown && handshake.asks_client == Some(true);
    asked.then(|| {
        let fact = rule::handshake::ClientCertificate {
            server: server.to_owned(),
            reason,
            says: String::new(),
            fix: "show a certificate that a CA of the server's client CA setting issued, with its \
                  intermediates and the purpose clientAuth; the server's log has its reason"
                .to_owned(),
        };
        Finding::new(fact, place.clone())
    })
}

/// The findings about the server's own certificate on the wire.
fn own(leaf: &Certificate<'_>, handshake: &Handshake, place: &Subject) -> Vec<Finding> {
    // TLS feature (RFC 7633), 1.3.6.1.5.5.7.1.24: status_request is number 5.
    const TLS_FEATURE: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x01\x18";
    let subject = || leaf.subject().to_string();
    let place = Subject {
        part: Part::Certificate,
        ..place.clone()
    };
    let mut findings = Vec::new();
    if handshake.key_proven == Some(false) {
        let fact = rule::wire::KeyNotProven { subject: subject() };
        findings.push(Finding::new(fact, place.clone()));
    }
    let demands = leaf.extensions().iter().any(|extension| {
        extension.oid.as_bytes() == TLS_FEATURE && extension.value.ends_with(&[2, 1, 5])
    });
    if demands && !handshake.stapled && handshake.failure.is_none() {
        let fact = rule::wire::NotStapled { subject: subject() };
        findings.push(Finding::new(fact, place));
    }
    findings
}

/// Host and port, an IPv6 address in brackets.
fn target(asked: &Asked) -> String {
    if asked.host.contains(':') {
        format!("[{}]:{}", asked.host, asked.port)
    } else {
        format!("{}:{}", asked.host, asked.port)
    }
}

/// The certificates of a chain as PEM, in their order.
pub fn pem<C: AsRef<[u8]>>(certificates: &[C]) -> String {
    certificates
        .iter()
        .map(|der| to_pem("CERTIFICATE", der.as_ref()).to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Probe;
    use crate::encoding::Document;
    use crate::finding::Code;
    use crate::probe::{Asked, Handshake, Seen};
    use crate::source::Source;

    /// PostgreSQL's settings have no name, and its clients do not use the address of loopback.
    #[test]
    fn without_a_known_name_the_certificate_is_compared_with_none() {
        let text = include_bytes!("../../testdata/pki/server.crt").to_vec();
        let file = Document::read(Source::new("server.crt", text));
        let seen = Seen {
            address: "127.0.0.1:5432".to_owned(),
            handshake: Ok(Handshake {
                certificates: file.certificates().map(|(_, der)| der.to_vec()).collect(),
                version: None,
                cipher: None,
                key_proven: None,
                stapled: false,
                asks_client: None,
                failure: None,
            }),
            versions: Vec::new(),
            others: Vec::new(),
            not_asked: Vec::new(),
            offers: Vec::new(),
        };
        let asked = Asked::of("127.0.0.1", 5432);
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        let mismatch = |names_known: bool| {
            let mut probe = Probe::of(&asked, &seen, at);
            probe.names_known = names_known;
            let answer = probe.judge();
            let mut codes = answer.findings.iter().map(|finding| finding.code());
            codes.any(|code| code == Code::CertificateNameMismatch)
        };
        assert!(mismatch(true) && !mismatch(false));
    }
}
