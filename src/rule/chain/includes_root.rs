//! `chain.includes-root`: the chain includes its root, which clients never need from a server.

use super::in_order;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IncludesRoot = ChainIncludesRoot Notice
    "the chain includes its root, which clients never need from a server"
    page "includes_root.txt"
    {
        /// The root's subject.
        subject: String,
        /// Whether it issued the server's own certificate directly.
        direct: bool,
        /// Whether its file contains nothing else.
        alone: bool,
    }
}

impl Rule for IncludesRoot {
    fn message(&self) -> String {
        let Self { subject, .. } = self;
        format!("the server sends the root `{subject}` in every handshake, which helps no client")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            // Without it and without anchors, the issuer would be missing.
            Self {
                alone: true,
                direct: true,
                ..
            } => Remedy::words(
                "keep the file, or remove it and give it as --anchors to `certcheck preflight`: clients that trust the root already have it",
            ),
            Self { alone: true, .. } => Remedy::words("remove the file"),
            Self { direct: true, .. } => Remedy::words(
                "remove it: it issued the server's own certificate, and clients that trust it already have it",
            ),
            Self { .. } => in_order(subject, "remove it"),
        })
    }
}
