//! `encoding.layout`: the lines of a section do not follow RFC 7468.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Layout = EncodingLayout Notice
    "the lines of a section do not follow RFC 7468"
    page "layout.txt"
    {
        /// Which lines differ, and how.
        reason: String,
    }
}

impl Rule for Layout {
    fn message(&self) -> String {
        let Self { reason } = self;
        format!("the section's lines are unusual: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the section again with standard lines"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
