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
        /// Whether the object cannot be recovered from the file.
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
                    "the base64 on line {line}, column {column}, contains something that strict readers refuse: {reason}"
                )
            }
            Self {
                line,
                column,
                reason,
                ..
            } => {
                format!("the base64 cannot be read past line {line}, column {column}: {reason}")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self { lost: false, .. } => again("write the object again; its content is complete"),
            Self { .. } => {
                Remedy::words("get the file again from its source; a part of the content is lost")
            }
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
