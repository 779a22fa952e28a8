//! `certificate.explicit-parameters`: a certificate's EC key writes its curve out instead of naming it.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ExplicitParameters = CertificateExplicitParameters Error
    "a certificate's EC key writes its curve out instead of naming it"
    page "explicit_parameters.txt"
    {
        /// Its subject.
        subject: String,
    }
}

impl Rule for ExplicitParameters {
    fn message(&self) -> String {
        let Self { subject } = self;
        format!(
            "the EC key of `{subject}` writes the parameters of its curve out instead of naming the curve"
        )
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "make a key on a named curve such as P-256, and have a certificate issued for it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5480 section 2.1.1"]
    }
}
