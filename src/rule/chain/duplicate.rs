//! `chain.duplicate`: a certificate appears twice.

use super::{in_order, without_lines};
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Duplicate = ChainDuplicate Notice
    "a certificate appears twice"
    page "duplicate.txt"
    {
        /// Its subject.
        subject: String,
        /// Where it appears first: file and lines.
        first: String,
    }
}

impl Rule for Duplicate {
    fn message(&self) -> String {
        let Self { subject, first } = self;
        format!("`{subject}` is already in {first}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { first, .. } if !is_in(first, &subject.source) => {
                without_lines(subject, &format!("remove it: {first} contains it"))
            }
            Self { .. } => in_order(subject, "remove it"),
        })
    }
}

/// Whether `place`, as `server.crt:24`, is in `file`.
fn is_in(place: &str, file: &str) -> bool {
    place
        .strip_prefix(file)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}
