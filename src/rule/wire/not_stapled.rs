//! `wire.not-stapled`: the certificate requires a stapled OCSP response, but the server sends none.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NotStapled = WireNotStapled Warning
    "the certificate requires a stapled OCSP response, but the server sends none"
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
            "`{subject}` requires a stapled OCSP response (must-staple), but the server sends none: Firefox and GnuTLS refuse"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "switch stapling on in the server, or have the certificate reissued without must-staple",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7633"]
    }
}
