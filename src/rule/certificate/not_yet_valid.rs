//! `certificate.not-yet-valid`: the certificate is not valid yet.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    NotYetValid = CertificateNotYetValid Error
    "the certificate is not valid yet"
    page "not_yet_valid.txt"
    {
        /// The first moment of its validity.
        not_before: Time,
        /// The time for which validity is judged.
        at: Time,
    }
}

impl Rule for NotYetValid {
    fn message(&self) -> String {
        let Self { not_before, at } = self;
        format!(
            "the certificate is not valid until {not_before}, {} after {at}",
            counted(at.days_until(*not_before), "day")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "wait until then, check the clock, or have it reissued with an earlier notBefore",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 5280 section 4.1.2.5",
            "measured: httpd 2.4.71, nginx 1.22.1 and HAProxy 2.6.12 start with it, without a message",
        ]
    }
}
