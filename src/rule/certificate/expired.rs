//! `certificate.expired`: the end-entity certificate has expired.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};
use crate::shown::counted;

rule! {
    Expired = CertificateExpired Error
    "the end-entity certificate has expired"
    page "expired.txt"
    {
        /// The last moment of its validity.
        not_after: Time,
        /// The time for which validity is judged.
        at: Time,
    }
}

impl Rule for Expired {
    fn message(&self) -> String {
        let Self { not_after, at } = self;
        format!(
            "the certificate expired on {not_after}, {} before {at}",
            counted(not_after.days_until(*at), "day")
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words("renew the certificate before you enable it"))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 5280 section 4.1.2.5",
            "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12 and PostgreSQL 15.18 start with it, without a message",
        ]
    }
}
