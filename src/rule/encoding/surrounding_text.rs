//! `encoding.surrounding-text`: text stands outside the sections.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SurroundingText = EncodingSurroundingText Notice
    "text stands outside the sections"
    page "surrounding_text.txt"
    {
        /// How many bytes.
        bytes: u64,
    }
}

impl Rule for SurroundingText {
    fn message(&self) -> String {
        let Self { bytes } = self;
        format!("{bytes} bytes of text stand outside the sections; most loaders pass over them")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the sections alone"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
