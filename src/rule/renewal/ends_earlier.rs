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
        /// Whether the new one looks older than the old one: issued earlier, or past half of its life.
        exchanged: bool,
    }
}

impl Rule for EndsEarlier {
    fn message(&self) -> String {
        let Self { old, new, .. } = self;
        format!("the new certificate expires on {new}, before the old one ({old})")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(if self.exchanged {
            "check that the two files are not exchanged: the new certificate comes second"
        } else {
            "renew it before that day"
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.1.2.5"]
    }
}
