//! `certificate.malformed-extension`: an extension of the certificate cannot be read.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    MalformedExtension = CertificateMalformedExtension Error
    "an extension of the certificate cannot be read"
    page "malformed_extension.txt"
    {
        /// The extension's object identifier.
        oid: String,
        /// What is wrong with it.
        reason: String,
    }
}

impl Rule for MalformedExtension {
    fn message(&self) -> String {
        let Self { oid, reason } = self;
        format!("the extension {oid} cannot be read: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("have it reissued without that extension"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2"]
    }
}
