//! `trust.issuer-missing`: what clients of the server need as an anchor is in none of the files.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IssuerMissing = TrustIssuerMissing Error
    "what clients of the server need as an anchor is in none of the files"
    page "issuer_missing.txt"
    {
        /// The certificate whose issuer is missing.
        subject: String,
        /// The issuer's name.
        issuer_name: String,
        /// Where the issuer can be had, by the certificate's own word.
        ca_issuers: Vec<String>,
    }
}

impl Rule for IssuerMissing {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer_name,
            ..
        } = self;
        format!(
            "clients find no way from `{subject}` to an anchor: its issuer, `{issuer_name}`, is neither sent nor in the files nor in the store"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { ca_issuers, .. } = self;
        Some(match ca_issuers.as_slice() {
            [] => Remedy::words(
                "ask whoever issued it for the issuer's certificate, and give that file as well; or let the server send it",
            ),
            [first, ..] => Remedy::words(format!(
                "get the issuer from {first}, compare its fingerprint with whoever runs that CA, and give the file as well; or let the server send it"
            )),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: Rserve 1.8-11 sends its own certificate alone; no client fetches the issuer",
        ]
    }
}
