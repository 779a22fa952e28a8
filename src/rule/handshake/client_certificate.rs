//! `handshake.client-certificate`: the server refuses the client's certificate.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ClientCertificate = HandshakeClientCertificate Error
    "the server refuses the client's certificate"
    page "client_certificate.txt"
    {
        /// The server.
        server: String,
        /// Why, in the words of the server's OpenSSL or of the server.
        reason: String,
        /// What the client sees; empty if the reason says it.
        says: String,
        /// What would help.
        fix: String,
    }
}

impl Rule for ClientCertificate {
    fn message(&self) -> String {
        let Self {
            server,
            reason,
            says,
            ..
        } = self;
        let seen = match says.as_str() {
            "" => String::new(),
            says => format!("; the client sees {says}"),
        };
        format!("{server} refuses this client certificate: {reason}{seen}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { fix, .. } = self;
        (!fix.is_empty()).then(|| Remedy::words(fix.clone()))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: nginx 1.22.1, httpd 2.4.71, HAProxy 2.6.12, PostgreSQL 15.18"]
    }
}
