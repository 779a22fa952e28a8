//! `encoding.boundary`: a BEGIN or END line is not in the form that loaders require.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Boundary = EncodingBoundary Warning
    "a BEGIN or END line is not in the form that loaders require"
    page "boundary.txt"
    {
        /// What is wrong with the line.
        reason: String,
    }
}

impl Rule for Boundary {
    fn message(&self) -> String {
        let Self { reason } = self;
        format!("the BEGIN or END line is not usable: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again(
            "write the section again with a clean BEGIN and END line",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
