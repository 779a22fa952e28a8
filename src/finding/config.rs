//! Findings about settings and options.

use super::table::facts;
use super::{Remedy, Subject};

facts! {
    /// What is wrong with a command's options or a server's settings.
    ConfigFact {
        MissingOption = "config.missing-option" Error "an option that the command demands is missing" {
            /// The command.
            command: String,
            /// The option.
            option: String,
        }
        UnknownOption = "config.unknown-option" Error "the command does not know an option" {
            /// The command.
            command: String,
            /// The option.
            option: String,
            /// The option that was probably meant.
            suggestion: Option<String>,
        }
        RepeatedOption = "config.repeated-option" Warning "an option is given more than once" {
            /// The command.
            command: String,
            /// The option.
            option: String,
        }
        KmsArn = "config.kms-arn" Error "this is no ARN of a key in the AWS Key Management Service" {
            /// What was given.
            arn: String,
            /// What is wrong with it.
            reason: String,
        }
        KmsRegion = "config.kms-region" Error "this is no AWS region, or not the key's" {
            /// What was given.
            region: String,
            /// What is wrong with it.
            reason: String,
        }
        TsmUrl = "config.tsm-url" Error "this is no address of Tableau Services Manager" {
            /// What was given, without credentials.
            url: String,
            /// What is wrong with it.
            reason: String,
        }
        Port = "config.port" Error "this is no port" {
            /// The option or setting.
            option: String,
            /// What was given.
            value: String,
            /// What is wrong with it.
            reason: String,
        }
    }
}

impl ConfigFact {
    pub(super) fn message(&self) -> String {
        match self {
            Self::MissingOption { command, option } => format!("`{command}` demands `{option}`"),
            Self::UnknownOption {
                command, option, ..
            } if option.starts_with('-') => format!("`{command}` has no option `{option}`"),
            Self::UnknownOption {
                command, option, ..
            } => format!("`{command}` has no place for `{option}`"),
            Self::RepeatedOption { command, option } => {
                format!(
                    "`{option}` is given to `{command}` more than once; the last one was judged"
                )
            }
            Self::KmsArn { arn, reason } => {
                format!("`{arn}` is not the ARN of a key in AWS KMS: {reason}")
            }
            Self::KmsRegion { region, reason } => {
                format!("`{region}` is not the AWS region of the key: {reason}")
            }
            Self::TsmUrl { url, reason } => {
                format!("`{url}` is not an address of Tableau Services Manager: {reason}")
            }
            Self::Port {
                option,
                value,
                reason,
            } => format!("`{option}` cannot be `{value}`: {reason}"),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
        match self {
            Self::MissingOption { option, .. } => Some(Remedy::words(format!("add `{option}`"))),
            Self::UnknownOption {
                suggestion: Some(option),
                ..
            } => Some(Remedy::words(format!("did you mean `{option}`?"))),
            Self::UnknownOption { .. } => None,
            Self::RepeatedOption { option, .. } => Some(Remedy::words(format!(
                "give `{option}` once: which one tsm would take is not documented"
            ))),
            Self::KmsArn { .. } => Some(
                Remedy::words("copy the ARN from the key's general configuration in AWS KMS")
                    .run("aws kms describe-key --key-id KEY --query KeyMetadata.Arn --output text"),
            ),
            Self::KmsRegion { .. } => Some(Remedy::words(
                "give the code of the region that stands in the key's ARN, such as us-west-2",
            )),
            Self::TsmUrl { .. } => Some(Remedy::words(
                "write it https://NAME:8850 with the server's own name; without one, tsm takes the local server",
            )),
            Self::Port { .. } => Some(Remedy::words("give the port that the service listens on")),
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::KmsArn { .. } | Self::KmsRegion { .. } => vec![
                "Tableau Server: tsm security kms set-mode aws",
                "AWS General Reference: Amazon Resource Names",
            ],
            Self::TsmUrl { .. } => vec!["Tableau Server: tsm global options"],
            Self::Port { .. } => vec!["RFC 6335 section 6"],
            _ => vec!["Tableau Server: tsm security"],
        }
    }
}
