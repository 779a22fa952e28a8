//! `wire.no-handshake`: the TLS handshake fails.

use crate::rule::{Rule, rule};

rule! {
    NoHandshake = WireNoHandshake Error
    "the TLS handshake fails"
    page "no_handshake.txt"
    {
        /// What happened.
        reason: String,
    }
}

impl Rule for NoHandshake {
    fn message(&self) -> String {
        let Self { reason } = self;
        reason.clone()
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4"]
    }
}
