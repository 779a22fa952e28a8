//! `waiver.unused`: a waiver that waives nothing.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Unused = WaiverUnused Notice
    "a waiver waives nothing"
    page "unused.txt"
    {
        /// The code that it is for.
        waived: String,
        /// The last day on which it holds.
        until: String,
        /// Why the finding is waived.
        reason: String,
    }
}

impl Rule for Unused {
    fn message(&self) -> String {
        let Self { waived, until, .. } = self;
        format!("the waiver of {waived} until {until} is not used: no target has this finding")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("remove the waiver, or correct what it names"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/configuration.md"]
    }
}
