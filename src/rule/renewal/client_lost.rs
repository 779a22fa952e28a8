//! `renewal.client-lost`: a client accepts the old certificate, but not the new one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientLost = RenewalClientLost Error
    "a client accepts the old certificate, but not the new one"
    page "client_lost.txt"
    {
        /// The clients.
        clients: Vec<String>,
        /// Whether certcheck cannot tell if they accept the new one.
        undecided: bool,
        /// The first client's reason.
        why: String,
    }
}

impl Rule for ClientLost {
    fn message(&self) -> String {
        let Self {
            clients, undecided, ..
        } = self;
        let (clients, verb) = (
            clients.join(", "),
            if clients.len() == 1 {
                "accepts"
            } else {
                "accept"
            },
        );
        if *undecided {
            format!(
                "{clients} {verb} the old certificate; certcheck cannot tell whether they accept the new one"
            )
        } else {
            format!("{clients} {verb} the old certificate and would refuse the new one")
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "keep the old certificate until the cause is repaired, or these clients are changed",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: the tables of clients in docs/clients.md"]
    }
}
