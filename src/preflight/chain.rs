//! What the server would send, and whether it leads to a trust anchor.

mod correction;
mod identifiers;
mod useless;

pub(crate) use identifiers::disagreement;

use super::certificates::Demands;
use super::revocation::{self, Lists};
use super::trust::{self, Rules, Trust};
use crate::Time;
use crate::answer::Check;
use crate::chain::arrange::{Arrangement, Ending, Gap, arrange};
use crate::finding::{Fingerprint, Severity, Subject};
use crate::model::{Certificate, SignatureAlgorithm};
use crate::objects::Object;
use crate::rule::{self, ChainFact, Finding};
use crate::trust_store::Anchors;
use useless::Useless;

/// The chain that a server would present, in order.
pub(crate) struct Presented<'o, 'd> {
    /// The certificates, in the order in which they would be sent.
    pub(crate) objects: Vec<&'o Object<'d>>,
    /// The SubjectPublicKeyInfo of the server's key, where that is proven.
    pub(crate) key: Option<&'d [u8]>,
}

/// A chain, arranged by who signed whom, and held against the anchors.
pub(crate) struct Chain<'o, 'd> {
    pub(crate) objects: Vec<&'o Object<'d>>,
    pub(crate) arrangement: Arrangement,
    certificates: Vec<Certificate<'d>>,
    trust: Option<Trust>,
    rules: Rules,
    trust_check: Check,
    lists: Lists<'d>,
    /// Certificates beside the path that cannot issue what another one did.
    useless: Vec<Useless>,
    /// Authority key identifiers that name another issuer, by place.
    identifiers: Vec<(usize, ChainFact)>,
}

impl<'o, 'd> Presented<'o, 'd> {
    pub(crate) fn arranged(self, anchors: Option<&Anchors>, at: Time) -> Chain<'o, 'd> {
        self.arranged_with(anchors, Lists::default(), at)
    }

    /// The same, and held against revocation lists.
    pub(crate) fn arranged_with(
        self,
        anchors: Option<&Anchors>,
        lists: Lists<'d>,
        at: Time,
    ) -> Chain<'o, 'd> {
        let certificates = views(&self.objects);
        // All certificates of one question share the table of computed signatures, the anchors
        // included.
        let computed = certificates.iter().find_map(Certificate::computed);
        let mut arrangement = arrange(&certificates, self.key);
        let parsed: Option<Vec<_>> = anchors.map(|anchors| {
            anchors
                .certificates()
                .filter_map(|der| Certificate::parse(der).ok())
                .map(|anchor| anchor.sharing(computed))
                .collect()
        });
        // Before anything else is judged: a certificate that cannot be an issuer would otherwise
        // be a step of the path.
        let useless = useless::taken_out(
            &certificates,
            &mut arrangement,
            parsed.as_deref(),
            self.key,
            at,
        );
        let rules = Rules::judge(
            &certificates,
            &arrangement,
            parsed.as_deref(),
            &lists.lists,
            at,
        );
        let known = parsed.as_deref().unwrap_or_default();
        let identifiers = identifiers::disagreements(&certificates, &arrangement, known);
        let trust = parsed.map(|anchors| Trust::of(&certificates, &arrangement, &anchors));
        // Anchors were asked for and none could be read: every chain would look untrusted, so that
        // the check is impossible and the verdict undecided.
        let trust_check = match (&trust, anchors) {
            (Some(trust), Some(anchors)) if trust.anchors == 0 => Check::impossible(
                "trust",
                anchors.problems().first().map_or_else(
                    || "no anchor could be read".to_owned(),
                    |problem| format!("no anchor could be read: {problem}"),
                ),
            ),
            (Some(_), _) => Check::ran("trust"),
            (None, _) => Check::not_asked("trust", "no --anchors were given"),
        };
        Chain {
            objects: self.objects,
            arrangement,
            certificates,
            trust,
            rules,
            trust_check,
            lists,
            useless,
            identifiers,
        }
    }
}

fn views<'d>(objects: &[&Object<'d>]) -> Vec<Certificate<'d>> {
    objects
        .iter()
        .filter_map(|object| object.certificate().cloned())
        .collect()
}

impl<'o, 'd> Chain<'o, 'd> {
    /// The server's own certificate.
    pub(crate) fn end_entity(&self) -> Option<&'o Object<'d>> {
        self.objects.get(self.arrangement.end_entity?).copied()
    }

    pub(crate) fn checks(&self) -> Vec<Check> {
        match self.arrangement.end_entity {
            Some(_) => {
                let mut checks = vec![Check::ran("chain"), self.trust_check.clone()];
                checks.extend(self.unchecked());
                checks
            }
            None => vec![Check::impossible("chain", "no certificate could be read")],
        }
    }

    /// The first signature that was not computed: of the files, or by an anchor.
    fn unchecked(&self) -> Option<Check> {
        let link = self.arrangement.unchecked.first();
        let reason = link.map(|link| {
            let (of, issuer) = (self.name(link.of), self.name(link.issuer));
            format!(
                "the signature of `{of}` by `{issuer}` is not checked: {}",
                link.reason
            )
        });
        // No link is open among the files, but an anchor may have to check a signature of a kind
        // that is not computed here.
        let reason = reason.or_else(|| {
            let path = &self.arrangement.path;
            let mut members = path
                .iter()
                .filter_map(|place| self.certificates.get(*place));
            let other = members.find(|member| {
                member.signature_algorithm().signature() == SignatureAlgorithm::Unsupported
            })?;
            let (of, algorithm) = (other.subject(), other.signature_algorithm());
            Some(format!(
                "the signature of `{of}` is not checked: {algorithm} is not supported"
            ))
        });
        reason.map(|reason| Check::impossible("signatures", reason))
    }

    /// Everything about the certificates in relation to one another.
    pub(crate) fn findings(&self, demands: &Demands<'_>) -> Vec<Finding> {
        let arrangement = &self.arrangement;
        let path = trust::best_path(
            &self.certificates,
            arrangement,
            demands.at,
            self.trust.as_ref(),
        );
        let mut findings = Vec::new();
        findings.extend(self.order(arrangement));
        findings.extend(self.unrelated(arrangement));
        findings.extend(self.broken_rules());
        let identifiers = self.identifiers.iter();
        findings.extend(
            identifiers.map(|(place, fact)| Finding::new(fact.clone(), self.subject(*place))),
        );
        findings.extend(self.ending(arrangement, self.trust.as_ref()));
        findings.extend(self.issuers(arrangement, &path, demands));
        findings
    }

    /// The topmost issuer among what is sent, to be taken for trusted where no
    /// anchors are given; none where an issuer is certainly missing.
    pub(crate) fn topmost(&self, sent: &[Certificate<'d>]) -> Option<Certificate<'d>> {
        if self.gap().is_some() {
            return None;
        }
        let path = self.arrangement.path.iter().rev();
        let mut path = path.filter_map(|place| self.certificates.get(*place));
        path.find(|certificate| sent.iter().any(|other| other.der() == certificate.der()))
            .or_else(|| sent.last())
            .cloned()
    }

    /// The issuer that must be missing, if one is.
    pub(crate) fn gap(&self) -> Option<&Gap> {
        let gap = self.arrangement.gap.as_ref()?;
        // An anchor above any of the paths settles it: what seemed to be missing is in the
        // client's store.
        (!self.is_anchored() && gap.is_certain(self.arrangement.ends)).then_some(gap)
    }

    /// The anchor above the path where it is over: RFC 5280 takes an anchor for a name
    /// and a key, most clients look at its dates too. Nothing where another anchor of the
    /// same name is valid.
    pub(crate) fn ended_anchor(
        &self,
        anchors: &Anchors,
        at: Time,
    ) -> Option<(Fingerprint, ChainFact)> {
        if !self.is_anchored() {
            return None;
        }
        let top = self.certificates.get(*self.arrangement.path.last()?)?;
        let parsed = anchors
            .certificates()
            .filter_map(|der| Certificate::parse(der).ok());
        let above: Vec<_> = parsed
            .filter(|parsed| parsed.subject().matches(&top.issuer()))
            .collect();
        let is_over = |certificate: &Certificate<'_>| certificate.not_after() < at;
        // One valid anchor of that name is enough. Clients try each of them.
        let anchor = above.first().filter(|_| above.iter().all(is_over))?;
        let fact = rule::chain::Expired {
            subject: anchor.subject().to_string(),
            not_after: anchor.not_after(),
            at,
        };
        Some((anchor.sha256(), fact.into()))
    }

    /// Whether an anchor vouches for one of the paths.
    pub(crate) fn is_anchored(&self) -> bool {
        self.trust.as_ref().is_some_and(Trust::is_anchored)
    }

    /// The part of a path that a client needs, where anchors are known.
    pub(crate) fn needed<'p>(&self, path: &'p [usize]) -> &'p [usize] {
        let trust = self.trust.as_ref();
        trust.map_or(path, |trust| trust.needed(path))
    }

    /// Whether an anchor vouches for this path.
    pub(crate) fn reaches_anchor(&self, path: &[usize]) -> bool {
        self.trust.as_ref().is_some_and(|trust| trust.reaches(path))
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

    /// The certificates, in the order in which they would be sent.
    pub(crate) fn certificates(&self) -> &[Certificate<'d>] {
        &self.certificates
    }

    /// What path validation refuses, beyond dates, names and signatures.
    fn broken_rules(&self) -> Vec<Finding> {
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

    fn order(&self, arrangement: &Arrangement) -> Option<Finding> {
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
        // The finding points at the first certificate that stands before the one it issued.
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

    /// The files that certificates stand in, each once, in this order.
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

    fn unrelated(&self, arrangement: &Arrangement) -> Vec<Finding> {
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
            // OpenSSL and GnuTLS take the first issuer of a name, and do not turn back.
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

    /// What is to be said of the place where the chain ends.
    fn ending(&self, arrangement: &Arrangement, trust: Option<&Trust>) -> Vec<Finding> {
        let Some(&last) = arrangement.path.last() else {
            return Vec::new();
        };
        let anchored = trust.is_some_and(Trust::is_anchored);
        let mut findings = Vec::new();
        if arrangement.ends == Ending::SelfSignedEndEntity && !anchored {
            let fact = rule::chain::SelfSigned {
                subject: self.name(last),
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
                // An expired certificate beside the path harms only clients that try it first.
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
