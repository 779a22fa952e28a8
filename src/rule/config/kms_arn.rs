//! `config.kms-arn`: the text is not the ARN of a key in the AWS Key Management Service.

use crate::finding::{Need, Remedy, Subject};
use crate::rule::{Rule, rule};

rule! {
    KmsArn = ConfigKmsArn Error
    "the text is not the ARN of a key in the AWS Key Management Service"
    page "kms_arn.txt"
    {
        /// What was given.
        arn: String,
        /// What is wrong with it.
        reason: String,
    }
}

impl Rule for KmsArn {
    fn message(&self) -> String {
        let Self { arn, reason } = self;
        format!("`{arn}` is not the ARN of a key in AWS KMS: {reason}")
    }

    fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        Some(
            Remedy::words("copy the ARN from the key's general configuration in AWS KMS")
                .run("aws kms list-keys --query 'Keys[].KeyArn' --output text")
                .needing(Need::Account),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec![
            "Tableau Server: tsm security kms set-mode aws",
            "AWS General Reference: Amazon Resource Names",
        ]
    }
}
