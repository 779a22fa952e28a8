//! `trust.several-certificates`: one file holds several certificates, of which this platform takes one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SeveralCertificates = TrustSeveralCertificates Warning
    "one file holds several certificates, of which this platform takes one"
    page "several_certificates.txt"
    {
        /// How many it holds.
        count: u64,
        /// The platform.
        platform: String,
        /// What the platform makes of such a file.
        effect: String,
    }
}

impl Rule for SeveralCertificates {
    fn message(&self) -> String {
        let Self {
            count,
            platform,
            effect,
        } = self;
        format!("the file holds {count} certificates, and {platform} {effect}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("the plan writes each into a file of its own"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: ca-certificates 20230311, `does not contain exactly one certificate or CRL`",
            "measured: keytool (JDK 17) and NSS certutil 3.110 import the first certificate of a file",
        ]
    }
}
