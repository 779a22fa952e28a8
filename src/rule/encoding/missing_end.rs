//! `encoding.missing-end`: a section has no END line.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MissingEnd = EncodingMissingEnd Warning
    "a section has no END line"
    page "missing_end.txt"
    {
        /// The section's label.
        label: String,
        /// Whether the object cannot be recovered from the file.
        lost: bool,
    }
}

impl Rule for MissingEnd {
    fn message(&self) -> String {
        match self {
            Self { label, lost: false } => {
                format!("the section `{label}` has no END line; its content is complete")
            }
            Self { label, .. } => {
                format!("the section `{label}` has no END line: the file is cut off or damaged")
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
