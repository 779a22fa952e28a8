//! `certificate.no-subject-alt-name`: the certificate has no subjectAltName.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NoSubjectAltName = CertificateNoSubjectAltName Error
    "the certificate has no subjectAltName"
    page "no_subject_alt_name.txt"
    {
        /// The subject's commonName, which most clients no longer read.
        common_name: Option<String>,
    }
}

impl Rule for NoSubjectAltName {
    fn message(&self) -> String {
        match self {
            Self {
                common_name: Some(name),
            } => {
                format!(
                    "the certificate has no subjectAltName; current clients ignore its commonName `{name}`"
                )
            }
            Self { common_name: None } => {
                "the certificate has no subjectAltName, so it is not valid for any name".into()
            }
        }
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self {
                common_name: Some(name),
            } => Some(Remedy::words(format!(
                "have it reissued with the server's names in subjectAltName, including `{name}`"
            ))),
            Self { .. } => Some(Remedy::words(
                "have it reissued with the server's names in subjectAltName",
            )),
        }
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "RFC 9525 section 2",
            "measured: Go 1.27, webpki 0.103 and pyca 50 refuse; OpenSSL 3 accepts",
        ]
    }
}
