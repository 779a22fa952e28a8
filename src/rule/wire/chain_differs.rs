//! `wire.chain-differs`: the server does not send the expected chain.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ChainDiffers = WireChainDiffers Error
    "the server does not send the expected chain"
    page "chain_differs.txt"
    {
        /// What the chain was compared with.
        against: String,
        /// What is different.
        problem: String,
        /// Subjects of the certificates that the server does not send.
        missing: Vec<String>,
        /// Subjects of the additional certificates that the server sends.
        extra: Vec<String>,
    }
}

impl Rule for ChainDiffers {
    fn message(&self) -> String {
        let Self {
            against, problem, ..
        } = self;
        format!("the server does not send the chain of {against}: {problem}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and check which of its settings names the file with the chain",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
