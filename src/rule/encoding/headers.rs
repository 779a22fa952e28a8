//! `encoding.headers`: a section has headers, which some loaders refuse.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Headers = EncodingHeaders Notice
    "a section has headers, which some loaders refuse"
    page "headers.txt"
    {
        /// The names of the headers.
        names: Vec<String>,
    }
}

impl Rule for Headers {
    fn message(&self) -> String {
        let Self { names } = self;
        format!(
            "the section has headers ({}), which some loaders refuse",
            names.join(", ")
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the section again without headers"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
