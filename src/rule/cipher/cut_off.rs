//! `cipher.cut-off`: a mainstream client supports no suite of the string.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::article;

rule! {
    CutOff = CipherCutOff Warning
    "a mainstream client supports no suite of the string"
    page "cut_off.txt"
    {
        /// The type of the server's key.
        key: String,
        /// The clients that have no suite for TLS 1.2 in common with the string.
        clients: Vec<String>,
    }
}

impl Rule for CutOff {
    fn message(&self) -> String {
        let Self { key, clients } = self;
        format!(
            "with {} {key} key, {} {} no suite of the string for TLS 1.2",
            article(key),
            clients.join(", "),
            if clients.len() == 1 {
                "shares"
            } else {
                "share"
            }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "add ECDHE+AESGCM, or make sure that these clients reach TLS 1.3",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: OpenSSL 3.0.19"]
    }
}
