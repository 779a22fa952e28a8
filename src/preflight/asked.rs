//! What the clients said about places that differ only in their names: they are asked once for
//! each outcome of comparing the names with the certificates.

use super::clients::Clients;
use crate::client::{Client, Judgement, NameComparisons, NameOutcome};
use crate::model::Certificate;
use crate::server_name::ServerName;
use std::cell::RefCell;
use std::rc::Rc;

/// How many outcomes are kept: all names are accepted, or refused, or some clients differ.
const MOST: usize = 8;

/// The answers of one place.
struct Known {
    hosts: Vec<ServerName>,
    /// One for each certificate that the clients may be shown.
    outcomes: Vec<NameOutcome>,
    clients: Clients,
}

/// The answers of places that differ only in their names.
#[derive(Default)]
pub(super) struct Asked {
    comparisons: Rc<NameComparisons>,
    known: RefCell<Vec<Known>>,
}

impl Asked {
    /// No answers yet, for clients that compare names in these ways.
    pub(super) fn of(comparisons: &Rc<NameComparisons>) -> Self {
        Self {
            comparisons: Rc::clone(comparisons),
            known: RefCell::default(),
        }
    }

    /// What the clients say about `hosts` with these certificates; `ask` asks them.
    pub(super) fn clients(
        &self,
        hosts: &[ServerName],
        leaves: &[&Certificate<'_>],
        ask: impl FnOnce() -> Clients,
    ) -> Clients {
        let outcome = |leaf: &&Certificate<'_>| self.comparisons.outcome(leaf, hosts);
        let outcomes: Vec<_> = leaves.iter().map(outcome).collect();
        let mut all = self.known.borrow_mut();
        let known = all.iter().find(|known| known.outcomes == outcomes);
        let renamed = known.and_then(|known| {
            let renamed = |(client, judgement): &(Client, Judgement)| {
                Some((
                    *client,
                    judgement.renamed(*client, leaves, (&known.hosts, hosts))?,
                ))
            };
            let judgements: Option<_> = known.clients.judgements.iter().map(renamed).collect();
            let mut clients = known.clients.clone();
            clients.judgements = judgements?;
            Some(clients)
        });
        if let Some(clients) = renamed {
            return clients;
        }
        let clients = ask();
        if all.len() < MOST {
            all.push(Known {
                hosts: hosts.to_vec(),
                outcomes,
                clients: clients.clone(),
            });
        }
        clients
    }
}
