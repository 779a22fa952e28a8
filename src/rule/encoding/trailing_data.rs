//! `encoding.trailing-data`: bytes follow the object they belong to.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TrailingData = EncodingTrailingData Warning
    "bytes follow the object they belong to"
    page "trailing_data.txt"
    {
        /// How many bytes.
        bytes: u64,
    }
}

impl Rule for TrailingData {
    fn message(&self) -> String {
        let Self { bytes } = self;
        format!("{bytes} bytes follow the end of the object")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the object again, cleanly"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
