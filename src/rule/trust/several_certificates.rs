//! `trust.several-certificates`: one file contains several certificates, but this platform reads only one.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SeveralCertificates = TrustSeveralCertificates Warning
    "one file contains several certificates, but this platform reads only one"
    page "several_certificates.txt"
    {
        /// How many certificates the file contains.
        count: u64,
        /// The platform.
        platform: String,
        /// What the platform does with such a file.
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
        format!("the file contains {count} certificates, but {platform} {effect}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "write each certificate to its own file, as the plan does",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: ca-certificates 20230311, `does not contain exactly one certificate or CRL`",
            "measured: keytool (JDK 17) and NSS certutil 3.110 import the first certificate of a file",
        ]
    }
}
