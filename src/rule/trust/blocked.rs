//! `trust.blocked`: the administrator of the store has blocked this certificate.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Blocked = TrustBlocked Error
    "the administrator of the store has blocked this certificate"
    page "blocked.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// The file that blocks it.
        blocked_by: String,
    }
}

impl Rule for Blocked {
    fn message(&self) -> String {
        let Self { blocked_by, .. } = self;
        format!("`{blocked_by}` blocks this certificate, and a block overrides an installation")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { blocked_by, .. } = self;
        Some(Remedy::words(format!(
            "find out who blocked it and why; if it was a mistake, remove it from {blocked_by} and plan again"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: p11-kit 0.25.5: the blocklist overrides anchors, wherever either is"]
    }
}
