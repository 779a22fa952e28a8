//! `trust.same-name-other-key`: the store trusts a certificate with the same name but a different key.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SameNameOtherKey = TrustSameNameOtherKey Warning
    "the store trusts a certificate with the same name but a different key"
    page "same_name_other_key.txt"
    {
        /// The name.
        subject: String,
        /// SHA-256 of the certificate that is in the store.
        trusted: Fingerprint,
        /// The file that holds it.
        found_in: String,
    }
}

impl Rule for SameNameOtherKey {
    fn message(&self) -> String {
        let Self {
            subject,
            trusted,
            found_in,
        } = self;
        format!(
            "{found_in} contains another certificate named `{subject}` with a different key, {}",
            trusted.short()
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "if the CA has changed its key, keep both for a while; otherwise find out which one is genuine, and remove the other",
        ))
    }
}
