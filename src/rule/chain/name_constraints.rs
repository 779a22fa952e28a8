//! `chain.name-constraints`: a CA may not issue certificates for a name.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    NameConstraints = ChainNameConstraints Error
    "a CA may not issue certificates for a name"
    page "name_constraints.txt"
    {
        /// The CA's subject.
        ca: String,
        /// The name that it may not issue for.
        name: String,
        /// The constraint that the name breaks.
        constraint: String,
    }
}

impl Rule for NameConstraints {
    fn message(&self) -> String {
        let Self {
            ca,
            name,
            constraint,
        } = self;
        format!("`{ca}` may not issue for `{name}`: {constraint}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "have the certificate issued by a CA that is allowed to issue it",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["RFC 5280 section 4.2.1.10"]
    }
}
