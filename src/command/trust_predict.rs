//! What clients will do with a server once a plan is carried out: the client
//! profiles, asked with what the server sends and what the store will hold.

use crate::Time;
use crate::client::{self, Client, Presented, Store};
use crate::model::Certificate;
use crate::trust_store::{Candidate, InstallOutcome, Plan, Platform, Situation, Verdict, clients};

/// What a client family will do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Predicted {
    /// The family.
    pub client: &'static str,
    /// Whether it will trust the server.
    pub verdict: Verdict,
    /// Why not, or under which condition.
    pub reason: String,
}

/// What each client family that reads the store of `platform` will do with a server that
/// sends `sent`. `chosen` are the plan's certificates, in its order; `held` is what the store
/// already holds.
pub(super) fn predicted(
    platform: Platform,
    sent: &[Certificate<'_>],
    chosen: &[Candidate<'_>],
    plan: Option<&Plan>,
    held: &[Candidate<'_>],
    at: Time,
) -> Vec<Predicted> {
    let decisions = plan.map_or(&[][..], |plan| &plan.certificates);
    let installed = chosen
        .iter()
        .zip(decisions)
        .filter(|(_, decision)| !matches!(decision.outcome, InstallOutcome::Refused { .. }))
        .map(|(candidate, _)| candidate);
    let mut store: Vec<Certificate<'_>> = Vec::new();
    for candidate in installed.chain(held) {
        let certificate = &candidate.certificate;
        if !store.iter().any(|known| known.der() == certificate.der()) {
            store.push(certificate.clone());
        }
    }
    // Only the families that read such a store.
    clients(platform, Situation::Root, None, &[])
        .iter()
        .filter_map(|reader| Client::named(reader.client))
        .map(|client| {
            let judgement = client::judge(client, &Presented::of(sent), &Store::of(&store), at);
            Predicted {
                client: client.name(),
                verdict: judgement.verdict,
                reason: judgement
                    .reason
                    .map(|reason| reason.says)
                    .unwrap_or_default(),
            }
        })
        .collect()
}
