//! `certificate.issuer-name`: the server's certificate has the name of the CA that issued it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IssuerName = CertificateIssuerName Warning
    "the server's certificate has the name of the CA that issued it"
    page "issuer_name.txt"
    {
        /// The name of both.
        name: String,
    }
}

impl Rule for IssuerName {
    fn message(&self) -> String {
        let Self { name } = self;
        format!(
            "the certificate has the name of its issuer, `{name}`, and another key signed it: clients that go by names take it for self-signed"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it issued again with a subject of its own, such as the server's name",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 3.2", "measured: OpenSSL 3.0.19, Java 17"]
    }
}
