//! `chain.path-length`: a CA's path length constraint is exceeded.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    PathLength = ChainPathLength Error
    "a CA's path length constraint is exceeded"
    page "path_length.txt"
    {
        /// The CA's subject.
        subject: String,
        /// The number of intermediates that it allows below itself.
        limit: u64,
        /// The number of intermediates below it.
        found: u64,
    }
}

impl Rule for PathLength {
    fn message(&self) -> String {
        let Self {
            subject,
            limit,
            found,
        } = self;
        format!(
            "`{subject}` allows {} below itself, but there {} {found}",
            counted(*limit, "intermediate"),
            if *found == 1 { "is" } else { "are" },
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have the certificate issued by a CA that is allowed to issue it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.9"]
    }
}
