//! `certificate.issuer-name`: the server's certificate has the same name as the CA that issued it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    IssuerName = CertificateIssuerName Warning
    "the server's certificate has the same name as the CA that issued it"
    page "issuer_name.txt"
    {
        /// The name that both have.
        name: String,
    }
}

impl Rule for IssuerName {
    fn message(&self) -> String {
        let Self { name } = self;
        format!(
            "the certificate has the same name as its issuer, `{name}`, but a different key signed it: clients that compare only names treat it as self-signed"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have it reissued with its own subject, such as the server's name",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 3.2", "measured: OpenSSL 3.0.19, Java 17"]
    }
}
