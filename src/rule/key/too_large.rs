//! `key.too-large`: the private key is larger than any in use.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TooLarge = KeyTooLarge Error
    "the private key is larger than any in use"
    page "too_large.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// The largest of its numbers, in bits.
        bits: u64,
        /// The most that is computed.
        most: u64,
    }
}

impl Rule for TooLarge {
    fn message(&self) -> String {
        let Self {
            algorithm,
            bits,
            most,
        } = self;
        format!(
            "the {algorithm} key has a number of {bits} bits; more than {most} are not computed"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make a key of an ordinary size and have a certificate issued for it",
        ))
    }
}
