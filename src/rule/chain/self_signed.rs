//! `chain.self-signed`: the server's certificate is self-signed.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SelfSigned = ChainSelfSigned Warning
    "the server's certificate is self-signed"
    page "self_signed.txt"
    {
        /// Its subject.
        subject: String,
    }
}

impl Rule for SelfSigned {
    fn message(&self) -> String {
        let Self { subject } = self;
        format!(
            "`{subject}` is signed by its own key: only clients that have this certificate as a trust anchor trust it"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it issued by a CA, or install the certificate on every client",
        ))
    }
}
