//! `chain.revocation-list-ended`: a revocation list is no longer current.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    RevocationListEnded = ChainRevocationListEnded Warning
    "a revocation list is no longer current"
    page "revocation_list_ended.txt"
    {
        /// Who issued the list.
        crl_issuer: String,
        /// The list's number, in hexadecimal digits.
        crl_number: Option<String>,
        /// When the next one was to be issued at the latest.
        next_update: Time,
        /// The moment of judgement.
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
            .map_or_else(String::new, |it| format!(" 0x{it}"));
        format!("list{number} of `{crl_issuer}` ended on {next_update}: it says nothing any more")
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
