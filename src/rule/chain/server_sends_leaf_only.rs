//! `chain.server-sends-leaf-only`: the server sends only the first certificate of its file.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    ServerSendsLeafOnly = ChainServerSendsLeafOnly Warning
    "the server sends only the first certificate of its file"
    page "server_sends_leaf_only.txt"
    {
        /// How many certificates of the file the server does not send.
        lost: u64,
        /// How many the server sends.
        sent: u64,
        /// How many the file contains.
        held: u64,
        /// Whether the server's CA setting also determines whose client
        /// certificates are accepted, and the server requires one.
        client_auth: bool,
    }
}

impl Rule for ServerSendsLeafOnly {
    fn message(&self) -> String {
        let Self {
            lost, sent, held, ..
        } = self;
        let clients = "clients that have only the root refuse the server";
        format!(
            "the server sends only {}, the first of the {held} in its file; the other {lost} never reach{} a client, and {clients}",
            counted(*sent, "certificate"),
            if *lost == 1 { "es" } else { "" },
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { client_auth, .. } = self;
        let widens = if *client_auth {
            "; every CA in that file also vouches for client certificates, which this server requires: \
                     anyone with a certificate from the intermediate can then log in"
        } else {
            " (with `tls.client require`, every CA in it also vouches for client certificates)"
        };
        Some(Remedy::words(format!(
            "add the intermediate to the server's own CA file (`tls.ca`), from which OpenSSL completes the chain{widens}; \
                     or install the intermediate and the root on the clients"
        )))
    }
}
