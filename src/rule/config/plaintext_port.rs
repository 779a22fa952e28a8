//! `config.plaintext-port`: a port without TLS stays open to the network beside the one with TLS.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PlaintextPort = ConfigPlaintextPort Warning
    "a port without TLS stays open to the network beside the one with TLS"
    page "plaintext_port.txt"
    {
        /// The port without TLS.
        port: u64,
        /// The setting that closes it.
        setting: String,
    }
}

impl Rule for PlaintextPort {
    fn message(&self) -> String {
        let Self { port, .. } = self;
        format!(
            "port {port} stays open to the network without TLS: clients that use it send data and passwords in plaintext"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { setting, .. } = self;
        Some(Remedy::words(format!("close it with `{setting}`")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Rserve 1.8-11 (`port 0` leaves it open, `qap disable` closes it)"]
    }
}
