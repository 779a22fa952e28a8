//! `encoding.label-mismatch`: the END line has a different label than the BEGIN line.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    LabelMismatch = EncodingLabelMismatch Warning
    "the END line has a different label than the BEGIN line"
    page "label_mismatch.txt"
    {
        /// The label after BEGIN.
        begin: String,
        /// The label after END.
        end: String,
    }
}

impl Rule for LabelMismatch {
    fn message(&self) -> String {
        let Self { begin, end } = self;
        format!("the section begins with the label `{begin}` and ends with `{end}`")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again(
            "write the section again with a clean BEGIN and END line",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
