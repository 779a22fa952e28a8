//! `encoding.private-key-in-certificate-file`: a certificate file contains a private key.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PrivateKeyInCertificateFile = EncodingPrivateKeyInCertificateFile Warning
    "a certificate file contains a private key"
    page "private_key_in_certificate_file.txt"
    {}
}

impl Rule for PrivateKeyInCertificateFile {
    fn message(&self) -> String {
        "the certificate file also contains a private key; such files are often readable by everyone"
            .into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "move the key to its own file, with mode 0600",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
