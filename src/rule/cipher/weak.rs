//! `cipher.weak`: the cipher string allows weak suites.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Weak = CipherWeak Warning
    "the cipher string allows weak suites"
    page "weak.txt"
    {
        /// Why they are weak.
        weakness: String,
        /// The suites.
        suites: Vec<String>,
    }
}

impl Rule for Weak {
    fn message(&self) -> String {
        let Self { weakness, suites } = self;
        format!(
            "the string allows {} {} with {weakness}",
            suites.len(),
            if suites.len() == 1 { "suite" } else { "suites" }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { weakness, .. } = self;
        Some(Remedy::words(match weakness.as_str() {
            "no encryption" => "add `!eNULL`",
            "no authentication" => "add `!aNULL`",
            "MD5" => "add `!MD5`",
            "no forward secrecy" => "add `!kRSA`",
            _ => "use only AEAD suites: ECDHE+AESGCM:ECDHE+CHACHA20",
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 9325 section 4.2"]
    }
}
