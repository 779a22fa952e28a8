//! `encoding.base64`: the base64 of a section cannot be decoded.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Base64 = EncodingBase64 Warning
    "the base64 of a section cannot be decoded"
    page "base64.txt"
    {
        /// The line, counted from 1.
        line: u64,
        /// The column on that line, counted from 1.
        column: u64,
        /// What is wrong there.
        reason: String,
        /// Whether the object cannot be had from what is there.
        lost: bool,
    }
}

impl Rule for Base64 {
    fn message(&self) -> String {
        match self {
            Self {
                line,
                column,
                reason,
                lost: false,
            } => {
                format!(
                    "the base64 of line {line} has something in column {column} that strict readers refuse: {reason}"
                )
            }
            Self {
                line,
                column,
                reason,
                ..
            } => {
                format!("the base64 breaks off at line {line}, column {column}: {reason}")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self { lost: false, .. } => again("the object is whole: write it again, cleanly"),
            Self { .. } => Remedy::words(
                "a part of the content is lost: get the file again from where it was made",
            ),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
