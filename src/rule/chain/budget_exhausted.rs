//! `chain.budget-exhausted`: certcheck stopped searching for a path before it found an answer.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    BudgetExhausted = ChainBudgetExhausted Error
    "certcheck stopped searching for a path before it found an answer"
    page "budget_exhausted.txt"
    {
        /// What was counted during the search.
        what: String,
        /// The most that certcheck spends.
        limit: u64,
    }
}

impl Rule for BudgetExhausted {
    fn message(&self) -> String {
        let Self { what, limit } = self;
        format!("certcheck stopped searching after {limit} {what}: no verdict")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give fewer certificates: only those of the chain",
        ))
    }
}
