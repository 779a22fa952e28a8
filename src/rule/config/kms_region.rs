//! `config.kms-region`: this is no AWS region, or not the key's.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KmsRegion = ConfigKmsRegion Error
    "this is no AWS region, or not the key's"
    page "kms_region.txt"
    {
        /// What was given.
        region: String,
        /// What is wrong with it.
        reason: String,
    }
}

impl Rule for KmsRegion {
    fn message(&self) -> String {
        let Self { region, reason } = self;
        format!("`{region}` is not the AWS region of the key: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(Remedy::words(
            "give the code of the region that stands in the key's ARN, such as us-west-2",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: tsm security kms set-mode aws",
            "AWS General Reference: Amazon Resource Names",
        ]
    }
}
