//! `encoding.certificate-in-key-file`: the file given as a key holds certificates.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    CertificateInKeyFile = EncodingCertificateInKeyFile Warning
    "the file given as a key holds certificates"
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
                    "this was given as the key, but holds {certificates} certificate(s) and no key"
                )
            }
            Self { certificates, .. } => {
                format!("{certificates} certificate(s) stand in the key file beside the key")
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the file that holds the private key alone",
        ))
    }
}
