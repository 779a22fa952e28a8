//! `encoding.too-large`: the input is larger than certcheck reads.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TooLarge = EncodingTooLarge Error
    "the input is larger than certcheck reads"
    page "too_large.txt"
    {
        /// What was counted: `bytes`, `sections`.
        what: String,
        /// The most that certcheck reads.
        limit: u64,
    }
}

impl Rule for TooLarge {
    fn message(&self) -> String {
        let Self { what, limit } = self;
        format!("the input has more than {limit} {what}, which is the most that certcheck reads")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("give a smaller file, or split it"))
    }
}
