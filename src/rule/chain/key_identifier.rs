//! `chain.key-identifier`: the authority key identifier names another issuer.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KeyIdentifier = ChainKeyIdentifier Warning
    "the authority key identifier names another issuer"
    page "key_identifier.txt"
    {
        /// The certificate's subject.
        subject: String,
        /// The subject of the certificate that issued it.
        issuer: String,
        /// Which part differs: `key identifier`, `serial number` or `issuer`.
        field: String,
        /// What the certificate says about its issuer.
        wanted: String,
        /// What the issuer's certificate has.
        present: String,
    }
}

impl Rule for KeyIdentifier {
    fn message(&self) -> String {
        let Self {
            subject,
            issuer,
            field,
            wanted,
            present,
        } = self;
        format!(
            "`{subject}` names an issuer with the {field} {wanted}; its issuer `{issuer}` has {present}: OpenSSL and GnuTLS may not accept it as the issuer"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { field, wanted, .. } = self;
        Some(Remedy::words(format!(
            "use the issuer's certificate that has the {field} {wanted}, if there is one (a CA that renewed its certificate has two); otherwise have this certificate reissued"
        )))
    }
}
