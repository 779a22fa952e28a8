//! `trust.not-taken-up`: a source file contains the certificate, but the platform's bundle does not.

use crate::finding::{Fingerprint, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    NotTakenUp = TrustNotTakenUp Warning
    "a source file contains the certificate, but the platform's bundle does not"
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
            "the file is among the sources, but its certificate is not in {platform}'s bundle: the tool has not run since, or it ignores the file"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
                "make a new plan from this file: the plan gives it a name that the tool reads, runs the tool, and checks the result",
            ).run(format!("certcheck trust plan {}", quote(&subject.source))))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: update-ca-certificates and p11-kit exit with status 0 even if they ignore files",
        ]
    }
}
