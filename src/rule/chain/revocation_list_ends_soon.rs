//! `chain.revocation-list-ends-soon`: a revocation list is soon no longer current.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RevocationListEndsSoon = ChainRevocationListEndsSoon Warning
    "a revocation list is soon no longer current"
    page "revocation_list_ends_soon.txt"
    {
        /// Who issued the list.
        crl_issuer: String,
        /// The list's number, in hexadecimal digits.
        crl_number: Option<String>,
        /// When the next one is to be issued at the latest.
        next_update: Time,
        /// The moment of judgement.
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
            .map_or_else(String::new, |it| format!(" 0x{it}"));
        format!(
            "list{number} of `{crl_issuer}` ends on {next_update}, in {days} day{}",
            if *days == 1 { "" } else { "s" }
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "fetch the issuer's current list, from where the certificates' cRLDistributionPoints say",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 5.1.2.5"]
    }
}
