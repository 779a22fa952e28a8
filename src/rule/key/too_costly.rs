//! `key.too-costly`: opening the private key needs more computation than certcheck spends on one file.

use super::rewritten;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TooCostly = KeyTooCostly Warning
    "opening the private key needs more computation than certcheck spends on one file"
    page "too_costly.txt"
    {
        /// The encryption scheme.
        scheme: String,
        /// Which number is too large, and the largest that certcheck computes.
        reason: String,
    }
}

impl Rule for TooCostly {
    fn message(&self) -> String {
        let Self { scheme, reason } = self;
        format!("opening the key needs too much computation ({scheme}): {reason}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(rewritten(
            subject,
            "encrypt it again with AES-256 and PBKDF2, so that certcheck can judge it",
            "",
        ))
    }
}
