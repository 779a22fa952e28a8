//! From certificates and a machine to a plan.

use super::candidate::Candidate;
use super::clients::{self, ClientAnswer, Situation, Verdict};
use super::host::HostFacts;
use super::plan::{Decision, Outcome, Plan, PlanError};
use super::platform::Platform;
use super::role::Role;
use super::site::Site;
use super::store::Store;
use super::{name, platforms, strict};
use crate::Time;
use crate::encoding::to_pem;
use crate::finding::{CertificateFact, Finding, Fingerprint, Severity, TrustFact};
use crate::model::Certificate;
use std::collections::HashSet;

/// The most certificates of one plan. Mozilla's whole programme has 150; whoever
/// wants to trust more than that is not planning.
const LIMIT: usize = 256;

/// What to plan for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The certificates to trust.
    pub certificates: &'a [Candidate<'a>],
    /// The kind of store.
    pub platform: Platform,
    /// What is known of the machine.
    pub host: &'a HostFacts,
    /// A scratch tree that stands for the machine: an absolute path.
    pub root: Option<&'a str>,
    /// The moment at which validity is judged.
    pub at: Time,
    /// Whether the plan takes back what an earlier one did: then nothing is installed,
    /// and nothing is judged.
    pub undo: bool,
}

impl<'a> Request<'a> {
    /// A plan for the machine itself.
    pub const fn new(
        certificates: &'a [Candidate<'a>],
        platform: Platform,
        host: &'a HostFacts,
        at: Time,
    ) -> Self {
        Self {
            certificates,
            platform,
            host,
            root: None,
            at,
            undo: false,
        }
    }

    /// The same, to take back what an earlier plan did.
    #[must_use]
    pub const fn with_undo(mut self, undo: bool) -> Self {
        self.undo = undo;
        self
    }

    /// The same for a scratch tree: an absolute path of letters, digits and
    /// `/._-+=@%:,~`, since the platforms' own tools do not quote it.
    #[must_use]
    pub const fn with_root(mut self, root: Option<&'a str>) -> Self {
        self.root = root;
        self
    }
}

/// A certificate on its way into the store.
pub(super) struct Item {
    pub(super) der: Vec<u8>,
    pub(super) sha256: Fingerprint,
    pub(super) subject: String,
    pub(super) role: Role,
    /// `certcheck-slug-fingerprint`.
    pub(super) stem: String,
    pub(super) pem: String,
}

/// Plans how to trust `request.certificates`.
///
/// # Errors
/// If there is nothing to plan for, or no safe way to name a place.
pub fn plan(request: &Request<'_>) -> Result<Plan, PlanError> {
    let distinct: HashSet<&[u8]> = request
        .certificates
        .iter()
        .map(|candidate| candidate.certificate.der())
        .collect();
    let given = distinct.len();
    if given == 0 {
        return Err(PlanError::NothingGiven);
    }
    if given > LIMIT {
        return Err(PlanError::TooMany {
            given,
            limit: LIMIT,
        });
    }
    let site = Site::new(request.platform, request.root, request.host)?;
    let store = Store::read(&site);
    let trusted = store.parsed();
    let mut plan = Plan {
        platform: request.platform,
        root: request.root.map(str::to_owned),
        certificates: Vec::with_capacity(given),
        steps: Vec::new(),
        verify: Vec::new(),
        undo: Vec::new(),
        undo_verify: Vec::new(),
        journal: None,
        notes: Vec::new(),
        findings: Vec::new(),
    };
    let mut seen = HashSet::new();
    let (mut install, mut undo) = (Vec::new(), Vec::new());
    for candidate in request.certificates {
        let certificate = &candidate.certificate;
        let item = Item::new(certificate);
        let situation = situation(request, certificate, item.role, &trusted);
        let strict = strict::problem(certificate);
        let answers = clients::clients(request.platform, situation, strict);
        let outcome = if !seen.insert(item.sha256) {
            Outcome::Repeated
        } else if request.undo {
            Outcome::Undo
        } else {
            let mut judge = Judge {
                request,
                candidate,
                item: &item,
                store: &store,
                trusted: &trusted,
                findings: &mut plan.findings,
            };
            judge.outcome(situation, &answers)
        };
        plan.certificates.push(Decision {
            source: candidate.source.clone(),
            index: candidate.index,
            sha256: item.sha256,
            subject: item.subject.clone(),
            role: item.role,
            outcome: outcome.clone(),
            name: item.stem.clone(),
            clients: answers,
        });
        let ours = site.has_ours(&item.stem);
        match outcome {
            Outcome::Repeated => {}
            Outcome::Install => install.push(item),
            Outcome::Undo => undo.push(item),
            _ if ours => undo.push(item),
            _ => {}
        }
    }
    if !request.undo {
        sources(request, &mut plan);
    }
    if !install.is_empty() {
        plan.findings.extend(store.bundle_without_sources(&site));
    }
    platforms::build(&site, &install, &undo, &mut plan);
    Ok(plan)
}

impl Item {
    fn new(certificate: &Certificate<'_>) -> Self {
        let sha256 = certificate.sha256();
        Self {
            der: certificate.der().to_vec(),
            sha256,
            subject: certificate.subject().to_string(),
            role: Role::of(certificate),
            stem: name::stem(certificate, &sha256),
            pem: to_pem("CERTIFICATE", certificate.der()).to_string(),
        }
    }
}

struct Judge<'a, 'b> {
    request: &'b Request<'a>,
    candidate: &'b Candidate<'a>,
    item: &'b Item,
    store: &'b Store,
    trusted: &'b [(Certificate<'b>, &'b str)],
    findings: &'b mut Vec<Finding>,
}

impl Judge<'_, '_> {
    fn find(&mut self, fact: TrustFact, severity: Option<Severity>) {
        let finding = Finding::new(fact, self.candidate.subject());
        self.findings.push(match severity {
            Some(severity) => finding.with_severity(severity),
            None => finding,
        });
    }

    fn outcome(&mut self, situation: Situation, answers: &[ClientAnswer]) -> Outcome {
        let sha256 = self.item.sha256;
        if let Some(blocked_by) = self.store.blocked_by(&sha256) {
            let blocked_by = blocked_by.to_owned();
            let reason = format!("{blocked_by} blocks it");
            self.find(TrustFact::Blocked { sha256, blocked_by }, None);
            let instead = "find out who blocked it and why, before anything else".into();
            return Outcome::Refused { reason, instead };
        }
        if let Some(found_in) = self.store.trusts(&sha256) {
            let found_in = found_in.to_owned();
            self.find(
                TrustFact::AlreadyTrusted {
                    sha256,
                    found_in: found_in.clone(),
                },
                None,
            );
            return Outcome::AlreadyTrusted { found_in };
        }
        self.dates();
        self.namesakes();
        self.refusal(situation, answers).unwrap_or(Outcome::Install)
    }

    /// Findings and a refusal for what is no root.
    fn refusal(&mut self, situation: Situation, answers: &[ClientAnswer]) -> Option<Outcome> {
        let by = |verdict| -> Vec<String> {
            let those = answers.iter().filter(|answer| answer.verdict == verdict);
            those.map(|answer| answer.client.to_owned()).collect()
        };
        let (accepted_by, refused_by) = (by(Verdict::Accepts), by(Verdict::Refuses));
        let nobody = accepted_by.is_empty() && !refused_by.is_empty();
        let severity = Some(if nobody {
            Severity::Error
        } else {
            Severity::Warning
        });
        let subject = self.item.subject.clone();
        let platform = self.request.platform;
        match (self.item.role, situation) {
            (Role::IssuedEndEntity | Role::SelfSignedEndEntity, _) => {
                let platform = platform.to_string();
                self.find(
                    TrustFact::EndEntityAsAnchor {
                        subject,
                        platform,
                        refused_by,
                        accepted_by,
                    },
                    severity,
                );
            }
            (Role::Intermediate, Situation::IntermediateAlone) => {
                let issuer_name = self.candidate.certificate.issuer().to_string();
                self.find(
                    TrustFact::IntermediateWithoutRoot {
                        subject,
                        issuer_name,
                        refused_by,
                        accepted_by,
                    },
                    severity,
                );
            }
            (Role::CaAsServer, _) => {
                let finding =
                    Finding::new(CertificateFact::CaAsServer {}, self.candidate.subject());
                self.findings
                    .push(finding.because("as a trust anchor it is accepted by all but rustls"));
            }
            _ => {}
        }
        if !nobody {
            return None;
        }
        let reason = answers
            .iter()
            .find(|answer| answer.verdict == Verdict::Refuses);
        let reason = reason.map_or("no client would trust it", |answer| answer.reason);
        Some(Outcome::Refused {
            reason: reason.to_owned(),
            instead: match self.item.role {
                Role::Intermediate => "give its root as well".into(),
                Role::IssuedEndEntity => format!(
                    "install the root of the CA that issued it, `{}`; or hand the certificate to the one program that needs it (--platform env, java, nss)",
                    self.candidate.certificate.issuer()
                ),
                _ => "make a CA, install its root, and issue the server's certificate from it; or hand the certificate to the one program that needs it (--platform env, java, nss)".into(),
            },
        })
    }

    fn dates(&mut self) {
        let at = self.request.at;
        let certificate = &self.candidate.certificate;
        let fact = if certificate.not_after() < at {
            CertificateFact::Expired {
                not_after: certificate.not_after(),
                at,
            }
        } else if certificate.not_before() > at {
            CertificateFact::NotYetValid {
                not_before: certificate.not_before(),
                at,
            }
        } else {
            return;
        };
        self.findings
            .push(Finding::new(fact, self.candidate.subject()));
    }

    fn namesakes(&mut self) {
        let certificate = &self.candidate.certificate;
        let subject = certificate.subject();
        if subject.is_empty() {
            return;
        }
        let namesake = self.trusted.iter().find(|(other, _)| {
            other.spki_der() != certificate.spki_der() && other.subject().matches(&subject)
        });
        if let Some((other, found_in)) = namesake {
            let fact = TrustFact::SameNameOtherKey {
                subject: subject.to_string(),
                trusted: other.sha256(),
                found_in: (*found_in).to_owned(),
            };
            self.find(fact, None);
        }
    }
}

fn situation(
    request: &Request<'_>,
    certificate: &Certificate<'_>,
    role: Role,
    trusted: &[(Certificate<'_>, &str)],
) -> Situation {
    situation_of(certificate, role, request.certificates, trusted, request.at)
}

/// What `certificate` is in a store that holds `given` and `trusted`.
pub(super) fn situation_of(
    certificate: &Certificate<'_>,
    role: Role,
    given: &[Candidate<'_>],
    trusted: &[(Certificate<'_>, &str)],
    at: Time,
) -> Situation {
    if certificate.not_after() < at || certificate.not_before() > at {
        return match role {
            Role::SelfSignedEndEntity | Role::IssuedEndEntity => Situation::EndEntityOutOfDate,
            _ => Situation::RootOutOfDate,
        };
    }
    match role {
        Role::Root => Situation::Root,
        Role::SelfSignedEndEntity => Situation::SelfSignedEndEntity,
        Role::CaAsServer => Situation::CaAsServer,
        Role::IssuedEndEntity => Situation::IssuedEndEntity,
        Role::Version1 => Situation::Version1,
        Role::Intermediate => {
            if super::climb::reaches_a_root(certificate, given, trusted) {
                Situation::IntermediateWithRoot
            } else {
                Situation::IntermediateAlone
            }
        }
    }
}

/// Findings about the files themselves: each once.
fn sources(request: &Request<'_>, plan: &mut Plan) {
    let mut seen = HashSet::new();
    let platform = request.platform;
    for (candidate, decision) in request.certificates.iter().zip(&plan.certificates) {
        if !seen.insert(candidate.source.as_str()) {
            continue;
        }
        let mut subject = candidate.subject();
        subject.part = crate::finding::Part::File;
        subject.lines = None;
        if let Some(effect) = platform.several().filter(|_| candidate.siblings > 1) {
            let fact = TrustFact::SeveralCertificates {
                count: candidate.siblings as u64,
                platform: platform.to_string(),
                effect: effect.to_owned(),
            };
            plan.findings.push(Finding::new(fact, subject.clone()));
        }
        let file = candidate
            .source
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default();
        let is_file = !file.is_empty() && file != "-" && decision.outcome == Outcome::Install;
        if let Some(needed) = platform.file_name(file).filter(|_| is_file) {
            let fact = TrustFact::FileName {
                platform: platform.to_string(),
                needed: needed.to_owned(),
                planned: platforms::file_name(platform, &decision.name),
            };
            plan.findings.push(Finding::new(fact, subject));
        }
    }
}
