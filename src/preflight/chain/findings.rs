//! What is wrong with a chain: its order, what does not belong to it, where it ends.

use super::Chain;
use crate::chain::arrange::{Arrangement, Ending, Gap};
use crate::finding::Severity;
use crate::model::Certificate;
use crate::preflight::certificates::Demands;
use crate::preflight::revocation;
use crate::preflight::trust::Trust;
use crate::rule::{self, ChainFact, Finding};

impl Chain<'_, '_> {
    /// What path validation refuses, beyond dates, names and signatures.
    pub(super) fn broken_rules(&self) -> Vec<Finding> {
        let own = self.arrangement.end_entity.unwrap_or(0);
        let place = |digest| {
            // A broken rule names a certificate by its fingerprint. One that only the anchors have
            // is reported at the server's own.
            let here = |certificate: &Certificate<'_>| certificate.sha256() == digest;
            self.certificates.iter().position(here).unwrap_or(own)
        };
        self.rules
            .broken
            .iter()
            .map(|broken| {
                let subject = self.subject(place(broken.certificate));
                Finding::new(self.lists.evidence(broken), subject)
                    .with_severity(revocation::severity(&broken.reason))
            })
            .collect()
    }

    pub(super) fn order(&self, arrangement: &Arrangement) -> Option<Finding> {
        let own = arrangement.end_entity.filter(|_| !arrangement.in_order)?;
        if own != 0 && arrangement.is_end_entity {
            let fact = rule::chain::EndEntityNotFirst {
                first: self.name(0),
                position: own as u64 + 1,
                files: self.files(&arrangement.order),
            };
            return Some(Finding::new(fact, self.subject(0)));
        }
        let order = arrangement
            .path
            .iter()
            .map(|place| *place as u64 + 1)
            .collect();
        // The finding points at the first certificate that precedes the one it issued.
        let early = arrangement
            .path
            .iter()
            .zip(arrangement.path.iter().skip(1))
            .find(|(lower, upper)| upper < lower)
            .map_or(own, |(_, upper)| *upper);
        Some(Finding::new(
            rule::chain::WrongOrder {
                order,
                files: self.files(&arrangement.path),
            },
            self.subject(early),
        ))
    }

    /// The files that certificates are in, each once, in this order.
    fn files(&self, places: &[usize]) -> Vec<String> {
        let mut files = Vec::new();
        for place in places {
            let source = self.subject(*place).source;
            if !files.contains(&source) {
                files.push(source);
            }
        }
        files
    }

    pub(super) fn unrelated(&self, arrangement: &Arrangement) -> Vec<Finding> {
        let mut findings = Vec::new();
        for &(place, first) in &arrangement.duplicates {
            let at = self.subject(first);
            let lines = at
                .lines
                .map_or_else(String::new, |lines| format!(":{}", lines.first));
            let fact = rule::chain::Duplicate {
                subject: self.name(place),
                first: format!("{}{lines}", at.source),
            };
            findings.push(Finding::new(fact, self.subject(place)));
        }
        // What the gap already explains is not "unrelated": two findings with opposite advice
        // about one certificate would contradict each other.
        let explained = |place: usize| {
            self.gap().is_some_and(|gap| {
                gap.beyond.contains(&place)
                    || gap
                        .rejected
                        .iter()
                        .any(|rejection| rejection.place == place)
            })
        };
        let useless = |place: usize| self.useless.iter().any(|useless| useless.place == place);
        for &place in arrangement
            .unrelated
            .iter()
            .filter(|place| !explained(**place) && !useless(**place))
        {
            let fact = rule::chain::UnrelatedCertificate {
                subject: self.name(place),
                reason: None,
            };
            findings.push(Finding::new(fact, self.subject(place)));
        }
        for useless in &self.useless {
            let fact = rule::chain::UnrelatedCertificate {
                subject: self.name(useless.place),
                reason: Some(useless.reason.clone()),
            };
            let finding = Finding::new(fact, self.subject(useless.place));
            // OpenSSL and GnuTLS use the first issuer of a name, and do not backtrack.
            findings.push(if useless.comes_first {
                finding.with_severity(Severity::Error)
            } else {
                finding
            });
        }
        for &place in &arrangement.roots {
            let at = self.subject(place);
            let others = (0..self.objects.len()).filter(|other| *other != place);
            let fact = rule::chain::IncludesRoot {
                subject: self.name(place),
                direct: arrangement.path.get(1) == Some(&place),
                alone: others
                    .map(|other| self.subject(other).source)
                    .all(|source| source != at.source),
            };
            findings.push(Finding::new(fact, at));
        }
        if let Some(limit) = arrangement.exhausted {
            let what = "signatures".to_owned();
            let own = arrangement.end_entity.unwrap_or(0);
            findings.push(Finding::new(
                rule::chain::BudgetExhausted { what, limit },
                self.subject(own),
            ));
        }
        findings
    }

    /// The findings about the place where the chain ends.
    pub(super) fn ending(&self, arrangement: &Arrangement, trust: Option<&Trust>) -> Vec<Finding> {
        let Some(&last) = arrangement.path.last() else {
            return Vec::new();
        };
        let anchored = trust.is_some_and(Trust::is_anchored);
        let mut findings = Vec::new();
        if arrangement.ends == Ending::SelfSignedEndEntity && !anchored {
            let fact = rule::chain::SelfSigned {
                subject: self.name(last),
                for_ldap: false,
            };
            findings.push(Finding::new(fact, self.subject(last)));
        }
        // With an anchor above, nothing is missing, whatever the files look like.
        if anchored {
            return findings;
        }
        if let Some(gap) = self.gap() {
            findings.extend(self.missing(gap));
            return findings;
        }
        match trust {
            Some(trust) => {
                let certificate = self
                    .objects
                    .get(last)
                    .and_then(|object| object.certificate());
                let fact = certificate.map(|certificate| {
                    ChainFact::UntrustedRoot(rule::chain::UntrustedRoot {
                        subject: certificate.subject().to_string(),
                        sha256: certificate.sha256(),
                        anchors: trust.anchors as u64,
                        needed: certificate.issuer().to_string(),
                    })
                });
                findings.extend(fact.map(|fact| Finding::new(fact, self.subject(last))));
            }
            None => {
                findings.extend(arrangement.gap.as_ref().map(|gap| {
                    let fact = rule::chain::EndsBelowRoot {
                        subject: gap.subject.clone(),
                        issuer_name: gap.issuer_name.clone(),
                    };
                    Finding::new(fact, self.subject(gap.of))
                }));
            }
        }
        findings
    }

    fn missing(&self, gap: &Gap) -> Vec<Finding> {
        let mut findings = Vec::new();
        // A candidate of the right name that did not sign is named together with the gap: it is
        // usually the old certificate of the same CA.
        if let Some(rejected) = gap.rejected.first() {
            let fact = rule::chain::BadSignature {
                subject: gap.subject.clone(),
                issuer_name: gap.issuer_name.clone(),
                reason: rejected.reason.clone(),
            };
            findings.push(Finding::new(fact, self.subject(gap.of)));
        }
        findings.push(Finding::new(gap.fact(), self.subject(gap.of)));
        findings
    }

    /// The CA certificates: an expired one is an error if no path avoids it.
    pub(super) fn issuers(
        &self,
        arrangement: &Arrangement,
        path: &[usize],
        demands: &Demands<'_>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for &place in arrangement
            .order
            .iter()
            .filter(|place| Some(**place) != arrangement.end_entity)
        {
            let Some(object) = self.objects.get(place) else {
                continue;
            };
            let needed = path.contains(&place);
            findings.extend(demands.issuer(object).into_iter().map(|finding| {
                // An expired certificate outside the path harms only clients that try it first.
                if needed {
                    finding
                } else {
                    finding.with_severity(Severity::Warning)
                }
            }));
        }
        findings
    }
}
