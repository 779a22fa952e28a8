//! `key.encrypted`: a passphrase protects the private key.

use super::plain;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Encrypted = KeyEncrypted Warning
    "a passphrase protects the private key"
    page "encrypted.txt"
    {
        /// The encryption scheme.
        scheme: String,
        /// Whether the server can be given the passphrase.
        server_can_ask: bool,
        /// What the server does when it starts.
        consequence: String,
        /// The passphrase that was given to certcheck opens it.
        opened: bool,
        /// The server's setting for the passphrase, if that is the way to give it.
        setting: Option<String>,
    }
}

impl Rule for Encrypted {
    fn message(&self) -> String {
        let Self {
            scheme,
            consequence,
            ..
        } = self;
        format!("a passphrase protects the key ({scheme}): {consequence}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self {
                setting: Some(setting),
                opened: true,
                ..
            } => Remedy::words(format!(
                "set {setting} to the passphrase; the one that was given opens the key"
            )),
            Self {
                setting: Some(setting),
                ..
            } => Remedy::words(format!(
                "set {setting} to the passphrase; to have the key judged, give it with \
                 --passphrase-file or --passphrase-stdin"
            )),
            Self {
                server_can_ask: true,
                opened: true,
                ..
            } => plain(
                subject,
                "the passphrase that was given opens the key: make sure that the server gets it at \
                 every start, or use a copy without a passphrase",
            ),
            Self {
                server_can_ask: false,
                ..
            } => plain(
                subject,
                "write the key without its passphrase, readable only by the service",
            ),
            Self { .. } => plain(
                subject,
                "give the passphrase with --passphrase-file or --passphrase-stdin to have the key judged, \
                 and make sure that the server gets it at every start; or use a copy without a passphrase",
            ),
        })
    }
}
