//! `config.key-before-certificate`: the order of two settings prevents the server from noticing a wrong key.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KeyBeforeCertificate = ConfigKeyBeforeCertificate Notice
    "the order of two settings prevents the server from noticing a wrong key"
    page "key_before_certificate.txt"
    {
        /// The setting of the key, which comes first.
        key_setting: String,
        /// The setting of the certificate.
        certificate_setting: String,
    }
}

impl Rule for KeyBeforeCertificate {
    fn message(&self) -> String {
        let Self {
            key_setting,
            certificate_setting,
        } = self;
        format!(
            "`{key_setting}` precedes `{certificate_setting}`: if the key does not belong to the certificate, the server reports nothing until handshakes fail"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self {
            key_setting,
            certificate_setting,
        } = self;
        Some(Remedy::words(format!(
            "move `{key_setting}` below `{certificate_setting}`: the server then reports a key that does not belong to the certificate"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["measured: Rserve 1.8-11"]
    }
}
