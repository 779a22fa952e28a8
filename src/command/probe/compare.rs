//! What is on the wire against what should be.

use super::{Compared, Probe, ProbeResult};
use crate::Time;
use crate::answer::Check;
use crate::finding::{Finding, Fingerprint, Severity, Subject, WireFact};
use crate::model::Certificate;
use crate::objects::Opened;
use crate::server_name::Wildcards;

impl Probe<'_> {
    /// The wire against the file and the prediction.
    pub(super) fn compare(
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
