//! Findings about settings and options.

mod message;
mod remedy;

use super::table::facts;

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
        TabpyPlainHttp = "config.tabpy-plain-http" Error "TabPy will serve plain HTTP" {
            /// Which setting makes it so.
            reason: String,
            /// The port that it listens on; 0 for any free one.
            port: u64,
        }
        TabpyPasswordsOverHttp = "config.tabpy-passwords-over-http" Warning
            "TabPy's users send their passwords in clear" {
            /// The file of names and passwords.
            password_file: String,
        }
        Refused = "config.refused" Error "the server refuses its settings and does not start" {
            /// The setting; empty where the whole file is meant.
            setting: String,
            /// The server's own words.
            message: String,
            /// Where that is noticed: by its configuration test, or at start.
            noticed: String,
        }
        IgnoredValue = "config.ignored-value" Warning "the server takes no notice of a setting, or not as it is written" {
            /// The setting.
            setting: String,
            /// What is written.
            value: String,
            /// Why, and what happens instead.
            reason: String,
        }
        UnknownSetting = "config.unknown-setting" Warning "the server ignores a setting that it does not know" {
            /// The setting.
            setting: String,
            /// The setting that was probably meant.
            suggestion: Option<String>,
        }
        Overridden = "config.overridden" Notice "a later line takes the place of this one" {
            /// The setting.
            setting: String,
            /// The value that is lost.
            value: String,
            /// The line that counts, where it is known.
            by_line: Option<u64>,
        }
        TlsOff = "config.tls-off" Error "TLS is configured and not switched on" {
            /// The setting that would switch it on.
            setting: String,
            /// What it says.
            reason: String,
        }
        KeyBeforeCertificate = "config.key-before-certificate" Notice
            "the order of two settings keeps the server from noticing a key that does not fit" {
            /// The setting of the key, which comes first.
            key_setting: String,
            /// The setting of the certificate.
            certificate_setting: String,
        }
        MissingFile = "config.missing-file" Error "the settings name a file that the server cannot open" {
            /// The setting.
            setting: String,
            /// The path that the server opens.
            path: String,
            /// What is in the way.
            problem: String,
        }
        IncludeNotRead = "config.include-not-read" Notice "the settings name a file or directory that was not read" {
            /// The directive.
            directive: String,
            /// What it names.
            path: String,
        }
        ConditionAssumed = "config.condition-assumed" Notice "whether a part of the settings counts is not known here" {
            /// The condition.
            condition: String,
            /// Whether it was taken for true.
            assumed: bool,
        }
        PathFromVariable = "config.path-from-variable" Notice
            "the server finds out which file it needs in each handshake" {
            /// The setting.
            setting: String,
            /// What is written.
            path: String,
        }
        ClientAuthWithoutCa = "config.client-auth-without-ca" Error
            "client certificates are demanded, and there is no CA to check them with" {
            /// The setting that demands them.
            setting: String,
            /// The setting that is missing.
            ca_setting: String,
        }
        PasswordEntry = "config.password-entry" Error "TabPy does not start with its file of passwords" {
            /// What is wrong.
            problem: String,
            /// What TabPy says.
            message: String,
        }
        PasswordUnusable = "config.password-unusable" Error "a user of TabPy can never log in" {
            /// The user's name.
            user: String,
            /// Why.
            reason: String,
        }
        PasswordFileMode = "config.password-file-mode" Warning
            "others may read the hashes of TabPy's passwords" {
            /// The permission bits, in octal.
            mode: String,
        }
        WrongPassword = "config.wrong-password" Error "the password is not the one in TabPy's file" {
            /// The user's name.
            user: String,
            /// Whether the file has that user at all.
            known: bool,
        }
    }
}

impl ConfigFact {
    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::KmsArn { .. } | Self::KmsRegion { .. } => vec![
                "Tableau Server: tsm security kms set-mode aws",
                "AWS General Reference: Amazon Resource Names",
            ],
            Self::TsmUrl { .. } => vec!["Tableau Server: tsm global options"],
            Self::Port { .. } => vec!["RFC 6335 section 6"],
            Self::MissingOption { .. }
            | Self::UnknownOption { .. }
            | Self::RepeatedOption { .. } => {
                vec!["Tableau Server: tsm security"]
            }
            Self::TabpyPlainHttp { .. }
            | Self::TabpyPasswordsOverHttp { .. }
            | Self::PasswordEntry { .. }
            | Self::PasswordUnusable { .. }
            | Self::PasswordFileMode { .. }
            | Self::WrongPassword { .. } => vec!["measured: TabPy 2.16.0, Python 3.11"],
            Self::KeyBeforeCertificate { .. } => vec!["measured: Rserve 1.8-11"],
            Self::PathFromVariable { .. } => vec!["measured: nginx 1.22.1"],
            _ => vec![
                "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
            ],
        }
    }
}
