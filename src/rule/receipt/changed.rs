//! `receipt.changed`: a file is no longer what the preflight judged.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Changed = ReceiptChanged Error
    "a file is no longer what the preflight judged"
    page "changed.txt"
    {
        /// `changed`, `missing`, `appeared` or `unreadable`.
        what: String,
        /// What was judged: `file`, `directory`, `store`, `missing`…
        kind: String,
        /// SHA-256 of what was judged.
        judged: Option<Fingerprint>,
        /// SHA-256 of what is there now.
        found: Option<Fingerprint>,
    }
}

impl Rule for Changed {
    fn message(&self) -> String {
        let Self { what, kind, .. } = self;
        let what = match (what.as_str(), kind.as_str()) {
            ("missing", _) => "it was judged, and is no longer there",
            ("appeared", _) => "it was not there when the files were judged, and is there now",
            ("unreadable", _) => "it was judged, and cannot be read now",
            (_, "directory") => "files were added to the directory or removed since it was judged",
            (_, "store") => "the trust store is not the one that was judged",
            _ => "its bytes are not those that were judged",
        };
        what.to_owned()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "run the preflight again with the files as they are, and use its new receipt",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["FIPS 180-4"]
    }
}
