//! `chain.revocation-list-ends-soon`: a revocation list expires soon.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    RevocationListEndsSoon = ChainRevocationListEndsSoon Warning
    "a revocation list expires soon"
    page "revocation_list_ends_soon.txt"
    {
        /// Who issued the list.
        crl_issuer: String,
        /// The list's number, in hexadecimal digits.
        crl_number: Option<String>,
        /// The latest time by which the next list is due.
        next_update: Time,
        /// The time for which validity is judged.
        at: Time,
        /// Whole days until then.
        days: u64,
    }
}

impl Rule for RevocationListEndsSoon {
    fn message(&self) -> String {
        let Self {
            crl_issuer,
            crl_number,
            next_update,
            days,
            ..
        } = self;
        let number = crl_number
            .as_ref()
            .map_or_else(String::new, |number| format!(" 0x{number}"));
        format!(
            "the revocation list{number} of `{crl_issuer}` expires on {next_update}, in {}",
            counted(*days, "day")
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
