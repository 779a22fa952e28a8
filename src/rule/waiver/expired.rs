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
        reason: String,
    }
}

impl Rule for Expired {
    fn message(&self) -> String {
        let Self { waived, until, .. } = self;
        format!("the waiver of {waived} expired: it held until {until}")
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
