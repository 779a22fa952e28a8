//! `trust.file-name`: the platform silently ignores files with this name.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    FileName = TrustFileName Warning
    "the platform silently ignores files with this name"
    page "file_name.txt"
    {
        /// The platform.
        platform: String,
        /// What the name must look like.
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
        format!("{platform} silently ignores the file under its current name: {needed}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { planned, .. } = self;
        Some(Remedy::words(format!(
            "use the name `{planned}`, as the plan does"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: ca-certificates 20230311, `0 added, 0 removed`"]
    }
}
