//! `assemble.no-key`: there is no private key among the files.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoKey = AssembleNoKey Error
    "there is no private key among the files"
    page "no_key.txt"
    {
        /// What could not be opened, and why.
        closed: Vec<String>,
    }
}

impl Rule for NoKey {
    fn message(&self) -> String {
        let Self { closed } = self;
        match closed.first() {
            Some(first) => format!("no private key could be read: {first}"),
            None => "there is no private key among the files".to_owned(),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the key that the certificate was requested with: it is normally on the machine where the request was made",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/assemble.md"]
    }
}
