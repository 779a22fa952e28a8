//! `key.passphrase-blocks-saml`: a key with a passphrase cannot also serve SAML.

use super::{new_key, plain};
use crate::finding::{Remedy, Subject, beside, quote};
use crate::rule::{Rule, rule};

rule! {
    PassphraseBlocksSaml = KeyPassphraseBlocksSaml Error
    "a key with a passphrase cannot also serve SAML"
    page "passphrase_blocks_saml.txt"
    {
        /// Whether the passphrase is empty.
        empty: bool,
    }
}

impl Rule for PassphraseBlocksSaml {
    fn message(&self) -> String {
        if self.empty {
            return "Tableau Server cannot use this key for SAML: it is encrypted with an empty passphrase".into();
        }
        "Tableau Server cannot use this key for SAML: a passphrase protects it".into()
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        if self.empty {
            let (old, new) = (&subject.source, beside(&subject.source, "plain", None));
            let command = format!("openssl pkey -in {} -passin pass:", quote(old));
            let remedy = Remedy::words("use the key without encryption");
            return Some(remedy.run(new_key(&command, &new)).then_instead(new, old));
        }
        Some(plain(
            subject,
            "give SAML its own certificate and key, or use a key without a passphrase for both",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["Tableau Server: SAML Requirements (help.tableau.com, saml_requ.htm)"]
    }
}
