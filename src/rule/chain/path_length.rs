//! `chain.path-length`: a CA's path length constraint is exceeded.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PathLength = ChainPathLength Error
    "a CA's path length constraint is exceeded"
    page "path_length.txt"
    {
        /// The CA's subject.
        subject: String,
        /// The intermediates that it allows below itself.
        limit: u64,
        /// The intermediates that there are.
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
            "`{subject}` allows {limit} intermediate{} below itself, and there {} {found}",
            if *limit == 1 { "" } else { "s" },
            if *found == 1 { "is" } else { "are" },
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have the certificate issued by a CA that may issue it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.9"]
    }
}
