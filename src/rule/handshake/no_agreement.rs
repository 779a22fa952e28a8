//! `handshake.no-agreement`: no TLS handshake comes about between the server and clients that decide.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoAgreement = HandshakeNoAgreement Error
    "no TLS handshake comes about between the server and clients that decide"
    page "no_agreement.txt"
    {
        /// The clients.
        clients: Vec<String>,
        /// What they do not agree on: `version`, `suite`, `group`, `signature`,
        /// `dh-parameters`, `strength` or `key-usage`.
        about: String,
        /// Who ends the handshake, and with which words.
        reason: String,
    }
}

impl Rule for NoAgreement {
    fn message(&self) -> String {
        let Self {
            clients, reason, ..
        } = self;
        format!("{} cannot connect: {reason}", clients.join(", "))
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { about, .. } = self;
        Some(Remedy::words(match about.as_str() {
            "version" => {
                "allow TLSv1.2 and TLSv1.3; OpenSSL 3 speaks TLSv1 and TLSv1.1 at security level 0 alone"
            }
            "suite" => {
                "allow suites that fit the key (ECDHE+AESGCM does for RSA and for ECDSA on P-256), or take a key that clients know: RSA with 2048 bits or more, or EC on P-256"
            }
            "group" => "allow the groups X25519 and P-256",
            "signature" => {
                "take a key that clients know: RSA with 2048 bits or more, or EC on P-256"
            }
            "dh-parameters" => {
                "use parameters of 2048 bits or more (ffdhe2048 of RFC 7919), or ECDHE suites alone"
            }
            "strength" => {
                "take a key of the strength that the security level asks for, or lower `@SECLEVEL` in the cipher string"
            }
            _ => "have the certificate issued with digitalSignature in its keyUsage",
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: handshakes with OpenSSL 3.0.19 servers"]
    }
}
