//! `renewal.key-changed`: the new certificate has a different key.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KeyChanged = RenewalKeyChanged Notice
    "the new certificate has a different key"
    page "key_changed.txt"
    {
        /// SHA-256 of the old SubjectPublicKeyInfo.
        old: Fingerprint,
        /// SHA-256 of the new one.
        new: Fingerprint,
    }
}

impl Rule for KeyChanged {
    fn message(&self) -> String {
        let Self { old, new } = self;
        format!(
            "the key changes, and with it every pin: SubjectPublicKeyInfo {}… becomes {}…",
            old.short(),
            new.short()
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "install the new key with the certificate; add the new pin or TLSA record before that, and remove the old one afterwards",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7671 section 8.1", "RFC 7469 section 2.5"]
    }
}
