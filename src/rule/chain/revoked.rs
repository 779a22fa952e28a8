//! `chain.revoked`: a certificate of the chain is revoked.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    Revoked = ChainRevoked Error
    "a certificate of the chain is revoked"
    page "revoked.txt"
    {
        /// Its subject.
        subject: String,
        /// When it was revoked.
        at: Time,
        /// The reason that the list gives.
        reason: String,
        /// Who issued the list.
        crl_issuer: String,
        /// The list's number, in hexadecimal digits.
        crl_number: Option<String>,
        /// The file that contains the list, if it came from a file.
        crl_file: Option<String>,
    }
}

impl Rule for Revoked {
    fn message(&self) -> String {
        let Self {
            subject,
            at,
            reason,
            crl_issuer,
            crl_number,
            crl_file,
        } = self;
        let number = crl_number
            .as_ref()
            .map_or_else(String::new, |number| format!(" 0x{number}"));
        let file = crl_file
            .as_ref()
            .map_or_else(String::new, |file| format!(" in {file}"));
        format!(
            "`{subject}` was revoked on {at} ({reason}), according to the revocation list{number} of `{crl_issuer}`{file}"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have a new certificate issued, for a new key if the old key was stolen",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 6.3"]
    }
}
