//! Findings about a live server.

use super::table::facts;
use super::{Fingerprint, Remedy, Subject};
use crate::Time;

facts! {
    /// What a live server does otherwise than it should.
    WireFact {
        NotTls = "wire.not-tls" Error "what answers does not speak TLS" {
            /// What it is.
            what: String,
            /// What to ask instead, where that is known.
            hint: Option<String>,
        }
        NoHandshake = "wire.no-handshake" Error "no handshake comes about" {
            /// What happened.
            reason: String,
        }
        KeyNotProven = "wire.key-not-proven" Error
            "the server's signature was not made by the key of its certificate" {
            /// The certificate's subject.
            subject: String,
        }
        OtherCertificate = "wire.other-certificate" Error
            "the certificate on the wire is not the one expected" {
            /// What it was held against: a file, or what a server would send.
            against: String,
            /// SHA-256 of the certificate expected.
            expected: Fingerprint,
            /// SHA-256 of the certificate on the wire.
            seen: Fingerprint,
            /// When the one expected ends.
            expected_not_after: Option<Time>,
            /// When the one on the wire ends.
            seen_not_after: Option<Time>,
            /// What that looks like.
            reason: String,
        }
        ChainDiffers = "wire.chain-differs" Error
            "the chain on the wire is not the one expected" {
            /// What it was held against.
            against: String,
            /// What is different.
            problem: String,
            /// Subjects of the certificates that are not sent.
            missing: Vec<String>,
            /// Subjects of the certificates that are sent besides.
            extra: Vec<String>,
        }
        VersionsDiffer = "wire.versions-differ" Warning
            "other protocol versions answer than the setting says" {
            /// The versions that the setting comes to.
            predicted: Vec<String>,
            /// The versions that answer.
            answered: Vec<String>,
        }
        OldVersion = "wire.old-version" Warning "a protocol version answers that is no longer safe" {
            /// The versions.
            versions: Vec<String>,
        }
        NoModernVersion = "wire.no-modern-version" Error "neither TLS 1.2 nor TLS 1.3 answers" {
            /// The versions that do.
            versions: Vec<String>,
        }
        NotStapled = "wire.not-stapled" Warning
            "the certificate demands a stapled OCSP response, and the server sends none" {
            /// The certificate's subject.
            subject: String,
        }
    }
}

impl WireFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::NotTls { what, .. } => format!("this is {what}"),
            Self::NoHandshake { reason } => reason.clone(),
            Self::KeyNotProven { subject } => format!(
                "the server signs with another key than that of the certificate it presents (`{subject}`)"
            ),
            Self::OtherCertificate {
                against, reason, ..
            } => format!("the certificate on the wire is not that of {against}: {reason}"),
            Self::ChainDiffers {
                against, problem, ..
            } => format!("the chain on the wire is not that of {against}: {problem}"),
            Self::VersionsDiffer {
                predicted,
                answered,
            } => format!(
                "the setting comes to {}, and {} answer",
                listed(predicted),
                listed(answered)
            ),
            Self::OldVersion { versions } => format!("{} answer", listed(versions)),
            Self::NoModernVersion { versions } => {
                format!("only {} answer: clients of today refuse", listed(versions))
            }
            Self::NotStapled { subject } => format!(
                "`{subject}` demands a stapled OCSP response (must-staple), and none is sent: Firefox refuses"
            ),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self::NotTls { hint, .. } => hint.clone().map(Remedy::words),
            Self::NoHandshake { .. } => None,
            Self::KeyNotProven { .. } => Some(Remedy::words(
                "give the server the key that belongs to its certificate: `certcheck match` finds it",
            )),
            Self::OtherCertificate { .. } => Some(Remedy::words(
                "reload the server, see that its settings name this file, and that this is its virtual host",
            )),
            Self::ChainDiffers { .. } => Some(Remedy::words(
                "reload the server, and see which of its settings names the file with the chain",
            )),
            Self::VersionsDiffer { .. } => Some(Remedy::words(
                "reload the server, and look for a second setting, or something in front of it that ends TLS",
            )),
            Self::OldVersion { .. } | Self::NoModernVersion { .. } => Some(Remedy::words(
                "let the server speak TLSv1.2 and TLSv1.3 alone",
            )),
            Self::NotStapled { .. } => Some(Remedy::words(
                "switch stapling on in the server, or have a certificate issued without the demand",
            )),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::OldVersion { .. } => vec!["RFC 8996", "RFC 7568"],
            Self::NotStapled { .. } => vec!["RFC 7633"],
            Self::KeyNotProven { .. } => vec!["RFC 8446 section 4.4.3", "RFC 5246 section 7.4.3"],
            _ => vec!["RFC 8446 section 4.4.2"],
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "no version".to_owned(),
        names => names.join(" "),
    }
}
