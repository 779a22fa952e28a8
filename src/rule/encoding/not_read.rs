//! `encoding.not-read`: a file could not be read.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotRead = EncodingNotRead Error
    "a file could not be read"
    page "not_read.txt"
    {
        /// Why not.
        reason: String,
    }
}

impl Rule for NotRead {
    fn message(&self) -> String {
        let Self { reason } = self;
        format!("the file was not read: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "The other files were judged without this one. Add it, or remove it from the command line.",
        ))
    }
}
