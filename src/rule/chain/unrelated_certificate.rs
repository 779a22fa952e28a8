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
        /// Why it cannot be the issuer here, if it has an issuer's name and key and
        /// another certificate of that name is the issuer.
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
                    "the server sends `{subject}` in addition to the certificate of the same name that clients need, which it cannot replace: {reason}"
                )
            }
            Self { subject, .. } => {
                format!("`{subject}` is not part of the server's chain, but the server sends it")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(without_lines(subject, "remove it from the file"))
    }
}
