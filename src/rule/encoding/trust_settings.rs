//! `encoding.trust-settings`: OpenSSL's trust settings follow the certificate.

use super::rewrite;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    TrustSettings = EncodingTrustSettings Notice
    "OpenSSL's trust settings follow the certificate"
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
            "OpenSSL's trust settings follow the certificate ({}); only OpenSSL reads them",
            counted(*bytes, "byte")
        )
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let again = |words: &str| rewrite(subject, words, None);
        Some(again(
            "look at the settings first (`openssl x509 -text` shows them): if they reject a use, stop \
             trusting this certificate. Otherwise write only the certificate",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["openssl-x509(1), -addtrust"]
    }
}
