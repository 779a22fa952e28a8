//! `key.mismatch`: the private key does not belong to the certificate.

use crate::finding::{Fingerprint, Need, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    Mismatch = KeyMismatch Error
    "the private key does not belong to the certificate"
    page "mismatch.txt"
    {
        /// SHA-256 of the certificate's SubjectPublicKeyInfo.
        certificate_spki: Option<Fingerprint>,
        /// SHA-256 of the key's SubjectPublicKeyInfo.
        key_spki: Option<Fingerprint>,
        /// The file of the certificate that the key was compared with.
        certificate: Option<String>,
        /// A certificate among the given files to which the key belongs.
        matches: Option<String>,
        /// The file of that certificate.
        matches_in: Option<String>,
        /// The certificate's own key, if it is among the given files.
        own_key: Option<String>,
        /// The file of that key.
        own_key_in: Option<String>,
        /// What does not belong, if it is not just a private key: `request`; `spare key` beside
        /// certificates that all have their keys.
        what: Option<String>,
    }
}

/// A key beside certificates that all have their keys.
pub(crate) const SPARE: &str = "spare key";

impl Rule for Mismatch {
    fn message(&self) -> String {
        let Self {
            certificate,
            matches,
            own_key,
            what,
            ..
        } = self;
        let this = what.as_deref().unwrap_or("key");
        let with = certificate.as_ref().map_or_else(
            || "any certificate in the files".to_owned(),
            |certificate| format!("the certificate in {certificate}"),
        );
        let other = match (matches, own_key) {
            (Some(place), _) => format!("; it belongs to {place}"),
            (None, Some(place)) => format!("; that certificate's own key is {place}"),
            (None, None) => String::new(),
        };
        format!("this {this} does not belong to {with}{other}")
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        Some(match self {
            Self {
                what: Some(what), ..
            } if what == SPARE => Remedy::words(
                "do not give this key, or add the certificate that it belongs to: every other certificate has its key",
            ),
            Self {
                own_key: Some(place),
                own_key_in,
                what: None,
                ..
            } => {
                let words = format!("give {place}, the certificate's own key");
                match own_key_in {
                    Some(file) => Remedy::words(words).then_instead(file, source),
                    None => Remedy::words(words),
                }
            }
            Self {
                matches: Some(other),
                matches_in,
                certificate,
                ..
            } => {
                let words = format!(
                    "use it with {other}, or find the key that this certificate was requested with"
                );
                match (matches_in, certificate) {
                    (Some(file), Some(certificate)) if file != certificate => {
                        Remedy::words(words).then_instead(file, certificate)
                    }
                    _ => Remedy::words(words),
                }
            }
            Self {
                own_key: Some(place),
                ..
            } => Remedy::words(format!("give {place} instead")),
            Self { certificate, .. } => {
                let certificate = certificate.as_deref().unwrap_or(source);
                Remedy::words("find the key that the certificate was requested with")
                    .run(format!(
                        "certcheck match {} {}/*",
                        quote(certificate),
                        quote(folder(source))
                    ))
                    .needing(Need::Choice)
            }
        })
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Apache 2.4.71 AH02565, Python ssl KEY_VALUES_MISMATCH"]
    }
}

/// The directory that a file is in.
fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or(
        ".",
        |(folder, _)| if folder.is_empty() { "/" } else { folder },
    )
}
