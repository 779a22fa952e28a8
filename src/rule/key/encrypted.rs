//! `key.encrypted`: the private key is protected by a passphrase.

use super::plain;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Encrypted = KeyEncrypted Warning
    "the private key is protected by a passphrase"
    page "encrypted.txt"
    {
        /// The encryption scheme.
        scheme: String,
        /// Whether the server has a way to be given the passphrase.
        server_can_ask: bool,
        /// What the server does at start-up.
        consequence: String,
    }
}

impl Rule for Encrypted {
    fn message(&self) -> String {
        let Self {
            scheme,
            consequence,
            ..
        } = self;
        format!("the key is protected by a passphrase ({scheme}): {consequence}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self {
                server_can_ask: false,
                ..
            } => plain(
                subject,
                "write the key without its passphrase, readable by the service alone",
            ),
            Self { .. } => plain(
                subject,
                "give the passphrase with --passphrase-file or --passphrase-stdin to have the key judged, \
                 and see that the server gets it at every start; or use a copy without a passphrase",
            ),
        })
    }
}
