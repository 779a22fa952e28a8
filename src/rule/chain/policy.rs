//! `chain.policy`: the certificate policies along the path are not acceptable.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Policy = ChainPolicy Error
    "the certificate policies along the path are not acceptable"
    page "policy.txt"
    {
        /// The subject of the certificate that was reached.
        subject: String,
        /// What is missing or forbidden.
        reason: String,
    }
}

impl Rule for Policy {
    fn message(&self) -> String {
        let Self { subject, reason } = self;
        format!("the certificate policies of the path to `{subject}` are not acceptable: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it reissued under a required policy, or require another policy",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.1.5"]
    }
}
