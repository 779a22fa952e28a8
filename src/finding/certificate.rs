//! Findings about a certificate by itself.

use super::table::facts;
use super::{Remedy, Subject};
use crate::Time;

facts! {
    /// What is wrong with a certificate, whoever issued it.
    CertificateFact {
        Expired = "certificate.expired" Error "the end-entity certificate has expired" {
            /// The last moment of its validity.
            not_after: Time,
            /// The moment of judgement.
            at: Time,
        }
        NotYetValid = "certificate.not-yet-valid" Error "the certificate is not valid yet" {
            /// The first moment of its validity.
            not_before: Time,
            /// The moment of judgement.
            at: Time,
        }
        ExpiresSoon = "certificate.expires-soon" Warning "the certificate expires soon" {
            /// The last moment of its validity.
            not_after: Time,
            /// The moment of judgement.
            at: Time,
            /// Whole days left.
            days: u64,
        }
        NameMismatch = "certificate.name-mismatch" Error
            "no name in the certificate matches the expected name" {
            /// The name that clients will use.
            expected: String,
            /// The names in the certificate.
            presented: Vec<String>,
            /// Why a name that looks alike does not match.
            why: Option<String>,
        }
        NoSubjectAltName = "certificate.no-subject-alt-name" Error
            "the certificate has no subjectAltName" {
            /// The subject's commonName, which most clients no longer read.
            common_name: Option<String>,
        }
        WeakSignature = "certificate.weak-signature" Error
            "the certificate's signature uses a broken hash" {
            /// The signature algorithm.
            algorithm: String,
        }
        WeakKey = "certificate.weak-key" Error "the certificate's public key is too short" {
            /// The key's algorithm.
            algorithm: String,
            /// Its size.
            bits: u64,
            /// The least size that is accepted.
            least: u64,
        }
        NotACa = "certificate.not-a-ca" Warning
            "a certificate that should be a CA's is not marked as one" {
            /// What it lacks.
            reason: String,
        }
        CaAsServer = "certificate.ca-as-server" Warning
            "a CA certificate stands where the server's own should" {}
        Purpose = "certificate.purpose" Error
            "the certificate may not be used for this purpose" {
            /// The purpose wanted.
            wanted: String,
            /// The purposes that it is marked for.
            present: Vec<String>,
        }
        Lifetime = "certificate.lifetime" Warning "the certificate is valid for longer than some clients accept" {
            /// The days between notBefore and notAfter.
            days: u64,
            /// The most that is accepted.
            limit: u64,
            /// Who sets that limit.
            who: String,
        }
        ExplicitParameters = "certificate.explicit-parameters" Error
            "a certificate's EC key writes its curve out instead of naming it" {
            /// Its subject.
            subject: String,
        }
        RepeatedSerial = "certificate.repeated-serial" Warning
            "two certificates of one issuer have the same serial number" {
            /// Its subject.
            subject: String,
            /// The issuer of both.
            issuer: String,
            /// The serial number, in hexadecimal digits.
            serial: String,
            /// The place of the other one.
            other: String,
        }
        IssuerName = "certificate.issuer-name" Warning
            "the server's certificate has the name of the CA that issued it" {
            /// The name of both.
            name: String,
        }
        MalformedExtension = "certificate.malformed-extension" Error
            "an extension of the certificate cannot be read" {
            /// The extension's object identifier.
            oid: String,
            /// What is wrong with it.
            reason: String,
        }
        UnknownCriticalExtension = "certificate.unknown-critical-extension" Error
            "an extension is critical and not known to verifiers" {
            /// The extension's object identifier.
            oid: String,
        }
        NotConforming = "certificate.not-conforming" Error
            "a certificate breaks a rule for issuers that the profile holds it to" {
            /// Its subject.
            subject: String,
            /// The rule that it breaks.
            reason: String,
            /// Where the rule stands.
            clause: String,
        }
    }
}

impl CertificateFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::Expired { not_after, at } => {
                format!("the certificate expired on {not_after}, {} day(s) before {at}", not_after.days_until(*at))
            }
            Self::NotYetValid { not_before, at } => {
                format!("the certificate is valid from {not_before} only, {} day(s) after {at}", at.days_until(*not_before))
            }
            Self::ExpiresSoon { not_after, days, .. } => {
                format!("the certificate expires on {not_after}, in {days} day(s)")
            }
            Self::NameMismatch { expected, presented, why } => {
                let names = if presented.is_empty() { "none".to_owned() } else { presented.join(", ") };
                let why = why.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
                format!("the certificate is not for `{expected}`; its names are {names}{why}")
            }
            Self::NoSubjectAltName { common_name: Some(name) } => format!(
                "the certificate has no subjectAltName; its commonName `{name}` is ignored by today's clients"
            ),
            Self::NoSubjectAltName { common_name: None } => {
                "the certificate has no subjectAltName, so it is for no name at all".into()
            }
            Self::WeakSignature { algorithm } => {
                format!("the certificate is signed with {algorithm}, which today's clients refuse")
            }
            // The size would do: the algorithm, or the odd bits, do not.
            Self::WeakKey { algorithm, bits, least } if bits >= least => format!(
                "the certificate's key is {algorithm} with {bits} bits; accepted are RSA of {least} bits or more in whole bytes, P-256, P-384 and P-521"
            ),
            Self::WeakKey { algorithm, bits, least } => {
                format!("the certificate's {algorithm} key has {bits} bits; {least} are the least accepted")
            }
            Self::NotACa { reason } => format!("this certificate cannot issue others: {reason}"),
            Self::CaAsServer {} => {
                "the server's own certificate is marked as a CA (basicConstraints cA); some clients refuse that".into()
            }
            Self::Purpose { wanted, present } => format!(
                "the certificate may not be used as {wanted}; it is marked for {}",
                if present.is_empty() { "nothing".to_owned() } else { present.join(", ") }
            ),
            Self::Lifetime { days, limit, who } => {
                format!("the certificate is valid for {days} days; {who} accepts at most {limit}")
            }
            Self::ExplicitParameters { subject } => format!(
                "the EC key of `{subject}` writes the parameters of its curve out instead of naming the curve"
            ),
            Self::RepeatedSerial { subject, issuer, serial, other } => format!(
                "`{subject}` and the certificate at {other} have the same issuer `{issuer}` and the same serial number {serial}: NSS (Firefox) refuses the second one it sees, and revoking one revokes both"
            ),
            Self::IssuerName { name } => format!(
                "the certificate has the name of its issuer, `{name}`, and another key signed it: clients that go by names take it for self-signed"
            ),
            Self::MalformedExtension { oid, reason } => {
                format!("the extension {oid} cannot be read: {reason}")
            }
            Self::NotConforming { subject, reason, clause } => {
                format!("`{subject}` is not as it should be: {reason} ({clause})")
            }
            Self::UnknownCriticalExtension { oid } => {
                format!("the extension {oid} is critical, and verifiers that do not know it must refuse")
            }
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let words = match self {
            Self::Expired { .. } => "renew the certificate before you enable it",
            Self::NotYetValid { .. } => {
                "wait until then, check the clock, or have it issued with an earlier notBefore"
            }
            Self::ExpiresSoon { .. } => "renew it now",
            Self::NameMismatch { expected, .. } => {
                return Some(Remedy::words(format!(
                    "have a certificate issued whose subjectAltName holds `{expected}`"
                )));
            }
            Self::NoSubjectAltName {
                common_name: Some(name),
            } => {
                return Some(Remedy::words(format!(
                    "have it issued again with the server's names in subjectAltName, `{name}` among them"
                )));
            }
            Self::NoSubjectAltName { .. } => {
                "have it issued again with the server's names in subjectAltName"
            }
            Self::WeakSignature { .. } => "have it issued again with a SHA-256 signature",
            Self::WeakKey { .. } => {
                "make an RSA key of at least 2048 bits, or one on P-256, and have a certificate issued for it"
            }
            Self::NotACa { .. } => "use the issuer's CA certificate",
            Self::CaAsServer {} => {
                "use an end-entity certificate (basicConstraints CA:FALSE) that the CA has issued"
            }
            Self::ExplicitParameters { .. } => {
                "make a key on a named curve such as P-256, and have a certificate issued for it"
            }
            Self::RepeatedSerial { .. } => {
                "have one of them issued again with a serial number of its own; for your own CA, let it draw random ones (openssl x509 -CAcreateserial, openssl ca -create_serial)"
            }
            Self::IssuerName { .. } => {
                "have it issued again with a subject of its own, such as the server's name"
            }
            Self::Purpose { wanted, present } => {
                return Some(Remedy::words(for_purpose(wanted, present)));
            }
            Self::Lifetime { limit, .. } => {
                return Some(Remedy::words(format!(
                    "have it issued for at most {limit} days"
                )));
            }
            Self::MalformedExtension { .. } | Self::UnknownCriticalExtension { .. } => {
                "have it issued again without that extension"
            }
            Self::NotConforming { .. } => "have it issued again by a CA that keeps the rule",
        };
        Some(Remedy::words(words))
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::Expired { .. } | Self::NotYetValid { .. } | Self::ExpiresSoon { .. } => {
                vec![
                    "RFC 5280 section 4.1.2.5",
                    "measured: Apache 2.4.71 starts with it in silence",
                ]
            }
            Self::NameMismatch { .. } => vec!["RFC 9525 section 6"],
            Self::NoSubjectAltName { .. } => {
                vec![
                    "RFC 9525 section 2",
                    "measured: Go 1.27, webpki 0.103 and pyca 50 refuse; OpenSSL 3 accepts",
                ]
            }
            Self::WeakSignature { .. } => {
                vec!["RFC 9155", "CA/Browser Forum Baseline Requirements 7.1.3.2"]
            }
            Self::WeakKey { .. } => vec!["measured: OpenSSL 3.0.19 security level 2"],
            Self::NotACa { .. } | Self::CaAsServer {} => vec!["RFC 5280 section 4.2.1.9"],
            Self::Purpose { .. } => vec!["RFC 5280 section 4.2.1.12"],
            Self::Lifetime { .. } => vec!["Apple support document 103769"],
            Self::ExplicitParameters { .. } => vec!["RFC 5480 section 2.1.1"],
            Self::RepeatedSerial { .. } => vec![
                "RFC 5280 section 4.1.2.2",
                "measured: NSS 3.87 refuses, SEC_ERROR_REUSED_ISSUER_AND_SERIAL",
            ],
            Self::IssuerName { .. } => {
                vec!["RFC 5280 section 3.2", "measured: OpenSSL 3.0.19, Java 17"]
            }
            Self::MalformedExtension { .. } | Self::UnknownCriticalExtension { .. } => {
                vec!["RFC 5280 section 4.2"]
            }
            Self::NotConforming { .. } => vec!["RFC 5280 section 4"],
        }
    }
}

/// How to get a certificate that may be used as `wanted`.
fn for_purpose(wanted: &str, present: &[String]) -> String {
    let bits = wanted
        .split_once("keyUsage ")
        .map(|(_, bits)| bits.trim_end_matches(')'));
    if let Some(bits) = bits {
        let kept = if present.is_empty() {
            String::new()
        } else {
            format!(", beside {}", present.join(", "))
        };
        return format!("have it issued again with {bits} in keyUsage{kept}");
    }
    let purpose = wanted
        .split_once('(')
        .map_or(wanted, |(_, purpose)| purpose.trim_end_matches(')'));
    if purpose != "clientAuth" {
        return format!("have it issued again with {purpose} in extendedKeyUsage");
    }
    // Chrome Root Program Policy 1.8; letsencrypt.org, "Ending TLS client authentication".
    "have a private CA issue it again with clientAuth in extendedKeyUsage: public CAs no longer do \
     (Let's Encrypt stopped on 2026-02-11, and for its profile tlsclient on 2026-07-08; Chrome trusts \
     no new CA of both purposes from 2026-06-15)"
        .to_owned()
}
