//! `handshake.no-certificate-request`: the server asks for no client certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoCertificateRequest = HandshakeNoCertificateRequest Warning
    "the server asks for no client certificate"
    page "no_certificate_request.txt"
    {
        /// The server.
        server: String,
        /// The setting that would make it ask.
        setting: String,
    }
}

impl Rule for NoCertificateRequest {
    fn message(&self) -> String {
        let Self { server, .. } = self;
        format!("{server} asks for no client certificate here, so the client never sends this one")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { setting, .. } = self;
        Some(Remedy::words(format!(
            "set `{setting}` if clients must authenticate with a certificate"
        )))
    }
}
