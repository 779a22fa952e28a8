//! `renewal.ends-earlier`: the new certificate ends before the old one.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EndsEarlier = RenewalEndsEarlier Warning
    "the new certificate ends before the old one"
    page "ends_earlier.txt"
    {
        /// The expiry of the old certificate.
        old: Time,
        /// The expiry of the new one.
        new: Time,
    }
}

impl Rule for EndsEarlier {
    fn message(&self) -> String {
        let Self { old, new } = self;
        format!("the new certificate expires on {new}, before the old one ({old})")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "check that the files are not swapped; renew before the earlier date",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.1.2.5"]
    }
}
