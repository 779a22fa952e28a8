//! `handshake.certificate-not-sent`: some clients do not send this certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    CertificateNotSent = HandshakeCertificateNotSent Warning
    "some clients do not send this certificate, because the server names none of its issuers"
    page "certificate_not_sent.txt"
    {
        /// The clients.
        clients: Vec<String>,
        /// The issuers of the certificate and of its chain.
        issuers: Vec<String>,
        /// The names that the server sends.
        names: Vec<String>,
    }
}

impl Rule for CertificateNotSent {
    fn message(&self) -> String {
        let Self {
            clients,
            issuers,
            names,
        } = self;
        let shown: Vec<_> = names
            .iter()
            .take(3)
            .map(|name| format!("`{name}`"))
            .collect();
        let more = if names.len() > 3 { " and others" } else { "" };
        format!(
            "{} send no certificate: none of its issuers (`{}`) is among the CA names that the server sends: {}{more}",
            clients.join(", "),
            issuers.join("`, `"),
            shown.join(", "),
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "add the CA that issued the client's certificate to those whose names the server \
             sends, or give the client its intermediates with its certificate",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 8446 section 4.2.4, RFC 5246 section 7.4.4"]
    }
}
