//! `trust.not-read`: a part of the trust store could not be read.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotRead = TrustNotRead Warning
    "a part of the trust store could not be read"
    page "not_read.txt"
    {
        /// Why certcheck could not read it.
        why: String,
    }
}

impl Rule for NotRead {
    fn message(&self) -> String {
        let Self { why } = self;
        format!("certcheck could not check this part of the store: {why}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("run certcheck as a user who may read it"))
    }
}
