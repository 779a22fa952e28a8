//! `encoding.surrounding-text`: the file contains text outside the PEM sections.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    SurroundingText = EncodingSurroundingText Notice
    "the file contains text outside the PEM sections"
    page "surrounding_text.txt"
    {
        /// How many bytes.
        bytes: u64,
    }
}

impl Rule for SurroundingText {
    fn message(&self) -> String {
        let Self { bytes } = self;
        format!(
            "the file contains {} of text outside the PEM sections; most loaders skip it",
            counted(*bytes, "byte")
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write only the sections"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
