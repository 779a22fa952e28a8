//! `trust.native-store`: rustls-native-certs met an error while reading this machine's store.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NativeStore = TrustNativeStore Warning
    "rustls-native-certs met an error while reading this machine's store"
    page "native_store.txt"
    {
        /// What it says.
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
            "repair or unset what is named; a program that takes any error for the end trusts nothing at all",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["rustls-native-certs 0.8: CertificateResult::errors"]
    }
}
