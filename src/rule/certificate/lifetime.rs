//! `certificate.lifetime`: the certificate is valid for longer than some clients accept.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Lifetime = CertificateLifetime Warning
    "the certificate is valid for longer than some clients accept"
    page "lifetime.txt"
    {
        /// The days between notBefore and notAfter.
        days: u64,
        /// The most days that are accepted.
        limit: u64,
        /// Who sets that limit.
        who: String,
    }
}

impl Rule for Lifetime {
    fn message(&self) -> String {
        let Self { days, limit, who } = self;
        format!("the certificate is valid for {days} days; {who} accepts at most {limit}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { limit, .. } = self;
        Some(Remedy::words(format!(
            "have it issued for at most {limit} days"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Apple support document 103769"]
    }
}
