//! `chain.expired`: a CA certificate of the chain has expired.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Expired = ChainExpired Error
    "a CA certificate of the chain has expired"
    page "expired.txt"
    {
        /// Its subject.
        subject: String,
        /// The last moment of its validity.
        not_after: Time,
        /// The time for which validity is judged.
        at: Time,
    }
}

impl Rule for Expired {
    fn message(&self) -> String {
        let Self {
            subject, not_after, ..
        } = self;
        format!("the CA certificate `{subject}` expired on {not_after}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "replace it with the CA's current certificate; if it is the only issuer of the server's own certificate, renew that certificate too",
        ))
    }
}
