//! `chain.duplicate`: a certificate stands twice.

use super::{in_order, without_lines};
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Duplicate = ChainDuplicate Notice
    "a certificate stands twice"
    page "duplicate.txt"
    {
        /// Its subject.
        subject: String,
        /// Where it stands first: file and lines.
        first: String,
    }
}

impl Rule for Duplicate {
    fn message(&self) -> String {
        let Self { subject, first } = self;
        format!("`{subject}` stands already in {first}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self { first, .. } if !is_in(first, &subject.source) => {
                without_lines(subject, &format!("leave it out: {first} has it"))
            }
            Self { .. } => in_order(subject, "leave it out"),
        })
    }
}

/// Whether `place`, as `server.crt:24`, is in `file`.
fn is_in(place: &str, file: &str) -> bool {
    place
        .strip_prefix(file)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}
