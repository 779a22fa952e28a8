//! `renewal.purpose-lost`: the new certificate lost a purpose or key usage.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    PurposeLost = RenewalPurposeLost Warning
    "the new certificate lost a purpose or key usage"
    page "purpose_lost.txt"
    {
        /// Purposes (extendedKeyUsage) and usages (keyUsage) that only the old certificate has.
        lost: Vec<String>,
    }
}

impl Rule for PurposeLost {
    fn message(&self) -> String {
        let Self { lost } = self;
        format!(
            "the new certificate may no longer be used for {}",
            lost.join(", ")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "if the server uses the certificate for that (clientAuth: to log in elsewhere), get a separate certificate for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 sections 4.2.1.3 and 4.2.1.12"]
    }
}
