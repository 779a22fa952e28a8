//! `certificate.explicit-parameters`: a certificate's EC key spells out its curve parameters instead of naming the curve.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    ExplicitParameters = CertificateExplicitParameters Error
    "a certificate's EC key spells out its curve parameters instead of naming the curve"
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
            "the EC key of `{subject}` spells out the parameters of its curve instead of naming the curve"
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
