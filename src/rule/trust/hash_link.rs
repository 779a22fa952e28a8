//! `trust.hash-link`: OpenSSL does not find an anchor in its directory.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    HashLink = TrustHashLink Warning
    "OpenSSL does not find an anchor in its directory"
    page "hash_link.txt"
    {
        /// What is wrong with the file or link.
        problem: String,
    }
}

impl Rule for HashLink {
    fn message(&self) -> String {
        let Self { problem } = self;
        format!("OpenSSL does not find this anchor: {problem}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "keep one certificate in each file, as PEM; remove links that lead nowhere; then run \
             `openssl rehash` on the directory",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "OpenSSL 3.0 crypto/x509/by_dir.c, get_cert_by_subject_ex: a file is found by the hash of its subject alone",
            "measured: `openssl rehash` skips DER and files with several certificates",
        ]
    }
}
