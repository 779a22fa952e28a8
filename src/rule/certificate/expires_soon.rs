//! `certificate.expires-soon`: the certificate expires soon.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    ExpiresSoon = CertificateExpiresSoon Warning
    "the certificate expires soon"
    page "expires_soon.txt"
    {
        /// The last moment of its validity.
        not_after: Time,
        /// The time for which validity is judged.
        at: Time,
        /// Whole days left.
        days: u64,
    }
}

impl Rule for ExpiresSoon {
    fn message(&self) -> String {
        let Self {
            not_after, days, ..
        } = self;
        format!(
            "the certificate expires on {not_after}, in {}",
            counted(*days, "day")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("renew it now"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 5280 section 4.1.2.5",
            "measured: httpd 2.4.71, nginx 1.22.1 and HAProxy 2.6.12 start with it, without a message",
        ]
    }
}
