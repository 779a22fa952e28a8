//! `chain.server-sends-leaf-only`: the server sends its first certificate alone, whatever the file holds.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ServerSendsLeafOnly = ChainServerSendsLeafOnly Warning
    "the server sends its first certificate alone, whatever the file holds"
    page "server_sends_leaf_only.txt"
    {
        /// How many certificates of the file are not sent.
        lost: u64,
        /// How many are sent.
        sent: u64,
        /// How many the file holds.
        held: u64,
        /// Whether the server's CA setting also says whose client
        /// certificates are good, and it demands one.
        client_auth: bool,
    }
}

impl Rule for ServerSendsLeafOnly {
    fn message(&self) -> String {
        let Self {
            lost, sent, held, ..
        } = self;
        let clients = "clients that hold the root alone will refuse";
        format!(
            "the server will send {sent} certificate{} of these {held}: the first of its file alone; {lost} never reach{} a client, and {clients}",
            if *sent == 1 { "" } else { "s" },
            if *lost == 1 { "es" } else { "" },
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { client_auth, .. } = self;
        let widens = if *client_auth {
            "; every CA in that file also vouches for client certificates, which this server demands: \
                     whoever has one from the intermediate may then log in"
        } else {
            " (with `tls.client require`, every CA in it also vouches for client certificates)"
        };
        Some(Remedy::words(format!(
            "put the intermediate into the server's own CA file (`tls.ca`), from which OpenSSL completes the chain{widens}; \
                     or install intermediate and root on the clients"
        )))
    }
}
