//! `waiver.expired`: the last day of a waiver is over.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Expired = WaiverExpired Warning
    "a waiver has expired: it no longer holds"
    page "expired.txt"
    {
        /// The code that it waived.
        waived: String,
        /// The last day on which it held.
        until: String,
        /// When it ended.
        ended_at: Time,
        /// Why the finding was waived.
        justification: String,
    }
}

impl Rule for Expired {
    fn message(&self) -> String {
        // Without the code, which would lead to that code's page.
        let Self { until, .. } = self;
        format!("this waiver expired: it held until {until}, and what it waived counts again")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "fix what it waived and remove the waiver, or decide again and give it a new date",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/configuration.md"]
    }
}
