//! `chain.budget-exhausted`: the search for a path was ended before it had an answer.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    BudgetExhausted = ChainBudgetExhausted Error
    "the search for a path was ended before it had an answer"
    page "budget_exhausted.txt"
    {
        /// What was counted.
        what: String,
        /// The most that is spent.
        limit: u64,
    }
}

impl Rule for BudgetExhausted {
    fn message(&self) -> String {
        let Self { what, limit } = self;
        format!("the search was ended after {limit} {what}: no verdict")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("give fewer certificates: the chain alone"))
    }
}
