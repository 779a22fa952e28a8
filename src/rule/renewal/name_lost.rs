//! `renewal.name-lost`: the new certificate lacks a name of the old one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NameLost = RenewalNameLost Error
    "the new certificate lacks a name of the old one"
    page "name_lost.txt"
    {
        /// The names that the new certificate does not cover.
        names: Vec<String>,
    }
}

impl Rule for NameLost {
    fn message(&self) -> String {
        let Self { names } = self;
        format!(
            "the new certificate does not cover {}, which the old one does",
            names.join(", ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it reissued with all names, or make sure that no client uses these any more",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 9525 section 6"]
    }
}
