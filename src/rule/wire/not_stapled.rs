//! `wire.not-stapled`: the certificate demands a stapled OCSP response, and the server sends none.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotStapled = WireNotStapled Warning
    "the certificate demands a stapled OCSP response, and the server sends none"
    page "not_stapled.txt"
    {
        /// The certificate's subject.
        subject: String,
    }
}

impl Rule for NotStapled {
    fn message(&self) -> String {
        let Self { subject } = self;
        format!(
            "`{subject}` demands a stapled OCSP response (must-staple), and none is sent: Firefox refuses"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "switch stapling on in the server, or have a certificate issued without the demand",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7633"]
    }
}
