//! `wire.chain-differs`: the chain on the wire is not the one expected.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ChainDiffers = WireChainDiffers Error
    "the chain on the wire is not the one expected"
    page "chain_differs.txt"
    {
        /// What it was held against.
        against: String,
        /// What is different.
        problem: String,
        /// Subjects of the certificates that are not sent.
        missing: Vec<String>,
        /// Subjects of the certificates that are sent besides.
        extra: Vec<String>,
    }
}

impl Rule for ChainDiffers {
    fn message(&self) -> String {
        let Self {
            against, problem, ..
        } = self;
        format!("the chain on the wire is not that of {against}: {problem}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "reload the server, and see which of its settings names the file with the chain",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.2"]
    }
}
