//! `trust.file-name`: the platform passes over files of this name without a word.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    FileName = TrustFileName Warning
    "the platform passes over files of this name without a word"
    page "file_name.txt"
    {
        /// The platform.
        platform: String,
        /// What the name must be like.
        needed: String,
        /// The name that the plan gives it.
        planned: String,
    }
}

impl Rule for FileName {
    fn message(&self) -> String {
        let Self {
            platform, needed, ..
        } = self;
        format!("copied as it is, {platform} would pass over it without a word: {needed}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { planned, .. } = self;
        Some(Remedy::words(format!("the plan calls it `{planned}`")))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: ca-certificates 20230311, `0 added, 0 removed`"]
    }
}
