//! `certificate.unknown-critical-extension`: a critical extension is unknown to verifiers.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownCriticalExtension = CertificateUnknownCriticalExtension Error
    "a critical extension is unknown to verifiers"
    page "unknown_critical_extension.txt"
    {
        /// The extension's object identifier.
        oid: String,
    }
}

impl Rule for UnknownCriticalExtension {
    fn message(&self) -> String {
        let Self { oid } = self;
        format!(
            "the extension {oid} is critical, so verifiers that do not know it must refuse the certificate"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("have it reissued without that extension"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2"]
    }
}
