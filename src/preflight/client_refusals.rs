//! How the clients' refusals change the findings.

use super::Preflight;
use super::clients::Clients;
use super::demand::Demand;
use super::explained_refusals::{explains, is_of_trust};
use super::handshake;
use super::host_name;
use super::key_usage;
use super::loaded::Load;
use super::trust::place_of_anchor;
use crate::client::{Cause, Client, Judgement, Refusal, Verdict};
use crate::finding::{Code, Fingerprint, Severity};
use crate::model::Certificate;
use crate::objects::Object;
use crate::rule::{self, ChainFact, Finding};

/// Python's newest release checks what 3.12 does not, so its refusal is worth a warning although
/// `python` means the older ones.
const NEWEST: &[(&str, &str)] = &[("python", "python-3.13")];

/// A client that refuses, and why.
type Refused<'c> = (Client, &'c Refusal, &'c Judgement);

/// The contents of the files, for the findings about refusals.
pub(super) struct Known<'k, 'a> {
    /// The server's own certificate.
    pub(super) own: Option<&'k Object<'a>>,
    /// The certificates of the server's files.
    pub(super) files: &'k [Certificate<'a>],
    /// These and the anchors.
    pub(super) all: &'k [Certificate<'a>],
    /// The clients whose loaders do not get all of the anchors.
    pub(super) loads: &'k [Load],
}

impl Preflight {
    /// Brings the findings in line with the clients: what only clients that do
    /// not decide refuse is not an error, and what one that decides refuses is.
    pub(super) fn settle(
        &self,
        clients: &Clients,
        known: &Known<'_, '_>,
        findings: &mut Vec<Finding>,
    ) {
        let (Some(own), false) = (known.own, clients.judgements.is_empty()) else {
            return;
        };
        let deciding = self.deciding();
        let refused: Vec<Refused<'_>> = clients
            .judgements
            .iter()
            .filter(|(_, judgement)| judgement.verdict == Verdict::Refuses)
            .filter_map(|(client, it)| Some((*client, it.reason.as_ref()?, it)))
            .collect();
        self.weigh(&refused, &deciding, findings);
        if key_usage::all_accept(clients, &deciding) {
            // Each of them reads these constraints in its own way.
            for finding in findings.iter_mut() {
                if finding.code() == Code::ChainNameConstraints {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
        }
        let ended = handshake::findings(&clients.ended, &deciding, own);
        if ended.is_empty() {
            let others = handshake::findings(&clients.ended, &self.made_for(), own);
            let others = others.into_iter();
            findings.extend(others.map(|finding| finding.with_severity(Severity::Warning)));
        }
        findings.extend(ended);
        key_usage::settle(clients, &deciding, own, findings);
        host_name::settle(clients, &deciding, &self.hosts, findings);
        for (cause, at, refused) in self.unexplained(clients, &refused, &deciding, findings) {
            let Some(finding) = self.client_refuses(cause, at, &refused, own, known) else {
                continue;
            };
            let decides = refused.iter().any(|(client, ..)| deciding.contains(client));
            findings.push(if decides {
                finding
            } else {
                finding.with_severity(Severity::Warning)
            });
        }
    }

    /// The severity of the findings about trust and dates for the clients that decide.
    fn weigh(&self, refused: &[Refused<'_>], deciding: &[Client], findings: &mut Vec<Finding>) {
        let of_trust = |decides: bool| {
            refused.iter().any(|(client, refusal, _)| {
                refusal.cause.is_of_trust() && deciding.contains(client) == decides
            })
        };
        // With assumed anchors, nothing is known about trust.
        if self.anchors.is_some() {
            if of_trust(true) {
                raise_leaf_only(findings);
            } else {
                downgrade(findings, of_trust(false));
            }
        }
        let fails_by_date = refused.iter().any(|(client, refusal, _)| {
            deciding.contains(client) && refusal.cause == Cause::IssuerExpired
        });
        if !fails_by_date {
            // Every client finds a path that avoids it.
            for finding in findings.iter_mut() {
                if finding.code() == Code::ChainExpired {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
        }
    }

    /// The refusals that no finding explains yet, grouped by cause and certificate.
    fn unexplained<'r, 'c>(
        &self,
        clients: &Clients,
        refused: &'r [Refused<'c>],
        deciding: &[Client],
        findings: &[Finding],
    ) -> Vec<(Cause, Option<Fingerprint>, Vec<&'r Refused<'c>>)> {
        // If the older releases refuse too, the finding is about them.
        let newest = |client: &Client| {
            let of = NEWEST.iter().find(|(_, newest)| *newest == client.name());
            of.and_then(|(decider, _)| Client::named(decider))
                .is_some_and(|decider| {
                    deciding.contains(&decider)
                        && !refused.iter().any(|refused| refused.0 == decider)
                })
        };
        let made_for = self.made_for();
        let decided = |cause: Cause| {
            refused
                .iter()
                .any(|(client, refusal, _)| refusal.cause == cause && deciding.contains(client))
        };
        let mut groups: Vec<(Cause, Option<Fingerprint>, Vec<_>)> = Vec::new();
        for one in refused {
            let (client, refusal, _) = one;
            let cause = refusal.cause;
            let in_handshake = clients.ended.iter().any(|(ended, _)| ended == client);
            let counts = deciding.contains(client)
                || newest(client)
                || made_for.contains(client) && !decided(cause);
            // Without anchors the missing issuer is a finding already.
            let assumed = self.anchors.is_none() && !clients.whole && cause.is_of_trust();
            if in_handshake || !counts || assumed {
                continue;
            }
            // A warning is explained by a warning.
            let least = if deciding.contains(client) || newest(client) {
                Severity::Error
            } else {
                Severity::Warning
            };
            let explained = |finding: &Finding| explains(finding, cause, least);
            if findings.iter().any(explained) {
                continue;
            }
            let group = groups
                .iter_mut()
                .find(|group| (group.0, group.1) == (cause, refusal.certificate));
            match group {
                Some(group) => group.2.push(one),
                None => groups.push((cause, refusal.certificate, vec![one])),
            }
        }
        groups
    }

    /// The finding for clients that refuse for one cause.
    fn client_refuses(
        &self,
        cause: Cause,
        at: Option<Fingerprint>,
        refused: &[&Refused<'_>],
        own: &Object<'_>,
        known: &Known<'_, '_>,
    ) -> Option<Finding> {
        let (_, reason, judgement) = refused.first()?;
        let unloaded = known.loads.iter().find(|load| {
            cause == Cause::AnchorsFile && refused.iter().any(|(client, ..)| *client == load.client)
        });
        let expired = known
            .all
            .iter()
            .find(|certificate| cause == Cause::IssuerExpired && Some(certificate.sha256()) == at);
        let fact = match expired {
            Some(issuer) => ChainFact::Expired(rule::chain::Expired {
                subject: issuer.subject().to_string(),
                not_after: issuer.not_after(),
                at: self.at,
            }),
            None => {
                let demand = Demand::of(cause, &reason.says, at, known.all);
                ChainFact::ClientRefuses(rule::chain::ClientRefuses {
                    clients: refused
                        .iter()
                        .map(|(client, ..)| client.label().into_owned())
                        .collect(),
                    reason: reason.says.clone(),
                    certificate: reason.subject.clone(),
                    field: demand.as_ref().map(|demand| demand.field.to_owned()),
                    found: demand.as_ref().map(|demand| demand.found.clone()),
                    wanted: demand.map(|demand| demand.wanted),
                    anchors_file: unloaded.map(|load| load.place.source.clone()),
                    install: install(judgement, known.all),
                })
            }
        };
        // For an anchor that the server does not send, the place is its own file.
        let is_sent = |at: &Fingerprint| known.files.iter().any(|file| file.sha256() == *at);
        let anchor = at.filter(|at| !is_sent(at)).zip(self.anchors.as_deref());
        let place = anchor.and_then(|(at, anchors)| place_of_anchor(anchors, at));
        let place = unloaded.map(|unloaded| unloaded.place.clone()).or(place);
        Some(Finding::new(fact, place.unwrap_or_else(|| own.subject())))
    }
}

/// The anchors to install, by name.
fn install(judgement: &Judgement, known: &[Certificate<'_>]) -> Option<Vec<String>> {
    let set = judgement.anchors_needed.as_ref()?;
    let name = |digest: &Fingerprint| {
        let found = known
            .iter()
            .find(|certificate| certificate.sha256() == *digest);
        let name = found.map_or_else(String::new, |found| format!("{} ", found.subject()));
        format!("{name}({})", digest.short())
    };
    Some(set.iter().map(name).collect())
}

/// A server that leaves out what a client needs: then the omission is an error.
fn raise_leaf_only(findings: &mut [Finding]) {
    for finding in findings {
        if finding.code() == Code::ChainServerSendsLeafOnly {
            finding.severity = Severity::Error;
        }
    }
}

/// No client that decides lacks trust: a finding about trust is at most a warning for the others.
fn downgrade(findings: &mut Vec<Finding>, others: bool) {
    findings.retain_mut(|finding| {
        let code = finding.code();
        let of_trust = is_of_trust(finding);
        if of_trust || code == Code::ChainServerSendsLeafOnly {
            finding.severity = finding.severity.min(Severity::Warning);
        }
        others || !of_trust
    });
}
