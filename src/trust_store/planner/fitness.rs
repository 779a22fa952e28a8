//! Whether one certificate belongs in the store, and why not.

use super::{Item, Request};
use crate::finding::Severity;
use crate::model::Certificate;
use crate::rule::{self, CertificateFact, Finding, TrustFact};
use crate::trust_store::candidate::Candidate;
use crate::trust_store::clients::{ClientAnswer, Situation};
use crate::trust_store::plan::InstallOutcome;
use crate::trust_store::role::Role;
use crate::trust_store::store::Store;
use crate::trust_store::verdict::Verdict;

pub(super) struct Fitness<'a, 'b> {
    pub(super) request: &'b Request<'a>,
    pub(super) candidate: &'b Candidate<'a>,
    pub(super) item: &'b Item,
    pub(super) store: &'b Store,
    pub(super) trusted: &'b [(Certificate<'b>, &'b str)],
    pub(super) findings: &'b mut Vec<Finding>,
}

impl Fitness<'_, '_> {
    fn find(&mut self, fact: TrustFact, severity: Option<Severity>) {
        let finding = Finding::new(fact, self.candidate.subject());
        self.findings.push(match severity {
            Some(severity) => finding.with_severity(severity),
            None => finding,
        });
    }

    pub(super) fn outcome(
        &mut self,
        situation: Situation,
        answers: &[ClientAnswer],
    ) -> InstallOutcome {
        let sha256 = self.item.sha256;
        // First of all: an administrator or the distribution decided against it, and no other
        // result may hide that.
        if let Some(blocked_by) = self.store.blocked_by(&sha256) {
            let blocked_by = blocked_by.to_owned();
            let reason = format!("{blocked_by} blocks it");
            self.find(
                TrustFact::Blocked(rule::trust::Blocked { sha256, blocked_by }),
                None,
            );
            let instead = "find out who blocked it and why, before anything else".into();
            return InstallOutcome::Refused { reason, instead };
        }
        if let Some(found_in) = self.store.trusts(&sha256) {
            let found_in = found_in.to_owned();
            self.find(
                TrustFact::AlreadyTrusted(rule::trust::AlreadyTrusted {
                    sha256,
                    found_in: found_in.clone(),
                }),
                None,
            );
            return InstallOutcome::AlreadyTrusted { found_in };
        }
        self.dates();
        self.namesakes();
        self.refusal(situation, answers)
            .unwrap_or(InstallOutcome::Install)
    }

    /// Findings and a refusal for a certificate that is not a root.
    fn refusal(
        &mut self,
        situation: Situation,
        answers: &[ClientAnswer],
    ) -> Option<InstallOutcome> {
        let by = |verdict| -> Vec<String> {
            // The families that a preflight can ask.
            let those = answers
                .iter()
                .filter(|answer| answer.verdict == verdict && answer.client != "requests");
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
                    TrustFact::EndEntityAsAnchor(rule::trust::EndEntityAsAnchor {
                        subject,
                        platform,
                        refused_by: refused_by.clone(),
                        accepted_by,
                    }),
                    severity,
                );
            }
            (Role::Intermediate, Situation::IntermediateAlone) => {
                let issuer_name = self.candidate.certificate.issuer().to_string();
                self.find(
                    TrustFact::IntermediateWithoutRoot(rule::trust::IntermediateWithoutRoot {
                        subject,
                        issuer_name,
                        refused_by: refused_by.clone(),
                        accepted_by,
                    }),
                    severity,
                );
            }
            (Role::CaAsServer, _) => {
                let finding =
                    Finding::new(rule::certificate::CaAsServer {}, self.candidate.subject());
                let only_rustls = refused_by == ["rustls"];
                self.findings.push(if only_rustls {
                    finding.because("all clients except rustls accept it as a trust anchor")
                } else {
                    finding
                });
            }
            _ => {}
        }
        if let Some(outcome) = self.empties(answers) {
            return Some(outcome);
        }
        if !nobody {
            return None;
        }
        let (certificate, at) = (&self.candidate.certificate, self.request.at);
        let in_time = certificate.not_before() <= at && at <= certificate.not_after();
        if in_time
            && matches!(
                self.item.role,
                Role::Root | Role::CaAsServer | Role::Version1
            )
        {
            let subject = self.item.subject.clone();
            self.find(
                TrustFact::RefusedAnchor(rule::trust::RefusedAnchor {
                    subject,
                    refused_by,
                }),
                None,
            );
        }
        let reason = answers
            .iter()
            .find(|answer| answer.verdict == Verdict::Refuses);
        let reason = reason.map_or("no client would trust it", |answer| &answer.reason);
        Some(InstallOutcome::Refused {
            reason: reason.to_owned(),
            instead: match self.item.role {
                Role::Intermediate => "give its root as well".into(),
                Role::IssuedEndEntity => format!(
                    "install the root of the CA that issued it, `{}`; or give the certificate to the one program that needs it (--platform env, java, nss)",
                    self.candidate.certificate.issuer()
                ),
                _ => "make a CA, install its root, and issue the server's certificate from it; or give the certificate to the one program that needs it (--platform env, java, nss)".into(),
            },
        })
    }

    /// Where one certificate would keep a client from reading the others.
    fn empties(&mut self, answers: &[ClientAnswer]) -> Option<InstallOutcome> {
        // p11-kit hands certificates over one by one, and not as a file.
        let one_by_one = self.request.platform.wants_ca();
        let mut unfit = self.candidate.unfit.iter();
        let unfit = unfit.find(|unfit| {
            let mut readers = answers.iter();
            unfit.empties && !one_by_one && readers.any(|answer| answer.client == unfit.client)
        })?;
        let client = unfit.client.to_owned();
        let reason = format!("{client} says: {}", unfit.reason);
        let subject = self.item.subject.clone();
        self.find(
            TrustFact::EmptiesBundle(rule::trust::EmptiesBundle { subject, client }),
            None,
        );
        Some(InstallOutcome::Refused {
            reason,
            instead: "reissue it without the field that cannot be read; or give the certificate to the one program that needs it (--platform env, java, nss)".into(),
        })
    }

    fn dates(&mut self) {
        let at = self.request.at;
        let certificate = &self.candidate.certificate;
        let fact = if certificate.not_after() < at {
            CertificateFact::Expired(rule::certificate::Expired {
                not_after: certificate.not_after(),
                at,
            })
        } else if certificate.not_before() > at {
            CertificateFact::NotYetValid(rule::certificate::NotYetValid {
                not_before: certificate.not_before(),
                at,
            })
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
            // Clients that look for an issuer by name may take the wrong one, and report a bad
            // signature.
            other.spki_der() != certificate.spki_der() && other.subject().matches(&subject)
        });
        if let Some((other, found_in)) = namesake {
            let fact = rule::trust::SameNameOtherKey {
                subject: subject.to_string(),
                trusted: other.sha256(),
                found_in: (*found_in).to_owned(),
            };
            self.find(fact.into(), None);
        }
    }
}
