//! `config.kms-region`: the text is not an AWS region, or not the key's region.

use crate::finding::{Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KmsRegion = ConfigKmsRegion Error
    "the text is not an AWS region, or not the key's region"
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
            "give the region code in the key's ARN, such as us-west-2",
        ))
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: tsm security kms set-mode aws",
            "AWS General Reference: Amazon Resource Names",
        ]
    }
}
