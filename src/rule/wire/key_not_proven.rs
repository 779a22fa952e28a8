//! `wire.key-not-proven`: the server did not sign the handshake with the key of its certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KeyNotProven = WireKeyNotProven Error
    "the server did not sign the handshake with the key of its certificate"
    page "key_not_proven.txt"
    {
        /// The certificate's subject.
        subject: String,
    }
}

impl Rule for KeyNotProven {
    fn message(&self) -> String {
        let Self { subject } = self;
        format!(
            "the server signs with a different key than that of the certificate that it presents (`{subject}`)"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "configure the key that belongs to the server's certificate; `certcheck match` finds it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.4.3", "RFC 5246 section 7.4.3"]
    }
}
