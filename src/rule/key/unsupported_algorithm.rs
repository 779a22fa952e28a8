//! `key.unsupported-algorithm`: the server's manual does not allow a key of this algorithm.

use super::another_key;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    UnsupportedAlgorithm = KeyUnsupportedAlgorithm Error
    "the server's manual does not allow a key of this algorithm"
    page "unsupported_algorithm.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// The algorithms it can use.
        supported: Vec<String>,
    }
}

impl Rule for UnsupportedAlgorithm {
    fn message(&self) -> String {
        let Self {
            algorithm,
            supported,
        } = self;
        format!(
            "the server's manual allows only {} keys, and this is {} {algorithm} key",
            supported.join(" or "),
            article(algorithm)
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(another_key(
            subject,
            "make an RSA key and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: certificate file requirements"]
    }
}
