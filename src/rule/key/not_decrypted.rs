//! `key.not-decrypted`: the private key is encrypted with a cipher that certcheck does not decrypt.

use super::rewritten;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotDecrypted = KeyNotDecrypted Warning
    "the private key is encrypted with a cipher that certcheck does not decrypt"
    page "not_decrypted.txt"
    {
        /// The encryption scheme.
        scheme: String,
        /// Whether OpenSSL 3 with its default provider opens it.
        openssl3_loads: bool,
    }
}

impl Rule for NotDecrypted {
    fn message(&self) -> String {
        let Self {
            scheme,
            openssl3_loads,
        } = self;
        let loads = if *openssl3_loads {
            "OpenSSL 3 loads it"
        } else {
            "OpenSSL 3 does not load it either"
        };
        format!("the key is encrypted with {scheme}, which certcheck does not decrypt; {loads}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(match self {
            Self {
                openssl3_loads: false,
                ..
            } => rewritten(
                subject,
                "encrypt it again with AES-256 and PBKDF2, using OpenSSL's legacy provider to open it",
                " -provider legacy -provider default",
            ),
            Self { .. } => rewritten(
                subject,
                "encrypt it again with AES-256 and PBKDF2, so that certcheck can judge it",
                "",
            ),
        })
    }
}
