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
        justification: String,
    }
}

impl Rule for Unused {
    fn message(&self) -> String {
        // Without the code, which would lead to that code's page.
        let Self { until, .. } = self;
        format!("this waiver, which holds until {until}, is not used: no target has such a finding")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("remove the waiver, or correct what it names"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/configuration.md"]
    }
}
