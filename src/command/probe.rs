//! What was seen of a live server, judged: its chain by itself, and against
//! what was expected.

use super::inspect::names;
use crate::Time;
use crate::answer::{Answer, Check};
use crate::encoding::{Document, to_pem};
use crate::finding::{Finding, Fingerprint, Part, Severity, Subject, WireFact};
use crate::model::{Certificate, sha256};
use crate::objects::Opened;
use crate::preflight::{Preflight, PreflightResult};
use crate::probe::{Answered, Asked, Failure, Handshake, Observed, Seen, StartTls};
use crate::protocol::Version;
use crate::server::Profile;
use crate::server_name::{ServerName, Wildcards};
use crate::source::Source;
use crate::trust_store::Anchors;

/// What a live server showed.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ProbeResult {
    /// Host and port, as they were asked.
    pub target: String,
    /// The address that answered.
    pub address: String,
    /// The name that was asked for.
    pub server_name: String,
    /// How TLS began; none: at once.
    pub starttls: Option<&'static str>,
    /// The certificates on the wire, in their order.
    pub presented: Vec<Fingerprint>,
    /// The same, with what is in them.
    pub certificates: Vec<OnTheWire>,
    /// The version that was agreed on.
    pub version: Option<&'static str>,
    /// The cipher suite that was agreed on.
    pub cipher: Option<String>,
    /// Whether the server proved that it has the certificate's key.
    pub key_proven: Option<bool>,
    /// Whether an OCSP response came with the certificate.
    pub stapled: bool,
    /// Why the handshake went no further.
    pub failure: Option<String>,
    /// Each protocol version, oldest first.
    pub versions: Vec<VersionSeen>,
    /// What the wire was held against.
    pub compared: Vec<Compared>,
    /// Where the certificates were saved.
    pub saved: Option<String>,
}

/// A certificate on the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnTheWire {
    /// SHA-256 of the certificate.
    pub sha256: Fingerprint,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its first moment.
    pub not_before: Option<Time>,
    /// Its last moment.
    pub not_after: Option<Time>,
    /// Its names.
    pub subject_alt_names: Vec<String>,
}

/// A protocol version, and whether it answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VersionSeen {
    /// The version.
    pub version: &'static str,
    /// Whether it answers; none: it could not be found out.
    pub answers: Option<bool>,
    /// What was said instead.
    pub reason: Option<String>,
}

/// What the wire was held against.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compared {
    /// The file, or what a server would send.
    pub against: String,
    /// The certificates expected.
    pub expected: Vec<Fingerprint>,
    /// Whether the wire has the same, in the same order.
    pub same: bool,
}

/// What there is to judge by.
#[derive(Debug)]
#[non_exhaustive]
pub struct Probe<'a> {
    /// What was asked.
    pub asked: &'a Asked,
    /// What was seen.
    pub seen: &'a Seen,
    /// The moment of judgement.
    pub at: Time,
    /// The names that clients use; none: the name that was asked for.
    pub hosts: Vec<ServerName>,
    /// What the clients trust.
    pub anchors: Option<Anchors>,
    /// A file whose certificates should be on the wire, in its order.
    pub expected: Option<Document>,
    /// What a server would do with the files given, and the files.
    pub predicted: Option<PreflightResult>,
    /// Warn of certificates that end within so many days.
    pub expires_within: u32,
}

impl<'a> Probe<'a> {
    /// The chain by itself.
    pub fn of(asked: &'a Asked, seen: &'a Seen, at: Time) -> Self {
        Self {
            asked,
            seen,
            at,
            hosts: Vec::new(),
            anchors: None,
            expected: None,
            predicted: None,
            expires_within: crate::preflight::EXPIRES_WITHIN,
        }
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
        if self.hosts.is_empty() {
            self.hosts.extend(self.asked.server_name.parse().ok());
        }
        let handshake = match &self.seen.handshake {
            Ok(handshake) => handshake,
            Err(failure) => {
                let fact = match failure {
                    Failure::NotTls { what, hint } => WireFact::NotTls {
                        what: what.clone(),
                        hint: hint.map(str::to_owned),
                    },
                    failure => WireFact::NoHandshake {
                        reason: failure.to_string(),
                    },
                };
                result.failure = Some(failure.to_string());
                let finding = Finding::new(fact, place);
                return Answer::new(result, vec![finding], vec![Check::ran("handshake")], []);
            }
        };
        self.describe(handshake, &mut result);
        let mut findings = Vec::new();
        let mut checks = vec![Check::ran("handshake")];
        let (found, made) = self.chain(handshake, &place.source);
        findings.extend(found);
        checks.extend(made);
        let leaf = handshake.certificates.first();
        let leaf = leaf.and_then(|der| Certificate::parse(der).ok());
        if let Some(leaf) = &leaf {
            findings.extend(own(leaf, handshake, &place));
        }
        let (found, check) = self.versions(&place);
        findings.extend(found);
        checks.push(check);
        let (found, check) = self.compare(&mut result, leaf.as_ref(), &place);
        findings.extend(found);
        checks.push(check);
        Answer::new(result, findings, checks, [place.source.as_str()])
    }

    fn describe(&self, handshake: &Handshake, result: &mut ProbeResult) {
        result.certificates = handshake
            .certificates
            .iter()
            .map(|der| on_the_wire(der))
            .collect();
        result.presented = result.certificates.iter().map(|it| it.sha256).collect();
        result.version = handshake.version.map(Version::as_str);
        result.cipher.clone_from(&handshake.cipher);
        result.key_proven = handshake.key_proven;
        result.stapled = handshake.stapled;
        result.failure.clone_from(&handshake.failure);
    }

    /// The chain as it came, judged as if a server of no known kind had it in a file.
    fn chain(&mut self, handshake: &Handshake, name: &str) -> (Vec<Finding>, Vec<Check>) {
        let Some(generic) = Profile::named("generic") else {
            return (Vec::new(), Vec::new());
        };
        let mut preflight = Preflight::new(generic, self.at)
            .expires_within(self.expires_within)
            .certificate_file(Source::new(name, pem(&handshake.certificates).into_bytes()));
        for host in &self.hosts {
            preflight = preflight.host(host.clone());
        }
        if let Some(anchors) = self.anchors.take() {
            preflight = preflight.anchors(anchors);
        }
        let answer = preflight.run();
        let of_files = ["encoding", "key-match", "protocols"];
        let checks = answer
            .checks
            .into_iter()
            .filter(|it| !of_files.contains(&it.name));
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
                .filter(|it| it.answered == Answered::Yes && is(it.version))
                .map(|it| it.version.as_str().to_owned())
                .collect()
        };
        let unknown = self
            .seen
            .versions
            .iter()
            .find(|it| it.answered == Answered::Unknown);
        let all = answers(|_| true);
        let old = answers(|version| version < Version::TLSv1_2);
        let modern = answers(|version| version >= Version::TLSv1_2);
        let mut findings = Vec::new();
        if !old.is_empty() {
            findings.push(Finding::new(
                WireFact::OldVersion { versions: old },
                place.clone(),
            ));
        }
        if modern.is_empty() && unknown.is_none() && !all.is_empty() {
            let fact = WireFact::NoModernVersion {
                versions: all.clone(),
            };
            findings.push(Finding::new(fact, place.clone()));
        }
        let predicted = self.predicted.as_ref().and_then(|it| it.protocols.as_ref());
        if let Some(predicted) = predicted
            && unknown.is_none()
            && predicted.effective != all
        {
            let fact = WireFact::VersionsDiffer {
                predicted: predicted.effective.clone(),
                answered: all,
            };
            findings.push(Finding::new(fact, place.clone()));
        }
        let check = match unknown {
            Some(unknown) => Check::not_asked(
                "versions",
                format!(
                    "whether {} answers could not be found out: {}",
                    unknown.version.as_str(),
                    unknown.reason.as_deref().unwrap_or("no answer")
                ),
            ),
            None => Check::ran("versions"),
        };
        (findings, check)
    }

    /// The wire against the file and the prediction.
    fn compare(
        &self,
        result: &mut ProbeResult,
        leaf: Option<&Certificate<'_>>,
        place: &Subject,
    ) -> (Vec<Finding>, Check) {
        let mut expectations = Vec::new();
        if let Some(document) = &self.expected {
            let opened = Opened::new(document, None);
            let objects = opened.objects();
            let all = objects.iter().filter_map(|object| object.certificate());
            let all = all.map(|certificate| self.one_expected(certificate));
            expectations.push((document.source().name().to_owned(), all.collect::<Vec<_>>()));
        }
        if let Some(predicted) = &self.predicted {
            let all = predicted.sent.iter().filter_map(|it| {
                let certificate = Certificate::parse(&it.der).ok()?;
                Some(self.one_expected(&certificate))
            });
            let files = format!("what {} would send with these files", predicted.server);
            expectations.push((files, all.collect()));
        }
        if expectations.is_empty() {
            let reason = "neither --expect nor a server's files were given";
            return (Vec::new(), Check::not_applicable("comparison", reason));
        }
        let mut findings = Vec::new();
        for (against, expected) in expectations {
            let found = self.difference(&against, &expected, result, leaf);
            result.compared.push(Compared {
                against,
                expected: expected.iter().map(|it| it.sha256).collect(),
                same: found.is_none(),
            });
            findings.extend(
                found.map(|(fact, severity)| {
                    Finding::new(fact, place.clone()).with_severity(severity)
                }),
            );
        }
        (findings, Check::ran("comparison"))
    }

    fn one_expected(&self, certificate: &Certificate<'_>) -> Expected {
        Expected {
            sha256: certificate.sha256(),
            subject: certificate.subject().to_string(),
            self_issued: certificate.is_self_issued(),
            from: certificate.not_before(),
            to: certificate.not_after(),
            fits: self.fits(certificate),
        }
    }

    fn fits(&self, certificate: &Certificate<'_>) -> bool {
        self.hosts
            .iter()
            .all(|host| host.check(certificate, Wildcards::Anywhere).is_ok())
    }

    fn difference(
        &self,
        against: &str,
        expected: &[Expected],
        result: &ProbeResult,
        leaf: Option<&Certificate<'_>>,
    ) -> Option<(WireFact, Severity)> {
        let wire = &result.certificates;
        let same = expected.len() == wire.len()
            && expected
                .iter()
                .zip(wire)
                .all(|(one, other)| one.sha256 == other.sha256);
        if same {
            return None;
        }
        let against = against.to_owned();
        let (Some(first), Some(seen)) = (expected.first(), wire.first()) else {
            let problem = if wire.is_empty() {
                "nothing is on the wire"
            } else {
                "nothing was expected"
            };
            let fact = WireFact::ChainDiffers {
                against,
                problem: problem.to_owned(),
                missing: expected.iter().map(|it| it.subject.clone()).collect(),
                extra: wire.iter().map(|it| it.subject.clone()).collect(),
            };
            return Some((fact, Severity::Error));
        };
        if first.sha256 != seen.sha256 {
            let further = wire.iter().position(|it| it.sha256 == first.sha256);
            let reason = match (leaf, seen.not_before) {
                _ if further.is_some() => {
                    "the one expected comes further down: the order is wrong".to_owned()
                }
                (Some(leaf), _) if first.fits && !self.fits(leaf) => {
                    let hosts: Vec<_> = self.hosts.iter().map(ToString::to_string).collect();
                    format!(
                        "it is not for {}: another virtual host answers, or the name is not asked for",
                        hosts.join(", ")
                    )
                }
                (_, Some(before)) if before < first.from => {
                    "it is older: the file was renewed, and the server still has what it read before"
                        .to_owned()
                }
                (_, Some(before)) if before > first.from => {
                    "it is newer than the one expected: the server reads another file".to_owned()
                }
                _ => "it is another one".to_owned(),
            };
            let fact = WireFact::OtherCertificate {
                against,
                expected: first.sha256,
                seen: seen.sha256,
                expected_not_after: Some(first.to),
                seen_not_after: seen.not_after,
                reason,
            };
            return Some((fact, Severity::Error));
        }
        let on_wire = |digest| wire.iter().any(|it| it.sha256 == digest);
        let is_expected = |digest| expected.iter().any(|it| it.sha256 == digest);
        let missing: Vec<_> = expected.iter().filter(|it| !on_wire(it.sha256)).collect();
        let extra: Vec<_> = wire.iter().filter(|it| !is_expected(it.sha256)).collect();
        let roots_alone = missing.iter().all(|it| it.self_issued);
        let (problem, severity) = match (missing.is_empty(), extra.is_empty()) {
            (false, _) if wire.len() == 1 && !roots_alone => (
                "the server's own certificate comes alone, without its intermediates",
                Severity::Error,
            ),
            (false, true) if roots_alone => {
                ("the root is not sent, and need not be", Severity::Notice)
            }
            (false, _) => ("certificates are missing on the wire", Severity::Error),
            (true, false) => (
                "certificates are on the wire that were not expected",
                Severity::Warning,
            ),
            (true, true) if wire.len() != expected.len() => (
                "a certificate comes more often or more rarely",
                Severity::Warning,
            ),
            (true, true) => ("the order is another", Severity::Warning),
        };
        let fact = WireFact::ChainDiffers {
            against,
            problem: problem.to_owned(),
            missing: missing.iter().map(|it| it.subject.clone()).collect(),
            extra: extra.iter().map(|it| it.subject.clone()).collect(),
        };
        Some((fact, severity))
    }
}

/// A certificate that should be on the wire.
struct Expected {
    sha256: Fingerprint,
    subject: String,
    self_issued: bool,
    from: Time,
    to: Time,
    /// Whether it is for the hosts that were asked for.
    fits: bool,
}

/// What is to be said of the server's own certificate on the wire.
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
        let fact = WireFact::KeyNotProven { subject: subject() };
        findings.push(Finding::new(fact, place.clone()));
    }
    let demands = leaf.extensions().iter().any(|extension| {
        extension.oid.as_bytes() == TLS_FEATURE && extension.value.ends_with(&[2, 1, 5])
    });
    if demands && !handshake.stapled && handshake.failure.is_none() {
        let fact = WireFact::NotStapled { subject: subject() };
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

fn version_seen(seen: &Observed) -> VersionSeen {
    VersionSeen {
        version: seen.version.as_str(),
        answers: match seen.answered {
            Answered::Yes => Some(true),
            Answered::No => Some(false),
            Answered::Unknown => None,
        },
        reason: seen.reason.clone(),
    }
}

fn on_the_wire(der: &[u8]) -> OnTheWire {
    let read = Certificate::parse(der).ok();
    let read = read.as_ref();
    OnTheWire {
        sha256: sha256(der),
        subject: read.map_or_else(String::new, |it| it.subject().to_string()),
        issuer: read.map_or_else(String::new, |it| it.issuer().to_string()),
        not_before: read.map(Certificate::not_before),
        not_after: read.map(Certificate::not_after),
        subject_alt_names: read
            .map(|it| names(it.subject_alt_names()))
            .unwrap_or_default(),
    }
}

/// The certificates of a chain as PEM, in their order.
pub fn pem<C: AsRef<[u8]>>(certificates: &[C]) -> String {
    certificates
        .iter()
        .map(|der| to_pem("CERTIFICATE", der.as_ref()).to_string())
        .collect()
}
