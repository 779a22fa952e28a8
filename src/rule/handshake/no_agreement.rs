//! `handshake.no-agreement`: the server and a client that decides cannot complete a TLS handshake.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoAgreement = HandshakeNoAgreement Error
    "the server and a client that decides cannot complete a TLS handshake"
    page "no_agreement.txt"
    {
        /// The clients.
        clients: Vec<String>,
        /// What they do not agree on: `version`, `gap`, `suite`, `group`, `signature`,
        /// `dh-parameters`, `strength`, `extension`, `setting`, `http2`,
        /// `channel-binding`, and for a client's own certificate `client-strength` or
        /// `client-signature`.
        about: String,
        /// Who ends the handshake, and with what message.
        reason: String,
    }
}

impl Rule for NoAgreement {
    fn message(&self) -> String {
        let Self {
            clients,
            reason,
            about,
        } = self;
        if about.starts_with("client-") {
            return format!(
                "{} cannot use this certificate: {reason}",
                clients.join(", ")
            );
        }
        format!("{} cannot connect: {reason}", clients.join(", "))
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { about, .. } = self;
        Some(Remedy::words(match about.as_str() {
            "version" => {
                "allow TLSv1.2 and TLSv1.3; OpenSSL 3 speaks TLSv1 and TLSv1.1 only at security level 0"
            }
            "gap" => "enable the versions in between too, or better, only TLSv1.2 and TLSv1.3",
            "suite" => {
                "allow suites that fit the key (ECDHE+AESGCM fits RSA, and ECDSA on P-256), or use a key that clients support: RSA with at least 2048 bits, or EC on P-256"
            }
            "group" => "allow the groups X25519 and P-256",
            "signature" => {
                "use a key that clients support: RSA with at least 2048 bits, or EC on P-256"
            }
            "dh-parameters" => {
                "use parameters of at least 2048 bits (ffdhe2048 of RFC 7919), or only ECDHE suites"
            }
            "strength" => {
                "use a key that is strong enough for the security level, or lower `@SECLEVEL` in the cipher string"
            }
            "extension" => {
                "have the certificate issued again without the extension, or use an RSA key; TLSv1.3 works, but clients with OpenSSL refuse the certificate"
            }
            "client-strength" => {
                "use a key and a digest that are strong enough (RSA with 2048 bits, or P-256, and SHA-256), or lower `@SECLEVEL` in the client's cipher string before it loads the certificate"
            }
            "client-signature" => {
                "use a client key that TLS 1.2 and 1.3 sign with: RSA with at least 2048 bits, or EC on P-256"
            }
            "setting" => "change or remove the setting that the message names",
            "channel-binding" => {
                "have the certificate signed by an RSA or ECDSA key, or let clients connect with channel_binding=disable"
            }
            _ => "offer ECDHE suites with AES-GCM or CHACHA20-POLY1305 first, or switch HTTP/2 off",
        }))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: handshakes with OpenSSL 3.0.19 servers"]
    }
}
