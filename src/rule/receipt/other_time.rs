//! `receipt.other-time`: the receipt is too old, or its time is in the future.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    OtherTime = ReceiptOtherTime Error
    "the receipt is too old, or its time is in the future"
    page "other_time.txt"
    {
        /// The time of the preflight.
        judged_at: Time,
        /// The time of the gate.
        at: Time,
        /// How old it may be.
        max_age_seconds: Option<u64>,
    }
}

impl Rule for OtherTime {
    fn message(&self) -> String {
        let Self {
            judged_at,
            at,
            max_age_seconds,
        } = self;
        match max_age_seconds {
            Some(most) if judged_at <= at => format!(
                "the preflight judged the files as of {judged_at}, more than {} before {at}",
                counted(most, "second")
            ),
            _ => format!("the preflight judged the files as of {judged_at}, which is after {at}"),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("run the preflight again"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/receipts.md"]
    }
}
