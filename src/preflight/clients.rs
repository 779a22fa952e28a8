//! What the clients say of what the server would send, and what that means.

use super::demand::Demand;
use super::handshake::{self, End, Met};
use super::loaded::Load;
use super::trust::place_of_anchor;
use super::{ClientVerdict, Preflight};
use crate::answer::Check;
use crate::client::{self, Cause, Client, Judgement, Presented, Refusal, Stage, Store, Verdict};
use crate::finding::{Code, Fingerprint, Severity};
use crate::handshake::{Agreement, ClientHello};
use crate::model::{Certificate, TrustSetting};
use crate::objects::Object;
use crate::rule::{self, ChainFact, Evidence, Finding};

/// What is sent for one certificate, and what it is compared with.
pub(super) struct ClientInputs<'s, 'a> {
    /// The certificates on the wire, in their order.
    pub(super) sent: &'s [Certificate<'a>],
    /// Everything that the server's files hold.
    pub(super) files: &'s [Certificate<'a>],
    /// What the clients trust.
    pub(super) anchors: &'s [Certificate<'a>],
    /// Whether that is assumed, for want of anchors.
    pub(super) assumed: bool,
    /// Which of the server's chains this is.
    pub(super) place: usize,
    /// How the clients' handshakes go, as far as that is known.
    pub(super) meetings: &'s [(Client, Met)],
    /// Whether the server ends the handshake of a client without a certificate.
    pub(super) demands_certificate: bool,
    /// Whether the server wants the PROXY protocol before TLS.
    pub(super) demands_proxy: bool,
    /// What OpenSSL's settings say of some of them.
    pub(super) settings: &'s [(Fingerprint, TrustSetting)],
    /// The clients whose loaders do not get all of the anchors.
    pub(super) loads: &'s [Load],
    /// What they get, in the same order.
    pub(super) own_stores: &'s [Vec<Certificate<'a>>],
}

/// What all clients said of everything that the server would send.
#[derive(Default)]
pub(super) struct Clients {
    judgements: Vec<(Client, Judgement)>,
    /// What those agree on whose handshake comes to the certificates, and the
    /// certificate that they are then shown.
    agreed: Vec<(Client, Agreement, Fingerprint)>,
    /// Those whose handshake ends before.
    ended: Vec<(Client, End)>,
    /// The anchor that was assumed, where none were given.
    pub(super) assumed: Option<Fingerprint>,
    /// Without anchors: a chain that certainly lacks an issuer.
    whole: bool,
}

/// Python's newest release checks what 3.12 does not, so that its refusal is worth
/// a warning although `python` stands for the older ones.
const NEWEST: &[(&str, &str)] = &[("python", "python-3.13")];

impl Clients {
    /// A certificate that the server may send could not be read: who looks at the
    /// path may say something else.
    pub(super) fn lose(&mut self, reason: &str) {
        for &client in Client::ALL {
            if !self.judgements.iter().any(|(it, _)| *it == client) {
                self.judgements.push((client, Judgement::open(reason)));
            }
        }
        for (_, judgement) in &mut self.judgements {
            let stays = judgement
                .reason
                .as_ref()
                .is_some_and(|reason| reason.cause.stage() != Stage::Path);
            if !stays {
                *judgement = Judgement::open(reason);
            }
        }
    }
}

impl Preflight {
    /// The clients that decide.
    pub(super) fn deciding(&self) -> Vec<Client> {
        if !self.clients.is_empty() {
            return self.clients.clone();
        }
        let names = match self.server.name() {
            "postgres" => ClientHello::DECIDING_POSTGRES,
            _ => ClientHello::DECIDING,
        };
        names
            .iter()
            .filter_map(|name| Client::named(name))
            .collect()
    }

    /// Asks the clients about one certificate's chain. Where the server has two, a
    /// client is asked about the one that its handshake comes to; where that is not
    /// known, one that refuses either of them refuses.
    ///
    /// Of clients that were not named nothing is shown; what they say counts only
    /// where trust is in doubt (see [`downgrade`]), and they are asked only there.
    pub(super) fn ask(
        &self,
        clients: &mut Clients,
        inputs: &ClientInputs<'_, '_>,
        findings: &[Finding],
    ) {
        let everyone = self.clients.is_empty() || findings.iter().any(is_of_trust);
        let shown = Presented::of(inputs.sent)
            .named(&self.hosts)
            .stapling(false);
        let mut store = Store::of(inputs.anchors)
            .knowing(inputs.files)
            .with_settings(inputs.settings);
        if inputs.assumed {
            store = store.assumed();
            clients.assumed = inputs.anchors.first().map(Certificate::sha256);
            clients.whole = !inputs.anchors.is_empty();
        }
        let ended = |(_, met): &(Client, Met)| matches!(met, Met::Ended(_));
        let nobody = !inputs.meetings.is_empty() && inputs.meetings.iter().all(ended);
        for &client in Client::ALL {
            if !everyone && !self.clients.contains(&client) {
                continue;
            }
            let mut loads = inputs.loads.iter().zip(inputs.own_stores);
            let load = loads.find(|(load, _)| load.client == client);
            let met = inputs.meetings.iter().find(|(it, _)| *it == client);
            let judge = || match load {
                None => client::judge(client, &shown, &store, self.at),
                Some((load, own)) => {
                    let own = Store::of(own)
                        .knowing(inputs.files)
                        .with_settings(inputs.settings);
                    load.judge(&shown, &own, &store, self.at)
                }
            };
            let judgement = match met.map(|(_, met)| met) {
                Some(Met::Ended(end)) => {
                    clients.ended.push((client, end.clone()));
                    Judgement::ended(&end.says)
                }
                Some(Met::Agreed(agreement)) => {
                    if agreement.key != inputs.place {
                        continue;
                    }
                    let own = inputs.sent.first().map(Certificate::sha256);
                    clients
                        .agreed
                        .extend(own.map(|own| (client, *agreement, own)));
                    judge()
                }
                Some(Met::Open) => judge().unless_accepted(|| {
                    Judgement::open("handshakes with these settings are not predicted")
                }),
                None if nobody => Judgement::open(
                    "its handshake was not measured, and no client whose was can connect",
                ),
                None => judge(),
            };
            let judgement = if inputs.demands_certificate {
                judgement.unless_accepted(Judgement::without_certificate)
            } else {
                judgement
            };
            let judgement = if inputs.demands_proxy {
                judgement.unless_accepted(Judgement::without_proxy)
            } else {
                judgement
            };
            let known = clients.judgements.iter_mut().find(|(it, _)| *it == client);
            match known {
                Some((_, earlier)) if earlier.verdict != Verdict::Accepts => {}
                Some((_, earlier)) => *earlier = judgement,
                None => clients.judgements.push((client, judgement)),
            }
        }
    }

    /// The rows of the result: all clients, or those that were named.
    pub(super) fn rows(&self, clients: &Clients) -> Vec<ClientVerdict> {
        let deciding = self.deciding();
        let row = |(client, judgement): &(Client, Judgement)| {
            let agreed = clients.agreed.iter().find(|(it, ..)| it == client);
            ClientVerdict {
                client: client.name(),
                decides: deciding.contains(client),
                version: handshake::hello(*client).map(|hello| hello.program),
                verdict: judgement.verdict,
                stage: judgement.reason.as_ref().map(|reason| reason.cause.stage()),
                reason: judgement.reason.as_ref().map(|reason| reason.says.clone()),
                protocol: agreed.map(|(_, it, _)| it.version.as_str()),
                cipher_suite: agreed.map(|(_, it, _)| it.suite.iana),
                group: agreed.map(|(_, it, _)| it.exchange.to_string()),
                certificate: agreed.map(|(.., certificate)| *certificate),
                anchors_needed: judgement.anchors_needed.clone(),
            }
        };
        let chosen = |(client, _): &&(Client, Judgement)| {
            self.clients.is_empty() || self.clients.contains(client)
        };
        let place = |name: &str| Client::ALL.iter().position(|client| client.name() == name);
        let mut rows: Vec<_> = clients.judgements.iter().filter(chosen).map(row).collect();
        // Several certificates are asked about one after the other.
        rows.sort_by_key(|row| place(row.client));
        rows
    }

    /// Whether the clients could be asked.
    pub(super) fn clients_check(&self, clients: &Clients) -> Check {
        const NAME: &str = "clients";
        if clients.judgements.is_empty() {
            return Check::impossible(NAME, "no certificate could be read");
        }
        let deciding = self.deciding();
        let open = clients.judgements.iter().find(|(client, judgement)| {
            deciding.contains(client)
                && judgement.verdict == Verdict::Undecided
                && !judgement.lacks_own_side()
        });
        match open.and_then(|(client, it)| Some((client, it.reason.as_ref()?))) {
            Some((client, reason)) => {
                Check::impossible(NAME, format!("{}: {reason}", client.name()))
            }
            None => Check::ran(NAME),
        }
    }

    /// Brings the findings in line with the clients: what only clients that do
    /// not decide refuse is no error, and what one that decides refuses is.
    pub(super) fn settle(
        &self,
        clients: &Clients,
        own: Option<&Object<'_>>,
        files: &[Certificate<'_>],
        known: &[Certificate<'_>],
        loads: &[Load],
        findings: &mut Vec<Finding>,
    ) {
        let (Some(own), false) = (own, clients.judgements.is_empty()) else {
            return;
        };
        let deciding = self.deciding();
        let refusals: Vec<_> = clients
            .judgements
            .iter()
            .filter(|(_, judgement)| judgement.verdict == Verdict::Refuses)
            .filter_map(|(client, it)| Some((*client, it.reason.as_ref()?, it)))
            .collect();
        let of_trust = |decides: bool| {
            refusals.iter().any(|(client, refusal, _)| {
                refusal.cause.is_of_trust() && deciding.contains(client) == decides
            })
        };
        // What is assumed of trust says nothing of it.
        let given = self.anchors.is_some();
        if given && of_trust(true) {
            raise_leaf_only(findings);
        } else if given {
            downgrade(findings, of_trust(false));
        }
        let decides = |refusal: &&(Client, &Refusal, &Judgement)| deciding.contains(&refusal.0);
        let fails_by_date = refusals
            .iter()
            .filter(decides)
            .any(|(_, refusal, _)| refusal.cause == Cause::IssuerExpired);
        if !fails_by_date {
            // Every client finds a path that avoids it.
            for finding in findings.iter_mut() {
                if finding.code() == Code::ChainExpired {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
        }
        let mut groups: Vec<(Cause, Option<Fingerprint>, Vec<_>)> = Vec::new();
        // Where the older releases refuse too, that is said of them.
        let newest = |client: &Client| {
            let of = NEWEST.iter().find(|(_, newest)| *newest == client.name());
            of.and_then(|(decider, _)| Client::named(decider))
                .is_some_and(|decider| {
                    deciding.contains(&decider)
                        && !refusals.iter().any(|refusal| refusal.0 == decider)
                })
        };
        findings.extend(handshake::findings(&clients.ended, &deciding, own));
        for refused in &refusals {
            if clients.ended.iter().any(|(client, _)| *client == refused.0) {
                continue;
            }
            if !deciding.contains(&refused.0) && !newest(&refused.0) {
                continue;
            }
            let (cause, at) = (refused.1.cause, refused.1.certificate);
            if !given && !clients.whole && cause.is_of_trust() {
                // The missing issuer is a finding already.
                continue;
            }
            if findings.iter().any(|finding| explains(finding, cause)) {
                continue;
            }
            match groups
                .iter_mut()
                .find(|group| (group.0, group.1) == (cause, at))
            {
                Some(group) => group.2.push(refused),
                None => groups.push((cause, at, vec![refused])),
            }
        }
        for (cause, at, refused) in groups {
            let Some((_, reason, judgement)) = refused.first() else {
                continue;
            };
            let unloaded = loads.iter().find(|load| {
                cause == Cause::AnchorsFile
                    && refused.iter().any(|(client, ..)| *client == load.client)
            });
            let expired = known.iter().find(|certificate| {
                cause == Cause::IssuerExpired && Some(certificate.sha256()) == at
            });
            let fact = match expired {
                Some(issuer) => ChainFact::Expired(rule::chain::Expired {
                    subject: issuer.subject().to_string(),
                    not_after: issuer.not_after(),
                    at: self.at,
                }),
                None => {
                    let demand = Demand::of(cause, &reason.says, at, known);
                    ChainFact::ClientRefuses(rule::chain::ClientRefuses {
                        clients: refused
                            .iter()
                            .map(|(client, ..)| client.name().to_owned())
                            .collect(),
                        reason: reason.says.clone(),
                        certificate: reason.subject.clone(),
                        field: demand.as_ref().map(|demand| demand.field.to_owned()),
                        found: demand.as_ref().map(|demand| demand.found.clone()),
                        wanted: demand.map(|demand| demand.wanted),
                        anchors_file: unloaded.map(|load| load.place.source.clone()),
                        install: install(judgement, known),
                    })
                }
            };
            // Of an anchor that the server does not send, its own file is the place.
            let is_sent = |at: &Fingerprint| files.iter().any(|file| file.sha256() == *at);
            let anchors = self.anchors.as_deref();
            let anchor = at.filter(|at| !is_sent(at)).zip(anchors);
            let place = anchor.and_then(|(at, anchors)| place_of_anchor(anchors, at));
            let place = unloaded.map(|unloaded| unloaded.place.clone()).or(place);
            let finding = Finding::new(fact, place.unwrap_or_else(|| own.subject()));
            let decides = refused.iter().any(|(client, ..)| deciding.contains(client));
            findings.push(if decides {
                finding
            } else {
                finding.with_severity(Severity::Warning)
            });
        }
    }
}

/// The set to install, by name.
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

/// A server that leaves out what a client needs: then the loss is an error.
fn raise_leaf_only(findings: &mut [Finding]) {
    for finding in findings {
        if finding.code() == Code::ChainServerSendsLeafOnly {
            finding.severity = Severity::Error;
        }
    }
}

/// Whether it says that clients lack trust.
fn is_of_trust(finding: &Finding) -> bool {
    matches!(
        finding.code(),
        Code::ChainUntrustedRoot | Code::ChainMissingIntermediate
    )
}

/// No client that decides lacks trust: what was found of trust is at most a
/// warning for the others.
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

/// Whether a finding already says why a client refuses.
fn explains(finding: &Finding, cause: Cause) -> bool {
    let code = finding.code();
    if finding.severity != Severity::Error {
        return false;
    }
    // Whatever else is wrong, these come first.
    if matches!(
        code,
        Code::ChainEndEntityNotFirst
            | Code::ChainBudgetExhausted
            | Code::EncodingNothingFound
            | Code::CertificateMalformedExtension
            | Code::CertificateUnknownCriticalExtension
    ) {
        return true;
    }
    // One that cannot issue stands where the right one should.
    if let Evidence::ChainFact(ChainFact::UnrelatedCertificate(
        rule::chain::UnrelatedCertificate {
            reason: Some(_), ..
        },
    )) = &finding.evidence
    {
        return matches!(
            cause,
            Cause::NotACa
                | Cause::NameConstraints
                | Cause::PathLength
                | Cause::BadSignature
                | Cause::Untrusted
                | Cause::NoRoot
        );
    }
    match cause {
        Cause::Untrusted | Cause::NoRoot | Cause::BadSignature => matches!(
            code,
            Code::ChainUntrustedRoot
                | Code::ChainMissingIntermediate
                | Code::ChainServerSendsLeafOnly
                | Code::ChainBadSignature
                | Code::ChainNotACa
                | Code::ChainPathLength
                | Code::ChainNameConstraints
                | Code::ChainExpired
        ),
        Cause::Name | Cause::NoSubjectAltName => matches!(
            code,
            Code::CertificateNameMismatch | Code::CertificateNoSubjectAltName
        ),
        Cause::Expired | Cause::IssuerExpired => {
            matches!(code, Code::CertificateExpired | Code::ChainExpired)
        }
        Cause::NotYetValid => code == Code::CertificateNotYetValid,
        Cause::Purpose => code == Code::CertificatePurpose,
        Cause::NotACa => matches!(code, Code::ChainNotACa | Code::ChainPathLength),
        Cause::CaAsServer => code == Code::CertificateCaAsServer,
        Cause::PathLength => code == Code::ChainPathLength,
        Cause::NameConstraints => code == Code::ChainNameConstraints,
        Cause::Policy => code == Code::ChainPolicy,
        Cause::WeakSignature | Cause::Algorithm => code == Code::CertificateWeakSignature,
        Cause::WeakKey => matches!(code, Code::CertificateWeakKey | Code::KeyWeak),
        Cause::Lifetime => code == Code::CertificateLifetime,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::client::Client;
    use crate::preflight::Preflight;
    use crate::server::Profile;
    use crate::source::Source;
    use crate::trust_store::Anchors;
    use std::path::Path;

    fn file(name: &str) -> Source {
        let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
        Source::new(name, std::fs::read(pki.join(name)).unwrap())
    }

    /// A chain of three: each of its two signatures is computed once, whoever asks.
    #[test]
    fn a_signature_is_computed_once_for_all_clients() {
        for client in [None, Client::named("openssl")] {
            let mut anchors = Anchors::new();
            anchors.add_file(file("root.crt"));
            let at = "2026-11-22T12:00:00Z".parse().unwrap();
            let mut preflight = Preflight::new(Profile::named("apache").unwrap(), at)
                .certificate_file(file("fullchain.crt"))
                .key_file(file("server.key"))
                .anchors(anchors);
            if let Some(client) = client {
                preflight = preflight.client(client);
            }
            let answer = preflight.run();
            let rows = if client.is_some() {
                1
            } else {
                Client::ALL.len()
            };
            assert_eq!(answer.result.clients.len(), rows);
            assert_eq!(preflight.computed.times(), 2, "{client:?}");
        }
    }
}
