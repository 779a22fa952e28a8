//! `trust.expired-anchor`: an anchor that administrators added has expired.

use crate::Time;
use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ExpiredAnchor = TrustExpiredAnchor Warning
    "an anchor that administrators added has expired"
    page "expired_anchor.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// Its subject.
        subject: String,
        /// Its last valid second.
        not_after: Time,
    }
}

impl Rule for ExpiredAnchor {
    fn message(&self) -> String {
        let Self {
            subject, not_after, ..
        } = self;
        format!(
            "the anchor `{subject}` expired on {not_after}: most clients refuse every \
             certificate below it"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "install its successor, if there is one, and remove the expired anchor",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1.3 (a)(2)"]
    }
}
