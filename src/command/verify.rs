//! Whether a path leads from a certificate to an anchor, and why not.

use crate::Time;
use crate::answer::{Answer, Check};
use crate::chain::Reason;
use crate::chain::{
    PathProfile, PolicyInputs, Purpose, Rejection, Request, Revocation, Work, anchor_objections,
    verify as validate,
};
use crate::encoding::Document;
use crate::finding::{Fingerprint, Severity, Subject};
use crate::known_bad::Blocklist;
use crate::model::{Certificate, Curve, PublicKey};
use crate::objects::{self, Keys, Object, Opened, Serials};
use crate::preflight::chain::disagreement;
use crate::preflight::revocation::Lists;
use crate::preflight::trust::place_of_anchor;
use crate::rule::{self, ChainFact, Finding};
use crate::server_name::{self, ServerName};
use crate::trust_store::Anchors;
use std::collections::BTreeMap;

/// What to verify, by whose rules.
#[derive(Debug)]
pub struct VerifyRequest {
    /// The file of the end-entity certificate, which comes first; the others in it may be used as
    /// intermediates.
    pub leaf: Document,
    /// Files with certificates that a path may go through.
    pub intermediates: Vec<Document>,
    /// What is trusted.
    pub anchors: Anchors,
    /// The names that the certificate must have, as they were given.
    pub names: Vec<String>,
    /// What it is used for.
    pub purpose: Purpose,
    /// Whose rules.
    pub profile: &'static PathProfile,
    /// The most intermediates, self-issued ones not counted.
    pub max_depth: Option<u32>,
    /// Which certificate policies are acceptable.
    pub policies: PolicyInputs,
    /// Files with revocation lists.
    pub crls: Vec<Document>,
    /// Whether they count.
    pub revocation: Revocation,
    /// Keys that must not be used.
    pub blocklist: Option<Blocklist>,
    /// The moment of judgement.
    pub at: Time,
}

/// What a warning about an anchor means.
const ANCHOR_ALONE: &str = "profile rfc5280 accepts the path because RFC 5280 section 6.1.1 \
     treats an anchor as only a name and a key; OpenSSL and Go also judge its certificate, and refuse";

/// The verdict of path validation.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct VerifyResult {
    /// Whether there is a valid path.
    pub valid: bool,
    /// The path, the end-entity first, the anchor last.
    pub path: Vec<Fingerprint>,
    /// The certificate policies that hold for the path, dotted, among the requested ones (RFC
    /// 9618's user-constrained-policy-set).
    pub policies: Vec<String>,
    /// Those that hold whatever was requested (authority-constrained-policy-set).
    pub authority_policies: Vec<String>,
    /// How much work it took.
    pub work: Work,
    /// The profile's name.
    pub profile: &'static str,
    /// The subject of each certificate of the files.
    pub subjects: BTreeMap<Fingerprint, String>,
}

impl VerifyRequest {
    /// Looks for a valid path. The verdict follows `result.valid` alone; what
    /// the profile lets pass is a warning at most.
    pub fn ask(&self) -> Answer<VerifyResult> {
        let names = || {
            let files = std::iter::once(&self.leaf).chain(&self.intermediates);
            files.map(|document| document.source().name())
        };
        let opened: Vec<_> = std::iter::once(&self.leaf)
            .chain(&self.intermediates)
            .map(|document| Opened::new(document, None))
            .collect();
        let objects: Vec<Object<'_>> = opened.iter().flat_map(Opened::objects).collect();
        let in_leaf = |object: &&Object<'_>| std::ptr::eq(object.document, &self.leaf);
        let mut findings: Vec<_> = objects.iter().filter_map(Object::problem).collect();
        findings.extend(self.damages());
        let lost = objects::loses_the_first(objects.iter().filter(in_leaf));
        let Some(own) = objects
            .iter()
            .filter(in_leaf)
            .find(|o| o.certificate().is_some() && !lost)
        else {
            let whole = Subject::file(self.leaf.source().name());
            let closed = objects::unopened(&objects);
            // Its damage is why there is nothing to verify.
            let is_leaf = |finding: &&mut Finding| finding.subject.source == whole.source;
            findings.iter_mut().filter(is_leaf).for_each(|finding| {
                if finding.code().info().severity > Severity::Notice {
                    finding.severity = Severity::Error;
                }
            });
            let said = |finding: &Finding| finding.subject.source == whole.source;
            if closed.is_none() && !findings.iter().any(said) {
                findings.push(Finding::new(
                    rule::encoding::NothingFound {
                        looks_like: None,
                        wanted: None,
                    },
                    whole,
                ));
            }
            let result = VerifyResult {
                profile: self.profile.name,
                ..VerifyResult::default()
            };
            let reason = closed.unwrap_or_else(|| "there is no certificate to verify".to_owned());
            let check = Check::impossible("path", reason);
            return Answer::new(result, findings, vec![check], names()).decided(false);
        };
        let others: Vec<Certificate<'_>> = objects
            .iter()
            .filter(|object| !std::ptr::eq(*object, own))
            .filter_map(|object| object.certificate().cloned())
            .collect();
        let opened_crls: Vec<_> = self.crls.iter().map(|crl| Opened::new(crl, None)).collect();
        let crl_objects: Vec<Object<'_>> = opened_crls.iter().flat_map(Opened::objects).collect();
        findings.extend(crl_objects.iter().filter_map(Object::problem));
        let lists = Lists::of(std::slice::from_ref(&crl_objects));
        let anchors: Vec<_> = self
            .anchors
            .certificates()
            .filter_map(|der| Certificate::parse(der).ok())
            .collect();
        let mut expected = Vec::new();
        let mut impossible = Vec::new();
        for name in &self.names {
            match name.parse::<ServerName>() {
                Ok(name) => expected.push(name),
                Err(problem) => impossible.push((name.clone(), problem.to_string())),
            }
        }
        // A bad key makes no path invalid, and the exit code follows `valid` alone.
        let keys = Keys::of(&objects, self.blocklist.as_ref());
        let bad = keys.findings().into_iter();
        findings.extend(bad.map(|finding| finding.with_severity(Severity::Warning)));
        findings.extend(self.repeated_serials(&objects));
        let Some(leaf) = own.certificate() else {
            return Answer::new(VerifyResult::default(), findings, vec![], names()).decided(false);
        };
        let mut request = Request::new(leaf, &others, &anchors, self.at);
        request.names = &expected;
        request.purpose = self.purpose.clone();
        request.profile = self.profile;
        request.max_depth = self.max_depth;
        request.policies = self.policies.clone();
        request.revocation = self.revocation;
        request.crls = &lists.lists;
        let answer = validate(&request);
        let place = |rejection: &Rejection| {
            let digest = rejection.certificate;
            objects
                .iter()
                .find(|object| {
                    object
                        .certificate()
                        .is_some_and(|certificate| certificate.sha256() == digest)
                })
                .map(Object::subject)
                .or_else(|| place_of_anchor(&self.anchors, digest))
                .unwrap_or_else(|| own.subject())
        };
        // A name that cannot be a name makes the answer invalid, whatever the path: nothing matches
        // it.
        let valid = answer.valid && impossible.is_empty();
        let known: Vec<_> = [leaf].into_iter().chain(&others).chain(&anchors).collect();
        for (digest, fact) in Self::identifiers(&answer.path, &known) {
            let subject = objects
                .iter()
                .find(|object| {
                    object
                        .certificate()
                        .is_some_and(|certificate| certificate.sha256() == digest)
                })
                .map_or_else(|| own.subject(), Object::subject);
            findings.push(Finding::new(fact, subject));
        }
        if valid {
            // Faults in files that were not needed are no reason to refuse.
            findings
                .iter_mut()
                .for_each(|finding| finding.severity = finding.severity.min(Severity::Warning));
        }
        let open = |rejection: &&Rejection| match &rejection.reason {
            Reason::BadSignature { problem, .. } => problem.is_not_computed(),
            _ => false,
        };
        let unchecked = answer.reasons.iter().find(open).filter(|_| !valid);
        let told = answer.reasons.iter().filter(|reason| {
            // If an issuer is missing, it may be one whose signature is not computed.
            let lacks = matches!(reason.reason, Reason::MissingIssuer { .. });
            !(open(reason) || lacks && unchecked.is_some())
        });
        findings.extend(told.map(|rejection| {
            let evidence = match &rejection.reason {
                // Above a CA's certificate is a root, which belongs among the anchors.
                Reason::MissingIssuer { issuer_name, .. }
                    if !anchors.is_empty() && is_authority(&others, rejection) =>
                {
                    rule::chain::UntrustedRoot {
                        subject: rejection.subject.clone(),
                        sha256: rejection.certificate,
                        anchors: u64::try_from(anchors.len()).unwrap_or(u64::MAX),
                        needed: issuer_name.clone(),
                    }
                    .into()
                }
                _ => lists.evidence(rejection),
            };
            Finding::new(evidence, place(rejection)).with_severity(Severity::Error)
        }));
        findings.extend(
            anchor_objections(&request, &answer)
                .iter()
                .map(|rejection| {
                    Finding::new(rejection.evidence(), place(rejection))
                        .with_severity(Severity::Warning)
                        .because(ANCHOR_ALONE)
                }),
        );
        let writes_out = |certificate: &Certificate<'_>| {
            PublicKey::parse(certificate.spki_der())
                .is_ok_and(|key| key.algorithm().curve() == Some(&Curve::Explicit))
        };
        if valid && !self.profile.named_curves && writes_out(leaf) {
            let subject = leaf.subject().to_string();
            findings.push(
                Finding::new(
                    rule::certificate::ExplicitParameters { subject },
                    own.subject(),
                )
                .with_severity(Severity::Warning),
            );
        }
        findings.extend(answer.warnings.iter().map(|rejection| {
            Finding::new(rejection.evidence(), place(rejection)).with_severity(Severity::Warning)
        }));
        findings.extend(impossible.into_iter().map(|(expected, why)| {
            let fact = rule::certificate::NameMismatch {
                expected,
                presented: server_name::presented(leaf),
                why: Some(why),
            };
            Finding::new(fact, own.subject()).with_severity(Severity::Error)
        }));
        let result = VerifyResult {
            valid,
            path: answer.path,
            policies: answer.policies,
            authority_policies: answer.authority_policies,
            work: answer.work,
            profile: self.profile.name,
            subjects: super::chain::subjects(known.iter().copied()),
        };
        if !valid
            && unchecked.is_none()
            && findings
                .iter()
                .all(|finding| finding.severity < Severity::Error)
        {
            let subject = own
                .certificate()
                .map_or_else(String::new, |certificate| certificate.subject().to_string());
            let fact = rule::chain::NoPath {
                subject,
                anchors: anchors.len() as u64,
            };
            findings.push(Finding::new(fact, own.subject()));
        }
        findings.extend(self.misplaced(&objects, own));
        let check = match unchecked {
            Some(Rejection {
                reason: Reason::BadSignature { problem, .. },
                subject,
                ..
            }) => Check::impossible(
                "path",
                format!("the signature of `{subject}` is not checked: {problem}"),
            ),
            _ => Check::ran("path"),
        };
        let open = unchecked.is_some();
        let missed = keys
            .missed()
            .map(|reason| Check::not_asked("shared-primes", reason));
        let checks = std::iter::once(check).chain(missed).collect();
        let answer = Answer::new(result, findings, checks, names());
        if open { answer } else { answer.decided(valid) }
    }

    /// Certificates with the same issuer and serial number, among the files.
    fn repeated_serials(&self, objects: &[Object<'_>]) -> Vec<Finding> {
        let mut serials = Serials::default();
        for document in self.anchors.files() {
            let opened = Opened::new(document, None);
            opened
                .objects()
                .iter()
                .for_each(|object| serials.add(object));
        }
        objects.iter().for_each(|object| serials.add(object));
        serials.findings()
    }

    /// Key identifiers on the path that name another issuer; no reason to refuse.
    fn identifiers(
        path: &[Fingerprint],
        known: &[&Certificate<'_>],
    ) -> Vec<(Fingerprint, ChainFact)> {
        let find = |digest: &Fingerprint| {
            known
                .iter()
                .find(|certificate| certificate.sha256() == *digest)
        };
        let pairs = path.iter().zip(path.iter().skip(1));
        let fact = |(lower, upper): (&Fingerprint, &Fingerprint)| {
            Some((*lower, disagreement(find(lower)?, find(upper)?)?))
        };
        pairs.filter_map(fact).collect()
    }

    /// An end-entity that follows CA certificates in its own file: it is not what was verified.
    fn misplaced(&self, objects: &[Object<'_>], own: &Object<'_>) -> Option<Finding> {
        let in_leaf: Vec<_> = objects
            .iter()
            .filter(|object| std::ptr::eq(object.document, &self.leaf))
            .filter_map(Object::certificate)
            .collect();
        let first = in_leaf.first().filter(|certificate| certificate.is_ca())?;
        let position = in_leaf
            .iter()
            .position(|certificate| !certificate.is_ca())?;
        let fact = rule::chain::EndEntityNotFirst {
            first: first.subject().to_string(),
            position: position as u64 + 1,
            files: vec![own.subject().source],
        };
        Some(Finding::new(fact, own.subject()).with_severity(Severity::Warning))
    }

    /// Deviations in the files: what could not be read was not used.
    fn damages(&self) -> Vec<Finding> {
        let files = std::iter::once(&self.leaf)
            .chain(&self.intermediates)
            .chain(&self.crls)
            .chain(self.anchors.files());
        files
            .flat_map(|document| {
                let opened = Opened::new(document, None);
                let objects = opened.objects();
                let all: Vec<_> = objects.iter().collect();
                let anomalies = document.anomalies().iter();
                anomalies
                    .map(|anomaly| {
                        let subject = objects::place(document, &all, anomaly);
                        Finding::new(anomaly.fact.clone(), subject).with_severity(Severity::Warning)
                    })
                    .filter(|finding| !objects::is_answered(finding, &objects))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

/// Whether the rejected certificate is a CA's among the others, not the end-entity's.
fn is_authority(others: &[Certificate<'_>], rejection: &Rejection) -> bool {
    others
        .iter()
        .any(|other| other.is_ca() && other.sha256() == rejection.certificate)
}
