//! `renewal.other-anchor`: the new certificate comes from a different root.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    OtherAnchor = RenewalOtherAnchor Warning
    "the new certificate comes from a different root"
    page "other_anchor.txt"
    {
        /// The topmost issuer of the old certificate.
        old: String,
        /// The topmost issuer of the new one.
        new: String,
    }
}

impl Rule for OtherAnchor {
    fn message(&self) -> String {
        let Self { old, new } = self;
        format!(
            "the old certificate leads to `{old}` and the new one to `{new}`: clients that trust only the first need the second too"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give --anchors with what the clients trust, and install the new root where it is missing",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1"]
    }
}
