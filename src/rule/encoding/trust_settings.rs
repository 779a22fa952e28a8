//! `encoding.trust-settings`: OpenSSL's trust settings stand behind the certificate.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    TrustSettings = EncodingTrustSettings Notice
    "OpenSSL's trust settings stand behind the certificate"
    page "trust_settings.txt"
    {
        /// How many bytes.
        bytes: u64,
    }
}

impl Rule for TrustSettings {
    fn message(&self) -> String {
        let Self { bytes } = self;
        format!(
            "{bytes} bytes of OpenSSL's trust settings follow the certificate; only OpenSSL reads them"
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again("write the certificate alone"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 7468"]
    }
}
