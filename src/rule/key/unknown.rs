//! `key.unknown`: the private key's form or algorithm is not known.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Unknown = KeyUnknown Error
    "the private key's form or algorithm is not known"
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
        format!("a key of kind {algorithm} cannot be judged: {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make a key of a known kind and have a certificate issued for it",
        ))
    }
}
