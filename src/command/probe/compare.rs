//! What is on the wire, compared with what should be.

use super::{Compared, OnTheWire, Probe, ProbeResult};
use crate::Time;
use crate::answer::Check;
use crate::finding::{Fingerprint, Severity, Subject};
use crate::model::Certificate;
use crate::objects::Opened;
use crate::probe::{Handshake, KeyKind};
use crate::rule::{self, Finding, WireFact};
use crate::server_name::Wildcards;

impl Probe<'_> {
    /// Compares the wire with the file and the prediction.
    pub(super) fn compare(
        &self,
        result: &mut ProbeResult,
        handshakes: &[&Handshake],
        place: &Subject,
    ) -> (Vec<Finding>, Check) {
        let mut expectations = Vec::new();
        if let Some(document) = &self.expected {
            let opened = Opened::new(document, None);
            let objects = opened.objects();
            let all = objects.iter().filter_map(|object| object.certificate());
            let all = all.map(|certificate| self.one_expected(certificate));
            let name = document.source().name().to_owned();
            // A file may hold only one of the server's pairs, so another chain on the wire is worth
            // only a note.
            expectations.push((name, all.collect::<Vec<_>>(), Severity::Notice));
        }
        if let Some(predicted) = &self.predicted {
            let all = predicted.sent.iter().filter_map(|sent| {
                let certificate = Certificate::parse(&sent.der).ok()?;
                Some(self.one_expected(&certificate))
            });
            let files = format!("the settings of {}", predicted.server);
            // A server's own settings name all of its pairs. Another chain comes from somewhere
            // else.
            expectations.push((files, all.collect(), Severity::Warning));
        }
        if expectations.is_empty() {
            let reason = "neither --expect nor a server's files were given";
            return (Vec::new(), Check::not_applicable("comparison", reason));
        }
        let mut findings = Vec::new();
        for (against, expected, unexpected) in expectations {
            let found = self.differences(&against, &expected, unexpected, result, handshakes);
            result.compared.push(Compared {
                against,
                expected: expected
                    .iter()
                    .map(|certificate| certificate.sha256)
                    .collect(),
                same: found.is_empty(),
            });
            findings.extend(
                found.into_iter().map(|(fact, severity)| {
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
            kind: KeyKind::of(certificate),
            is_ca: certificate.is_ca(),
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

    /// Compares each expected chain with the one on the wire for its kind of key.
    /// `unexpected` is how serious an additional chain is.
    fn differences(
        &self,
        against: &str,
        expected: &[Expected],
        unexpected: Severity,
        result: &ProbeResult,
        handshakes: &[&Handshake],
    ) -> Vec<(WireFact, Severity)> {
        let leaves = handshakes.iter().map(|handshake| {
            let leaf = handshake.certificates.first();
            leaf.and_then(|der| Certificate::parse(der).ok())
        });
        let mut wires: Vec<_> = leaves
            .zip(&result.chains)
            .map(|(leaf, chain)| {
                let kind = leaf.as_ref().and_then(KeyKind::of);
                (kind, leaf, chain.certificates.as_slice())
            })
            .collect();
        let mut found = Vec::new();
        let chains = by_kind(expected);
        let several = chains.len() > 1;
        // Chains are matched by the kind of key, since the signatures that a client accepts decide
        // which it gets.
        for chain in chains {
            let kind = chain.first().and_then(|certificate| certificate.kind);
            let alike = wires.iter().position(|(wire, ..)| *wire == kind);
            // A single expected chain is always compared with something.
            let place = alike.or((!several && !wires.is_empty()).then_some(0));
            let Some(place) = place else {
                let name = kind.map_or("such", KeyKind::as_str);
                let fact = rule::wire::ChainDiffers {
                    against: against.to_owned(),
                    problem: format!("no client gets the certificate with the {name} key"),
                    missing: chain
                        .iter()
                        .map(|certificate| certificate.subject.clone())
                        .collect(),
                    extra: Vec::new(),
                };
                found.push((fact.into(), Severity::Error));
                continue;
            };
            let (_, leaf, wire) = wires.remove(place);
            found.extend(self.difference(against, chain, wire, leaf.as_ref()));
        }
        for (kind, _, wire) in wires {
            let name = kind.map_or("another", KeyKind::as_str);
            let fact = rule::wire::ChainDiffers {
                against: against.to_owned(),
                problem: format!(
                    "clients that accept {name} keys get a certificate that is not in it"
                ),
                missing: Vec::new(),
                extra: wire.iter().map(|wire| wire.subject.clone()).collect(),
            };
            found.push((fact.into(), unexpected));
        }
        found
    }

    fn difference(
        &self,
        against: &str,
        expected: &[Expected],
        wire: &[OnTheWire],
        leaf: Option<&Certificate<'_>>,
    ) -> Option<(WireFact, Severity)> {
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
                "the server sends no certificate"
            } else {
                "with these settings it would send no certificate, so it runs with others"
            };
            let fact = rule::wire::ChainDiffers {
                against,
                problem: problem.to_owned(),
                missing: expected
                    .iter()
                    .map(|certificate| certificate.subject.clone())
                    .collect(),
                extra: wire.iter().map(|wire| wire.subject.clone()).collect(),
            };
            return Some((fact.into(), Severity::Error));
        };
        // The server's own certificate decides what happened. The rest of the chain is compared
        // only if that one is right.
        if first.sha256 != seen.sha256 {
            let further = wire.iter().position(|wire| wire.sha256 == first.sha256);
            let reason = match (leaf, seen.not_before) {
                _ if further.is_some() => {
                    "the expected certificate comes later: the order is wrong".to_owned()
                }
                // The name is checked before the dates: another virtual host explains everything
                // else.
                (Some(leaf), _) if first.fits && !self.fits(leaf) => {
                    let hosts: Vec<_> = self.hosts.iter().map(ToString::to_string).collect();
                    format!(
                        "it is not for {}: another virtual host answers, or the handshake did not ask for the name",
                        hosts.join(", ")
                    )
                }
                (_, Some(before)) if before < first.from => {
                    "it is older: the file was renewed, but the server still uses what it read before"
                        .to_owned()
                }
                (_, Some(before)) if before > first.from => {
                    "it is newer than the expected certificate: the server reads another file".to_owned()
                }
                _ => "it is a different certificate".to_owned(),
            };
            let fact = rule::wire::OtherCertificate {
                against,
                expected: first.sha256,
                seen: seen.sha256,
                expected_not_after: Some(first.to),
                seen_not_after: seen.not_after,
                reason,
            };
            return Some((fact.into(), Severity::Error));
        }
        let on_wire = |digest| wire.iter().any(|wire| wire.sha256 == digest);
        let is_expected = |digest| {
            expected
                .iter()
                .any(|certificate| certificate.sha256 == digest)
        };
        let missing: Vec<_> = expected
            .iter()
            .filter(|certificate| !on_wire(certificate.sha256))
            .collect();
        let extra: Vec<_> = wire
            .iter()
            .filter(|wire| !is_expected(wire.sha256))
            .collect();
        // Clients have the root already: a server that does not send it still sends a complete chain.
        let roots_alone = missing.iter().all(|certificate| certificate.self_issued);
        let (problem, severity) = match (missing.is_empty(), extra.is_empty()) {
            (false, _) if wire.len() == 1 && !roots_alone => (
                "the server sends its own certificate without intermediates",
                Severity::Error,
            ),
            (false, true) if roots_alone => (
                "the server does not send the root, which is normal",
                Severity::Notice,
            ),
            (false, _) => (
                "the server does not send all expected certificates",
                Severity::Error,
            ),
            (true, false) => (
                "the server sends certificates that were not expected",
                Severity::Warning,
            ),
            (true, true) if wire.len() != expected.len() => (
                "the server sends a certificate more or fewer times than expected",
                Severity::Warning,
            ),
            (true, true) => ("the order is different", Severity::Warning),
        };
        let fact = rule::wire::ChainDiffers {
            against,
            problem: problem.to_owned(),
            missing: missing
                .iter()
                .map(|certificate| certificate.subject.clone())
                .collect(),
            extra: extra
                .iter()
                .map(|certificate| certificate.subject.clone())
                .collect(),
        };
        Some((fact.into(), severity))
    }
}

/// The chains of a file or server with several pairs: one begins at each end-entity certificate
/// whose kind of key is new.
fn by_kind(expected: &[Expected]) -> Vec<&[Expected]> {
    let mut begins = vec![0];
    // A list that begins with a CA certificate is not a set of pairs, and is taken as one chain.
    if expected.first().is_some_and(|first| !first.is_ca) {
        let mut kinds: Vec<_> = expected
            .iter()
            .take(1)
            .map(|certificate| certificate.kind)
            .collect();
        for (place, certificate) in expected.iter().enumerate().skip(1) {
            if !certificate.is_ca && !kinds.contains(&certificate.kind) {
                kinds.push(certificate.kind);
                begins.push(place);
            }
        }
    }
    let ends = begins.iter().skip(1).copied().chain([expected.len()]);
    let chains = begins.iter().zip(ends);
    chains
        .map(|(&begin, end)| expected.get(begin..end).unwrap_or_default())
        .collect()
}

/// A certificate that should be on the wire.
struct Expected {
    sha256: Fingerprint,
    subject: String,
    kind: Option<KeyKind>,
    is_ca: bool,
    self_issued: bool,
    from: Time,
    to: Time,
    /// Whether it is for the requested hosts.
    fits: bool,
}
