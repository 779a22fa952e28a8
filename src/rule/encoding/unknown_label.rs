//! `encoding.unknown-label`: no loader that is known reads a section with this label.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownLabel = EncodingUnknownLabel Warning
    "no loader that is known reads a section with this label"
    page "unknown_label.txt"
    {
        /// The label as written.
        label: String,
        /// The label that its content would have, where that is known.
        suggestion: Option<String>,
    }
}

impl Rule for UnknownLabel {
    fn message(&self) -> String {
        match self {
            Self {
                label,
                suggestion: Some(suggestion),
            } => {
                format!(
                    "loaders that look for `{suggestion}` pass over a section labelled `{label}`"
                )
            }
            Self {
                label,
                suggestion: None,
            } => {
                format!("the label `{label}` is not one that servers read")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self {
                suggestion: None, ..
            } => Remedy::words(
                "no server reads it: remove the section, or give the file that holds the certificate or key",
            ),
            Self { .. } => again("write the section again with a clean BEGIN and END line"),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
