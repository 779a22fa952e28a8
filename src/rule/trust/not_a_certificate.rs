//! `trust.not-a-certificate`: the file also contains something that is not a certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    NotACertificate = TrustNotACertificate Warning
    "the file also contains something that is not a certificate"
    page "not_a_certificate.txt"
    {
        /// What it is instead.
        kind: String,
    }
}

impl Rule for NotACertificate {
    fn message(&self) -> String {
        let Self { kind } = self;
        format!(
            "this is not a certificate but {} {kind}: the plan does not install it",
            article(kind)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the CA's own file; a file of anchors should contain only certificates",
        ))
    }
}
