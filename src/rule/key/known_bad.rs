//! `key.known-bad`: the private key is publicly known, or anyone can compute it.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KnownBad = KeyKnownBad Error
    "the private key is publicly known, or anyone can compute it"
    page "known_bad.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// The weakness, as one word: `roca`, `close-primes`, `small-factor`,
        /// `shared-prime`, `public-exponent`, `blocklisted` or `published`.
        weakness: String,
        /// The weakness, described in words.
        reason: String,
        /// The place of the other key, if two keys share a prime.
        other: Option<String>,
    }
}

impl Rule for KnownBad {
    fn message(&self) -> String {
        match self {
            Self {
                algorithm,
                reason,
                other: Some(other),
                ..
            } => {
                format!("this {algorithm} key is broken: {reason} ({other})")
            }
            Self {
                algorithm,
                weakness,
                reason,
                ..
            } => {
                let is = match weakness.as_str() {
                    "blocklisted" | "published" => "known",
                    _ => "broken",
                };
                format!("this {algorithm} key is {is}: {reason}")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make a new key, have a certificate issued for it, and have the old certificate revoked",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        let Self { weakness, .. } = self;
        match weakness.as_str() {
            "roca" => vec!["CVE-2017-15361"],
            "close-primes" => vec!["CVE-2022-26320"],
            "shared-prime" => {
                vec!["factorable.net: Mining Your Ps and Qs, USENIX Security 2012"]
            }
            "blocklisted" => vec!["openssl-vulnkey(1)", "CVE-2008-0166"],
            "published" => vec!["RFC 9500 section 4"],
            _ => vec!["RFC 8017 section 3.1"],
        }
    }
}
