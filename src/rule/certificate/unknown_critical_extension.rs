//! `certificate.unknown-critical-extension`: an extension is critical and not known to verifiers.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    UnknownCriticalExtension = CertificateUnknownCriticalExtension Error
    "an extension is critical and not known to verifiers"
    page "unknown_critical_extension.txt"
    {
        /// The extension's object identifier.
        oid: String,
    }
}

impl Rule for UnknownCriticalExtension {
    fn message(&self) -> String {
        let Self { oid } = self;
        format!("the extension {oid} is critical, and verifiers that do not know it must refuse")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("have it issued again without that extension"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2"]
    }
}
