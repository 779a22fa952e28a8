//! `trust.not-read`: a part of the store could not be read.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotRead = TrustNotRead Warning
    "a part of the store could not be read"
    page "not_read.txt"
    {
        /// Why.
        why: String,
    }
}

impl Rule for NotRead {
    fn message(&self) -> String {
        let Self { why } = self;
        format!("what is there was not looked at: {why}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("run it as a user who may read it"))
    }
}
