//! `certificate.name-mismatch`: no name in the certificate matches the expected name.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NameMismatch = CertificateNameMismatch Error
    "no name in the certificate matches the expected name"
    page "name_mismatch.txt"
    {
        /// The name that clients will use.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
        /// Why a similar name does not match.
        why: Option<String>,
    }
}

impl Rule for NameMismatch {
    fn message(&self) -> String {
        let Self {
            expected,
            presented,
            why,
        } = self;
        let names = if presented.is_empty() {
            "none".to_owned()
        } else {
            presented.join(", ")
        };
        let why = why
            .as_ref()
            .map_or_else(String::new, |why| format!(" ({why})"));
        format!("the certificate is not for `{expected}`; its names are {names}{why}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { expected, .. } = self;
        Some(Remedy::words(format!(
            "have a certificate issued whose subjectAltName contains `{expected}`"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 9525 section 6"]
    }
}
