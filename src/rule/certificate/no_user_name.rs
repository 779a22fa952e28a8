//! `certificate.no-user-name`: a user's certificate does not name the user where the server
//! looks for it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoUserName = CertificateNoUserName Error
    "a user's certificate does not name the user where the server looks"
    page "no_user_name.txt"
    {
        /// `upn`, `ldap` or `cn`.
        mapping: String,
        /// What the certificate lacks.
        place: String,
    }
}

impl Rule for NoUserName {
    fn message(&self) -> String {
        let Self { mapping, place } = self;
        format!(
            "the server reads the user's name as {mapping}, and the certificate has no {}",
            place.strip_prefix("a ").unwrap_or(place)
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        let Self { place, .. } = self;
        Some(Remedy::words(format!(
            "have it issued with {place}, or use `--user-name-mapping` to choose a name that it has"
        )))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: Mapping a Client Certificate to a User During Mutual Authentication (not run)",
        ]
    }
}
