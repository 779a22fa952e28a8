//! `key.weak`: the private key is too short to be accepted.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Weak = KeyWeak Error
    "the private key is too short to be accepted"
    page "weak.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// Its size.
        bits: u64,
        /// The smallest size that is accepted.
        least: u64,
    }
}

impl Rule for Weak {
    fn message(&self) -> String {
        let Self {
            algorithm,
            bits,
            least,
        } = self;
        format!(
            "the {algorithm} key has {bits} bits; the server refuses keys below {least} bits when it starts"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make a longer key and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19 security level 2, `ee key too small`"]
    }
}
