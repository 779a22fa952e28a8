//! `key.unknown`: the private key's format or algorithm is unknown.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Unknown = KeyUnknown Error
    "the private key's format or algorithm is unknown"
    page "unknown.txt"
    {
        /// The algorithm's name or object identifier, or the label.
        algorithm: String,
        /// What could not be understood.
        reason: String,
    }
}

impl Rule for Unknown {
    fn message(&self) -> String {
        let Self { algorithm, reason } = self;
        format!("certcheck cannot judge a key of type {algorithm}: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make an RSA or EC key and have a certificate issued for it",
        ))
    }
}
