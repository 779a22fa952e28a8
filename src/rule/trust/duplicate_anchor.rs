//! `trust.duplicate-anchor`: two of the store's source files contain the same certificate.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    DuplicateAnchor = TrustDuplicateAnchor Notice
    "two of the store's source files contain the same certificate"
    page "duplicate_anchor.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// Its subject.
        subject: String,
        /// The other file that contains it.
        other: String,
    }
}

impl Rule for DuplicateAnchor {
    fn message(&self) -> String {
        let Self { subject, other, .. } = self;
        format!("`{subject}` is also in {other}: after one is removed, the other is still trusted")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("keep one of the files"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: `rehash: warning: skipping duplicate certificate` of Debian 12"]
    }
}
