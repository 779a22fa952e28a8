//! `assemble.no-match`: no private key belongs to any certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    NoMatch = AssembleNoMatch Error
    "no private key belongs to any certificate"
    page "no_match.txt"
    {
        /// How many certificates there are.
        certificates: u64,
        /// How many keys.
        keys: u64,
        /// What could not be opened, and why.
        closed: Vec<String>,
    }
}

impl Rule for NoMatch {
    fn message(&self) -> String {
        let Self {
            certificates,
            keys,
            closed,
        } = self;
        let rest = match closed.first() {
            Some(first) => format!("; not opened: {first}"),
            None => String::new(),
        };
        format!(
            "no private key belongs to any certificate ({}, {}){rest}",
            counted(*keys, "private key"),
            counted(*certificates, "certificate")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the key that the certificate was requested with",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/assemble.md"]
    }
}
