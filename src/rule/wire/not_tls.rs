//! `wire.not-tls`: the service on the port does not speak TLS.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotTls = WireNotTls Error
    "the service on the port does not speak TLS"
    page "not_tls.txt"
    {
        /// What it is instead.
        what: String,
        /// What to ask instead, if known.
        hint: Option<String>,
    }
}

impl Rule for NotTls {
    fn message(&self) -> String {
        let Self { what, .. } = self;
        format!("this is {what}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { hint, .. } = self;
        hint.clone().map(Remedy::words)
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 5.1"]
    }
}
