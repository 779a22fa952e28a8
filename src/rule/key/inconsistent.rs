//! `key.inconsistent`: the parts of the private key contradict one another.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Inconsistent = KeyInconsistent Error
    "the parts of the private key contradict one another"
    page "inconsistent.txt"
    {
        /// The key's algorithm.
        algorithm: String,
        /// Which relation between the parts does not hold.
        reason: String,
    }
}

impl Rule for Inconsistent {
    fn message(&self) -> String {
        let Self { algorithm, reason } = self;
        format!("this {algorithm} key is damaged or forged: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "restore the key from a backup; if there is none, make a new key and have the certificate reissued",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 8017 section 3.2",
            "measured: Python ssl and Node load it, Go and rustls refuse",
        ]
    }
}
