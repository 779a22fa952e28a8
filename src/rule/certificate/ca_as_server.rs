//! `certificate.ca-as-server`: the server's own certificate is a CA certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    CaAsServer = CertificateCaAsServer Warning
    "the server's own certificate is a CA certificate"
    page "ca_as_server.txt"
    {}
}

impl Rule for CaAsServer {
    fn message(&self) -> String {
        "the server's own certificate is marked as a CA (basicConstraints cA); some clients refuse it".into()
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "use an end-entity certificate (basicConstraints CA:FALSE) that the CA has issued",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.9"]
    }
}
