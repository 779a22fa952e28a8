//! `receipt.not-passed`: the receipt is from a preflight that did not pass.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotPassed = ReceiptNotPassed Error
    "the receipt is from a preflight that did not pass"
    page "not_passed.txt"
    {
        /// Its verdict.
        verdict: String,
    }
}

impl Rule for NotPassed {
    fn message(&self) -> String {
        let Self { verdict } = self;
        format!("the preflight of this receipt did not pass: its verdict is `{verdict}`")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "repair what the preflight found, and run it again",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/receipts.md"]
    }
}
