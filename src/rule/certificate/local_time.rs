//! `certificate.local-time`: an older TabPy compares the certificate's dates with local time.

use crate::Time;
use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    LocalTime = CertificateLocalTime Notice
    "an older TabPy compares the certificate's dates with local time"
    page "local_time.txt"
    {
        /// The certificate's first moment.
        not_before: Time,
        /// The moment from which it is valid in every local time.
        everywhere: Time,
    }
}

impl Rule for LocalTime {
    fn message(&self) -> String {
        let Self {
            not_before,
            everywhere,
        } = self;
        format!(
            "the certificate is valid from {not_before}, but TabPy before 2.10 compares that with local \
             time: west of Greenwich, TabPy starts some hours later, and from {everywhere} on it starts in every time zone"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "update TabPy to 2.10 or later, run it with TZ=UTC, or wait until then",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "source: TabPy 1.0.0, 2.5.0 and 2.9.0 app/util.py `datetime.now()`; 2.10.0, 2.13.0 and 2.16.0 `datetime.utcnow()`",
            "github.com/tableau/TabPy issue 605",
        ]
    }
}
