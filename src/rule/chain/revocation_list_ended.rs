//! `chain.revocation-list-ended`: a revocation list has expired.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RevocationListEnded = ChainRevocationListEnded Warning
    "a revocation list has expired"
    page "revocation_list_ended.txt"
    {
        /// Who issued the list.
        crl_issuer: String,
        /// The list's number, in hexadecimal digits.
        crl_number: Option<String>,
        /// The latest time by which the next list was due.
        next_update: Time,
        /// The time for which validity is judged.
        at: Time,
    }
}

impl Rule for RevocationListEnded {
    fn message(&self) -> String {
        let Self {
            crl_issuer,
            crl_number,
            next_update,
            ..
        } = self;
        let number = crl_number
            .as_ref()
            .map_or_else(String::new, |number| format!(" 0x{number}"));
        format!(
            "the revocation list{number} of `{crl_issuer}` expired on {next_update}: it no longer counts"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "fetch the issuer's current list from the address in the certificates' cRLDistributionPoints",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 5.1.2.5"]
    }
}
