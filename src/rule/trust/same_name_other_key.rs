//! `trust.same-name-other-key`: the store trusts another certificate of the same name with another key.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SameNameOtherKey = TrustSameNameOtherKey Warning
    "the store trusts another certificate of the same name with another key"
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
            "{found_in} holds another certificate called `{subject}` with another key, {}",
            trusted.short()
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "if the CA has changed its key both may be needed for a while; else find out which one is genuine, and remove the other",
        ))
    }
}
