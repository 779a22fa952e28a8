//! `trust.empties-bundle`: with this certificate in its bundle, a client trusts nothing.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    EmptiesBundle = TrustEmptiesBundle Error
    "with this certificate in its bundle, a client trusts nothing"
    page "empties_bundle.txt"
    {
        /// Its subject.
        subject: String,
        /// The client family that then reads no certificate of the bundle.
        client: String,
    }
}

impl Rule for EmptiesBundle {
    fn message(&self) -> String {
        let Self { subject, client } = self;
        format!(
            "{client} cannot read `{subject}`, and then reads no certificate of the same bundle"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have the CA reissue it without the field that cannot be read; until then give the certificate to the one program that needs it (`--platform env`, `java` or `nss`)",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "measured: GnuTLS 3.7.9 `Error setting the x509 trust file`; with update-ca-certificates of Debian 12 it then trusted no root",
        ]
    }
}
