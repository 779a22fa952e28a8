//! `chain.unrelated-certificate`: a certificate is not part of the server's chain.

use super::without_lines;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnrelatedCertificate = ChainUnrelatedCertificate Warning
    "a certificate is not part of the server's chain"
    page "unrelated_certificate.txt"
    {
        /// Its subject.
        subject: String,
        /// Why it cannot issue here, where it has an issuer's name and key and
        /// another certificate of that name does.
        reason: Option<String>,
    }
}

impl Rule for UnrelatedCertificate {
    fn message(&self) -> String {
        match self {
            Self {
                subject,
                reason: Some(reason),
            } => {
                format!(
                    "`{subject}` is sent beside the certificate of the same name that clients need, and cannot take its place: {reason}"
                )
            }
            Self { subject, .. } => {
                format!("`{subject}` has no part in the server's chain, and is sent all the same")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(without_lines(subject, "leave it out of the file"))
    }
}
