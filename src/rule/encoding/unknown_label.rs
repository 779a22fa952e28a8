//! `encoding.unknown-label`: no known loader reads a section with this label.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownLabel = EncodingUnknownLabel Warning
    "no known loader reads a section with this label"
    page "unknown_label.txt"
    {
        /// The label as written.
        label: String,
        /// The usual label for its content, if known.
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
                format!("loaders that look for `{suggestion}` skip a section labelled `{label}`")
            }
            Self {
                label,
                suggestion: None,
            } => {
                format!("servers do not read sections labelled `{label}`")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(match self {
            Self {
                suggestion: None, ..
            } => Remedy::words(
                "remove the section, or give the file that contains the certificate or key; no server reads this section",
            ),
            Self { .. } => again("write the section again with a clean BEGIN and END line"),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
