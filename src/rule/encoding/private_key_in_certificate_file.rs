//! `encoding.private-key-in-certificate-file`: a private key stands in a file of certificates.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PrivateKeyInCertificateFile = EncodingPrivateKeyInCertificateFile Warning
    "a private key stands in a file of certificates"
    page "private_key_in_certificate_file.txt"
    {}
}

impl Rule for PrivateKeyInCertificateFile {
    fn message(&self) -> String {
        "a private key stands among the certificates, in a file that is often readable by all"
            .into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "keep the key in a file of its own, mode 0600",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
