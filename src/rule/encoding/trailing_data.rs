//! `encoding.trailing-data`: extra bytes follow the end of an object.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    TrailingData = EncodingTrailingData Warning
    "extra bytes follow the end of an object"
    page "trailing_data.txt"
    {
        /// How many bytes.
        bytes: u64,
    }
}

impl Rule for TrailingData {
    fn message(&self) -> String {
        let Self { bytes } = self;
        format!(
            "extra data follows the end of the object: {}",
            counted(*bytes, "byte")
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the object again without these bytes"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["ITU-T X.690"]
    }
}
