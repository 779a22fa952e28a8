//! `trust.stray-anchor`: a file in OpenSSL's directory is an anchor for programs that read all of it, and not for OpenSSL.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    StrayAnchor = TrustStrayAnchor Warning
    "a file in OpenSSL's directory is an anchor for programs that read all of it, and not for OpenSSL"
    page "stray_anchor.txt"
    {
        /// SHA-256 of the certificate.
        sha256: Fingerprint,
        /// Its subject.
        subject: String,
    }
}

impl Rule for StrayAnchor {
    fn message(&self) -> String {
        let Self { subject, .. } = self;
        format!(
            "no hash link leads to it and no bundle holds it: OpenSSL does not trust `{subject}`, but rustls-native-certs and Go read every file of the directory"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "move it to another directory, unless it is meant to be trusted (Debian's ssl-cert puts its snakeoil certificate here)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: rustls-native-certs 0.8.5 loads 151 anchors where OpenSSL finds 150"]
    }
}
