//! `chain.self-signed`: the server's certificate is signed by its own key.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    SelfSigned = ChainSelfSigned Warning
    "the server's certificate is signed by its own key"
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
            "`{subject}` is signed by its own key: only clients that were given it will trust it"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it issued by a CA, or give the certificate to every client",
        ))
    }
}
