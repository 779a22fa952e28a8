//! `encoding.certificate-in-key-file`: the file given as the key contains certificates.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    CertificateInKeyFile = EncodingCertificateInKeyFile Warning
    "the file given as the key contains certificates"
    page "certificate_in_key_file.txt"
    {
        /// How many certificates.
        certificates: u64,
        /// How many private keys.
        keys: u64,
    }
}

impl Rule for CertificateInKeyFile {
    fn message(&self) -> String {
        match self {
            Self {
                certificates,
                keys: 0,
            } => {
                format!(
                    "the file given as the key contains {} and no key",
                    counted(*certificates, "certificate")
                )
            }
            Self { certificates, .. } => {
                format!(
                    "the key file contains {} in addition to the key",
                    counted(*certificates, "certificate")
                )
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give a file that contains only the private key",
        ))
    }
}
