//! What to do about the facts about settings and options.

use super::ConfigFact;
use crate::finding::{Need, Remedy, Subject, quote};

impl ConfigFact {
    pub(in crate::finding) fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        match self {
            Self::MissingOption { option, .. } => Some(Remedy::words(format!("add `{option}`"))),
            Self::UnknownOption {
                suggestion: Some(option),
                ..
            } => Some(Remedy::words(format!("did you mean `{option}`?"))),
            Self::TabpyPlainHttp { .. } => Some(Remedy::words(
                "in the section [TabPy], spelt so, write TABPY_TRANSFER_PROTOCOL = https, TABPY_CERTIFICATE_FILE and TABPY_KEY_FILE",
            )),
            Self::TabpyPasswordsOverHttp { .. } => Some(Remedy::words(
                "serve HTTPS (TABPY_TRANSFER_PROTOCOL = https) before handing out passwords",
            )),
            Self::UnknownSetting {
                suggestion: Some(setting),
                ..
            } => Some(Remedy::words(format!("did you mean `{setting}`?"))),
            Self::KeyBeforeCertificate {
                key_setting,
                certificate_setting,
            } => Some(Remedy::words(format!(
                "move `{key_setting}` below `{certificate_setting}`: the server then says when they do not belong together"
            ))),
            Self::MissingFile { path, .. } if !path.starts_with('/') => Some(Remedy::words(
                "name a file that is there; relative paths start from the server's working directory: \
                 say which with --config-base DIRECTORY",
            )),
            Self::MissingFile { .. } => Some(Remedy::words("name a file that is there")),
            Self::IncludeNotRead { .. } => Some(Remedy::words("check that file as well")),
            Self::TlsOff { setting, .. } => {
                Some(Remedy::words(format!("switch TLS on with `{setting}`")))
            }
            Self::ClientAuthWithoutCa { ca_setting, .. } => Some(Remedy::words(format!(
                "name the CA that issues the clients' certificates in `{ca_setting}`"
            ))),
            Self::PasswordEntry { .. } => Some(Remedy::words(
                "write one line for each user: the name, exactly one blank, 128 hexadecimal digits",
            )),
            // tabpy/utils/tabpy_user.py: `add` refuses a name that the file has,
            // and without `-p` both make a password and print it.
            Self::PasswordUnusable { user, .. } => Some(
                Remedy::words("let TabPy's own program write a new password for that user").run(
                    format!(
                        "tabpy-user update -u {} -f {}",
                        quote(user),
                        quote(&subject.source)
                    ),
                ),
            ),
            Self::PasswordFileMode { .. } => Some(
                Remedy::words("let the user that runs TabPy alone read it; that user must own it")
                    .run(format!("chmod 0600 {}", quote(&subject.source))),
            ),
            Self::ConditionAssumed { .. }
            | Self::IgnoredValue { .. }
            | Self::Overridden { .. }
            | Self::PathFromVariable { .. }
            | Self::Refused { .. }
            | Self::UnknownOption { .. }
            | Self::UnknownSetting { .. }
            | Self::WrongPassword { .. } => None,
            Self::RepeatedOption { option, .. } => Some(Remedy::words(format!(
                "give `{option}` once: which one tsm would take is not documented"
            ))),
            Self::KmsArn { .. } => Some(
                Remedy::words("copy the ARN from the key's general configuration in AWS KMS")
                    .run("aws kms list-keys --query 'Keys[].KeyArn' --output text")
                    .needing(Need::Account),
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
}
