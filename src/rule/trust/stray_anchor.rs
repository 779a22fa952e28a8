//! `trust.stray-anchor`: a file in OpenSSL's directory is an anchor for programs that read every file there, but not for OpenSSL.

use crate::finding::{Fingerprint, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    StrayAnchor = TrustStrayAnchor Warning
    "a file in OpenSSL's directory is an anchor for programs that read every file there, but not for OpenSSL"
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
            "no hash link points to the file and no bundle contains it: OpenSSL does not trust `{subject}`, but rustls-native-certs and Go read every file in the directory"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "move it to another directory, unless you want it to be trusted (Debian's ssl-cert puts its snakeoil certificate here)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: rustls-native-certs 0.8.5 loads 151 anchors where OpenSSL finds 150"]
    }
}
