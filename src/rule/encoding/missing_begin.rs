//! `encoding.missing-begin`: an END line or base64 has no BEGIN line.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MissingBegin = EncodingMissingBegin Warning
    "an END line or base64 has no BEGIN line"
    page "missing_begin.txt"
    {
        /// The label on the END line, if there is one.
        label: Option<String>,
    }
}

impl Rule for MissingBegin {
    fn message(&self) -> String {
        match self {
            Self { label: Some(label) } => {
                format!("`END {label}` has no BEGIN line")
            }
            Self { label: None } => "the base64 has no BEGIN and END lines".into(),
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the object again with BEGIN and END lines"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
