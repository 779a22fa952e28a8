//! What the server would send, and whether it leads to a trust anchor.

use super::certificates::{Demands, is_self_signed};
use crate::answer::Check;
use crate::chain::arrange::{Arrangement, Ending, Gap, arrange};
use crate::finding::{ChainFact, Finding, Severity, Subject};
use crate::model::Certificate;
use crate::objects::Object;
use crate::signature;
use crate::trust_store::Anchors;

/// The chain that a server would present, in order.
pub(super) struct Presented<'o, 'd> {
    /// The certificates, in the order in which they would be sent.
    pub(super) objects: Vec<&'o Object<'d>>,
    /// The SubjectPublicKeyInfo of the server's key, where that is proven.
    pub(super) key: Option<&'d [u8]>,
}

/// What a chain comes to.
pub(super) struct Judgement<'o, 'd> {
    pub(super) findings: Vec<Finding>,
    pub(super) checks: Vec<Check>,
    /// The server's own certificate.
    pub(super) end_entity: Option<&'o Object<'d>>,
}

impl<'o, 'd> Presented<'o, 'd> {
    /// A server that sends one certificate alone completes it from its CA
    /// setting (measured: Apache 2.4.71, PostgreSQL 15.18 and Rserve 1.8-11 with
    /// OpenSSL 3.0.19: `leaf only, SSLCACertificateFile mid+root` sends three).
    pub(super) fn complete_from(&mut self, ca: &'o [Object<'d>]) {
        let pool: Vec<_> = ca
            .iter()
            .filter(|object| object.certificate().is_some())
            .collect();
        if self.objects.len() != 1 || pool.is_empty() {
            return;
        }
        let all: Vec<_> = self.objects.iter().copied().chain(pool).collect();
        let certificates: Vec<_> = all
            .iter()
            .filter_map(|object| object.certificate().cloned())
            .collect();
        let own = certificates.first().map(Certificate::spki_der);
        self.objects = arrange(&certificates, own)
            .path
            .iter()
            .filter_map(|place| all.get(*place).copied())
            .collect();
    }

    pub(super) fn judge(
        &self,
        demands: &Demands<'_>,
        anchors: Option<&Anchors>,
    ) -> Judgement<'o, 'd> {
        let certificates: Vec<_> = self
            .objects
            .iter()
            .filter_map(|object| object.certificate().cloned())
            .collect();
        let arrangement = arrange(&certificates, self.key);
        let end_entity = arrangement
            .end_entity
            .and_then(|place| self.objects.get(place).copied());
        let Some(own) = end_entity else {
            return Judgement {
                findings: Vec::new(),
                checks: vec![Check::impossible("chain", "no certificate could be read")],
                end_entity: None,
            };
        };
        let trust = anchors.map(|anchors| Trust::of(&certificates, &arrangement, anchors));
        let path = best_path(&certificates, &arrangement, demands, trust.as_ref());
        let mut findings = demands.end_entity(own);
        findings.extend(self.order(&arrangement, demands));
        findings.extend(self.strangers(&arrangement));
        findings.extend(self.ending(&arrangement, trust.as_ref()));
        findings.extend(self.issuers(&arrangement, &path, demands));
        let mut checks = vec![Check::ran("chain")];
        checks.push(match (&trust, anchors) {
            (Some(trust), Some(anchors)) if trust.anchors == 0 => Check::impossible(
                "trust",
                anchors.problems().first().map_or_else(
                    || "no anchor could be read".to_owned(),
                    |problem| format!("no anchor could be read: {problem}"),
                ),
            ),
            (Some(_), _) => Check::ran("trust"),
            (None, _) => Check::not_asked("trust", "no --anchors were given"),
        });
        Judgement {
            findings,
            checks,
            end_entity,
        }
    }

    fn subject(&self, place: usize) -> Subject {
        self.objects
            .get(place)
            .map_or_else(|| Subject::file(""), |object| object.subject())
    }

    fn name(&self, place: usize) -> String {
        let certificate = self
            .objects
            .get(place)
            .and_then(|object| object.certificate());
        certificate.map_or_else(String::new, |certificate| certificate.subject().to_string())
    }

    fn order(&self, arrangement: &Arrangement, demands: &Demands<'_>) -> Option<Finding> {
        let own = arrangement.end_entity.filter(|_| !arrangement.in_order)?;
        if own != 0 && demands.server.end_entity_first {
            let fact = ChainFact::EndEntityNotFirst {
                first: self.name(0),
                position: own as u64 + 1,
            };
            return Some(Finding::new(fact, self.subject(0)));
        }
        let order = arrangement
            .path
            .iter()
            .map(|place| *place as u64 + 1)
            .collect();
        let early = arrangement
            .path
            .iter()
            .zip(arrangement.path.iter().skip(1))
            .find(|(lower, upper)| upper < lower)
            .map_or(own, |(_, upper)| *upper);
        Some(Finding::new(
            ChainFact::WrongOrder { order },
            self.subject(early),
        ))
    }

    fn strangers(&self, arrangement: &Arrangement) -> Vec<Finding> {
        let mut findings = Vec::new();
        for &(place, first) in &arrangement.duplicates {
            let at = self.subject(first);
            let lines = at
                .lines
                .map_or_else(String::new, |lines| format!(":{}", lines.first));
            let fact = ChainFact::Duplicate {
                subject: self.name(place),
                first: format!("{}{lines}", at.source),
            };
            findings.push(Finding::new(fact, self.subject(place)));
        }
        let explained = |place: usize| {
            let gap = arrangement.gap.as_ref();
            gap.is_some_and(|gap| {
                gap.beyond.contains(&place) || gap.rejected.iter().any(|it| it.place == place)
            })
        };
        for &place in arrangement
            .unrelated
            .iter()
            .filter(|place| !explained(**place))
        {
            let fact = ChainFact::UnrelatedCertificate {
                subject: self.name(place),
            };
            findings.push(Finding::new(fact, self.subject(place)));
        }
        for &place in &arrangement.roots {
            let fact = ChainFact::IncludesRoot {
                subject: self.name(place),
            };
            findings.push(Finding::new(fact, self.subject(place)));
        }
        if let Some(limit) = arrangement.exhausted {
            let what = "signatures".to_owned();
            let own = arrangement.end_entity.unwrap_or(0);
            findings.push(Finding::new(
                ChainFact::BudgetExhausted { what, limit },
                self.subject(own),
            ));
        }
        findings
    }

    /// What is to be said of the place where the chain ends.
    fn ending(&self, arrangement: &Arrangement, trust: Option<&Trust>) -> Vec<Finding> {
        let Some(&last) = arrangement.path.last() else {
            return Vec::new();
        };
        let anchored = trust.is_some_and(Trust::is_anchored);
        let mut findings = Vec::new();
        if arrangement.ends == Ending::SelfSignedEndEntity && !anchored {
            let fact = ChainFact::SelfSigned {
                subject: self.name(last),
            };
            findings.push(Finding::new(fact, self.subject(last)));
        }
        if anchored {
            return findings;
        }
        if let Some(gap) = &arrangement.gap
            && gap.is_certain(arrangement.ends)
        {
            findings.extend(self.missing(gap));
            return findings;
        }
        match trust {
            Some(trust) => {
                let certificate = self
                    .objects
                    .get(last)
                    .and_then(|object| object.certificate());
                let fact = certificate.map(|certificate| ChainFact::UntrustedRoot {
                    subject: certificate.subject().to_string(),
                    sha256: certificate.sha256(),
                    anchors: trust.anchors as u64,
                });
                findings.extend(fact.map(|fact| Finding::new(fact, self.subject(last))));
            }
            None => {
                findings.extend(arrangement.gap.as_ref().map(|gap| {
                    let fact = ChainFact::EndsBelowRoot {
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
        if let Some(rejected) = gap.rejected.first() {
            let fact = ChainFact::BadSignature {
                subject: gap.subject.clone(),
                issuer_name: gap.issuer_name.clone(),
                reason: rejected.reason.clone(),
            };
            findings.push(Finding::new(fact, self.subject(gap.of)));
        }
        findings.push(Finding::new(gap.fact(), self.subject(gap.of)));
        findings
    }

    /// The CA certificates: an expired one is an error where no path avoids it.
    fn issuers(
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

/// The path that a client would take: one without expired certificates, to an
/// anchor, if there is such a path.
fn best_path(
    certificates: &[Certificate<'_>],
    arrangement: &Arrangement,
    demands: &Demands<'_>,
    trust: Option<&Trust>,
) -> Vec<usize> {
    let expired = |place: &usize| {
        certificates
            .get(*place)
            .is_none_or(|certificate| demands.at > certificate.not_after())
    };
    arrangement
        .paths
        .iter()
        .map(|path| &path.certificates)
        .min_by_key(|path| {
            let untrusted = trust.is_some_and(|trust| !trust.reaches(path));
            let issuers = path.iter().skip(1);
            (untrusted, issuers.filter(|place| expired(place)).count())
        })
        .cloned()
        .unwrap_or_else(|| arrangement.path.clone())
}

/// Which of the presented certificates an anchor vouches for.
struct Trust {
    anchors: usize,
    /// Places of certificates that are anchors, or were signed by one.
    vouched: Vec<usize>,
    path_is_anchored: bool,
}

impl Trust {
    fn of(certificates: &[Certificate<'_>], arrangement: &Arrangement, anchors: &Anchors) -> Self {
        let anchors: Vec<_> = anchors
            .certificates()
            .filter_map(|der| Certificate::parse(der).ok())
            .collect();
        let vouches = |certificate: &Certificate<'_>| {
            anchors.iter().any(|anchor| {
                anchor.der() == certificate.der()
                    || (anchor.subject().matches(&certificate.issuer())
                        && !is_self_signed(certificate)
                        && signature::signed_by(certificate, anchor).is_ok())
            })
        };
        let vouched: Vec<_> = arrangement
            .order
            .iter()
            .copied()
            .filter(|place| certificates.get(*place).is_some_and(vouches))
            .collect();
        let path_is_anchored = arrangement
            .paths
            .iter()
            .flat_map(|path| &path.certificates)
            .any(|p| vouched.contains(p));
        Self {
            anchors: anchors.len(),
            vouched,
            path_is_anchored,
        }
    }

    fn is_anchored(&self) -> bool {
        self.path_is_anchored
    }

    fn reaches(&self, path: &[usize]) -> bool {
        path.iter().any(|place| self.vouched.contains(place))
    }
}
