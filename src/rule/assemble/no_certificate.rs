//! `assemble.no-certificate`: there is no certificate among the files.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoCertificate = AssembleNoCertificate Error
    "there is no certificate among the files"
    page "no_certificate.txt"
    {
        /// What could not be opened, and why.
        closed: Vec<String>,
    }
}

impl Rule for NoCertificate {
    fn message(&self) -> String {
        let Self { closed } = self;
        match closed.first() {
            Some(first) => format!("no certificate could be read: {first}"),
            None => "there is no certificate among the files".to_owned(),
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the file with the certificate that the CA sent; put possible passphrases into --passphrase-file, one per line",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["docs/assemble.md"]
    }
}
