//! What the server would send, and whether it leads to a trust anchor.

mod correction;
mod findings;
mod identifiers;
mod useless;

pub(crate) use identifiers::disagreement;

use super::certificates::Demands;
use super::revocation::Lists;
use super::trust::{self, Rules, Trust};
use crate::Time;
use crate::answer::Check;
use crate::chain::arrange::{Arrangement, Gap, arrange};
use crate::finding::{Fingerprint, Subject};
use crate::model::{Certificate, SignatureAlgorithm};
use crate::objects::Object;
use crate::rule::{self, ChainFact, Finding};
use crate::trust_store::Anchors;
use useless::Useless;

/// The chain that a server would present, in order.
pub(crate) struct Presented<'o, 'd> {
    /// The certificates, in the order in which they would be sent.
    pub(crate) objects: Vec<&'o Object<'d>>,
    /// The SubjectPublicKeyInfo of the server's key, if that is proven.
    pub(crate) key: Option<&'d [u8]>,
}

/// A chain, arranged by who signed whom, and checked against the anchors.
pub(crate) struct Chain<'o, 'd> {
    pub(crate) objects: Vec<&'o Object<'d>>,
    pub(crate) arrangement: Arrangement,
    certificates: Vec<Certificate<'d>>,
    trust: Option<Trust>,
    rules: Rules,
    trust_check: Check,
    lists: Lists<'d>,
    /// Certificates outside the path that cannot have issued what another one issued.
    useless: Vec<Useless>,
    /// Authority key identifiers that name another issuer, by place.
    identifiers: Vec<(usize, ChainFact)>,
}

impl<'o, 'd> Presented<'o, 'd> {
    pub(crate) fn arranged(self, anchors: Option<&Anchors>, at: Time) -> Chain<'o, 'd> {
        self.arranged_with(anchors, Lists::default(), at)
    }

    /// The same, and checked against revocation lists.
    pub(crate) fn arranged_with(
        self,
        anchors: Option<&Anchors>,
        lists: Lists<'d>,
        at: Time,
    ) -> Chain<'o, 'd> {
        let certificates = views(&self.objects);
        // All certificates of one question, including the anchors, share the table of computed
        // signatures.
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
        // Anchors were given but none could be read: every chain would look untrusted, so the
        // check is impossible and the verdict undecided.
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

    /// The first signature that was not computed: in the files, or by an anchor.
    fn unchecked(&self) -> Option<Check> {
        let link = self.arrangement.unchecked.first();
        let reason = link.map(|link| {
            let (of, issuer) = (self.name(link.of), self.name(link.issuer));
            format!(
                "the signature of `{of}` by `{issuer}` is not checked: {}",
                link.reason
            )
        });
        // No link among the files is open, but an anchor's key may have to check a signature of a
        // kind that is not computed here.
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

    /// The topmost issuer among what is sent, to be assumed trusted if no anchors are given; `None`
    /// if an issuer is certainly missing.
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

    /// The anchor above the path, if expired: RFC 5280 treats an anchor as a name and a key, but
    /// most clients check its dates too. `None` if another anchor of the same name is valid.
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

    /// The part of a path that a client needs, if anchors are known.
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
}
