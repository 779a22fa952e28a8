//! `trust.native-store`: rustls-native-certs reported an error while it read this machine's trust store.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NativeStore = TrustNativeStore Warning
    "rustls-native-certs reported an error while it read this machine's trust store"
    page "native_store.txt"
    {
        /// What it reports.
        problem: String,
    }
}

impl Rule for NativeStore {
    fn message(&self) -> String {
        let Self { problem } = self;
        format!("rustls-native-certs: {problem}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "repair or unset what the error names; a program that stops at any error trusts nothing at all",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["rustls-native-certs 0.8: CertificateResult::errors"]
    }
}
