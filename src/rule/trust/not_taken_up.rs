//! `trust.not-taken-up`: a file with the certificate is there, but the platform's tool has not taken it up.

use crate::finding::{Fingerprint, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    NotTakenUp = TrustNotTakenUp Warning
    "a file with the certificate is there, but the platform's tool has not taken it up"
    page "not_taken_up.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// The platform whose tool it is.
        platform: String,
    }
}

impl Rule for NotTakenUp {
    fn message(&self) -> String {
        let Self { platform, .. } = self;
        format!(
            "the file is there, but not in {platform}'s bundle: its tool was not run since, or passes over the file"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
                "plan anew from this file: the plan gives it a name that the tool reads, runs the tool, and looks at the result",
            ).run(format!("certcheck trust plan {}", quote(&subject.source))))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: update-ca-certificates and p11-kit end with status 0 over files that they pass over",
        ]
    }
}
