//! `assemble.ambiguous`: several certificates have a key among the files.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Ambiguous = AssembleAmbiguous Error
    "several certificates have a key among the files"
    page "ambiguous.txt"
    {
        /// The certificates.
        candidates: Vec<String>,
    }
}

impl Rule for Ambiguous {
    fn message(&self) -> String {
        let Self { candidates } = self;
        format!(
            "several certificates have their key among the files: {}",
            candidates.join("; ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "name the host with --host, or give only the files of one server",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/assemble.md"]
    }
}
