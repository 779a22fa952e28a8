//! `cipher.nothing-at-level`: the security level forbids every suite of the string.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NothingAtLevel = CipherNothingAtLevel Warning
    "the security level forbids every suite of the string"
    page "nothing_at_level.txt"
    {
        /// The security level.
        level: u64,
        /// The suites that it forbids.
        forbidden: Vec<String>,
    }
}

impl Rule for NothingAtLevel {
    fn message(&self) -> String {
        let Self { level, .. } = self;
        format!(
            "security level {level} forbids every suite of the string: no handshake of TLS 1.2 or older succeeds"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "add suites with forward secrecy and AEAD, such as ECDHE+AESGCM",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19"]
    }
}
