//! `receipt.expired`: something expired since the preflight.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Expired = ReceiptExpired Error
    "something expired since the preflight"
    page "expired.txt"
    {
        /// What expired.
        what: String,
        /// When.
        not_after: Time,
    }
}

impl Rule for Expired {
    fn message(&self) -> String {
        let Self { what, not_after } = self;
        format!("{what} was valid when it was judged, and expired on {not_after}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("renew it, and run the preflight again"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 sections 4.1.2.5 and 5.1.2.5"]
    }
}
