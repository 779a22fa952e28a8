//! `encoding.private-key-in-certificate-file`: a certificate file contains a private key.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PrivateKeyInCertificateFile = EncodingPrivateKeyInCertificateFile Warning
    "a certificate file contains a private key"
    page "private_key_in_certificate_file.txt"
    {
        /// Whether the file contains no certificate.
        instead: bool,
    }
}

impl Rule for PrivateKeyInCertificateFile {
    fn message(&self) -> String {
        let message = if self.instead {
            "the file that should contain the certificate contains a private key and no certificate"
        } else {
            "the certificate file also contains a private key; such files are often readable by everyone"
        };
        message.into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(if self.instead {
            "give the file that contains the certificate"
        } else {
            "move the key to its own file, with mode 0600"
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
