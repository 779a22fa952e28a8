//! `key.passphrase-blocks-saml`: a key with a passphrase cannot also serve SAML.

use super::plain;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PassphraseBlocksSaml = KeyPassphraseBlocksSaml Error
    "a key with a passphrase cannot also serve SAML"
    page "passphrase_blocks_saml.txt"
    {}
}

impl Rule for PassphraseBlocksSaml {
    fn message(&self) -> String {
        "Tableau Server cannot use this key for SAML: a passphrase protects it".into()
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        Some(plain(
            subject,
            "give SAML its own certificate and key, or use a key without a passphrase for both",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: SAML Requirements (help.tableau.com, saml_requ.htm)"]
    }
}
