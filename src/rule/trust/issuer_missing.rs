//! `trust.issuer-missing`: the certificate that the server's clients need as an anchor is not among the files.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IssuerMissing = TrustIssuerMissing Error
    "the certificate that the server's clients need as an anchor is not among the files"
    page "issuer_missing.txt"
    {
        /// The certificate whose issuer is missing.
        subject: String,
        /// The issuer's name.
        issuer_name: String,
        /// Where the issuer can be downloaded, according to the certificate.
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
            "clients find no path from `{subject}` to an anchor: the server does not send its issuer, `{issuer_name}`, which is neither among the files nor in the store"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { ca_issuers, .. } = self;
        Some(match ca_issuers.as_slice() {
            [] => Remedy::words(
                "ask the CA for the issuer's certificate and add that file to the command, or have the server send it",
            ),
            [first, ..] => Remedy::words(format!(
                "get the issuer from {first}, check its fingerprint with the operator of that CA, and add the file to the command; or have the server send it"
            )),
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Rserve 1.8-11 sends only its own certificate; no client fetches the issuer"]
    }
}
