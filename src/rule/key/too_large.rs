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
        /// The size of its largest number, in bits.
        bits: u64,
        /// The largest size that certcheck computes, in bits.
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
            "the {algorithm} key contains a number of {bits} bits; certcheck computes with at most {most}"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make a key of an ordinary size and have a certificate issued for it",
        ))
    }
}
