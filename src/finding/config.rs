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
        Port = "config.port" Error "the server does not listen on the port that is written" {
            /// The setting.
            setting: String,
            /// What is written.
            value: String,
            /// The port that it listens on instead, where that is known.
            listens_on: Option<u64>,
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
    pub(super) fn message(&self) -> String {
        match self {
            Self::MissingOption { command, option } => format!("`{command}` demands `{option}`"),
            Self::UnknownOption {
                command, option, ..
            } => format!("`{command}` has no option `{option}`"),
            Self::TabpyPlainHttp { reason, port } => {
                format!("TabPy will serve plain HTTP on port {port}, not HTTPS: {reason}")
            }
            Self::TabpyPasswordsOverHttp { password_file } => format!(
                "the passwords of the users in `{password_file}` cross the network in clear: TabPy serves plain HTTP"
            ),
            Self::Port {
                setting,
                value,
                listens_on: Some(port),
            } => format!("`{setting}` says {value}, and the server listens on port {port}"),
            Self::Port { setting, value, .. } => {
                format!("`{setting}`: `{value}` is no port to listen on")
            }
            Self::Refused {
                setting,
                message,
                noticed,
            } if setting.is_empty() => format!("refused {noticed}: {message}"),
            Self::Refused {
                setting,
                message,
                noticed,
            } => format!("`{setting}` is refused {noticed}: {message}"),
            Self::IgnoredValue {
                setting,
                value,
                reason,
            } => match (setting.is_empty(), value.is_empty()) {
                (true, _) => format!("`{value}`: {reason}"),
                (false, true) => format!("`{setting}`: {reason}"),
                (false, false) => format!("`{setting}` is `{value}`: {reason}"),
            },
            Self::UnknownSetting { setting, .. } => {
                format!("the server has no setting `{setting}` and says nothing about it")
            }
            Self::Overridden {
                setting,
                by_line: Some(line),
                ..
            } => format!("line {line} sets `{setting}` again, and this line is without effect"),
            Self::Overridden { setting, .. } => {
                format!("a later line sets `{setting}` again, and this line is without effect")
            }
            Self::TlsOff { setting, reason } => {
                format!("TLS is not switched on (`{setting}`): {reason}")
            }
            Self::KeyBeforeCertificate {
                key_setting,
                certificate_setting,
            } => format!(
                "`{key_setting}` stands before `{certificate_setting}`: were the key of another certificate, nothing would say so until handshakes fail"
            ),
            Self::IncludeNotRead { directive, path } => {
                format!("`{directive} {path}` was not read: what it says is not in this report")
            }
            Self::ConditionAssumed { condition, assumed } => format!(
                "whether `{condition}` holds is not known here; it was taken for {}",
                if *assumed { "true" } else { "false" }
            ),
            Self::PathFromVariable { setting, path } => format!(
                "`{setting} {path}` has a variable in it: the file is looked for in each handshake, and no configuration test checks it"
            ),
            Self::ClientAuthWithoutCa {
                setting,
                ca_setting,
            } => format!(
                "`{setting}` demands a client's certificate, and without `{ca_setting}` none can be valid"
            ),
            Self::PasswordEntry { problem, message } => {
                format!("TabPy does not start: {problem} (`{message}`)")
            }
            Self::PasswordUnusable { user, reason } => {
                format!("`{user}` can never log in: {reason}")
            }
            Self::PasswordFileMode { mode } => {
                format!("the file of passwords has mode {mode}: others on this machine may read its hashes")
            }
            Self::WrongPassword { user, known: true } => {
                format!("the password given is not that of `{user}`")
            }
            Self::WrongPassword { user, .. } => format!("the file has no user `{user}`"),
        }
    }

    pub(super) fn remedy(&self, _subject: &Subject) -> Option<Remedy> {
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
            Self::Port { .. } => Some(Remedy::words("write a number from 1 to 65535")),
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
            Self::PasswordUnusable { .. } => Some(Remedy {
                text: "let TabPy's own program write the entry".to_owned(),
                commands: vec!["tabpy-user add -u NAME -f FILE".to_owned()],
            }),
            Self::PasswordFileMode { .. } => Some(Remedy::words(
                "let only the user that runs TabPy read it (mode 0600)",
            )),
            Self::ConditionAssumed { .. }
            | Self::IgnoredValue { .. }
            | Self::Overridden { .. }
            | Self::PathFromVariable { .. }
            | Self::Refused { .. }
            | Self::UnknownSetting { .. }
            | Self::WrongPassword { .. } => None,
            Self::UnknownOption { .. } => None,
        }
    }

    pub(super) fn references(&self) -> Vec<&'static str> {
        match self {
            Self::MissingOption { .. } | Self::UnknownOption { .. } => {
                vec!["Tableau Server: tsm security"]
            }
            Self::TabpyPlainHttp { .. }
            | Self::TabpyPasswordsOverHttp { .. }
            | Self::PasswordEntry { .. }
            | Self::PasswordUnusable { .. }
            | Self::WrongPassword { .. } => vec!["measured: TabPy 2.16.0, Python 3.11"],
            Self::KeyBeforeCertificate { .. } => vec!["measured: Rserve 1.8-11"],
            _ => vec![
                "measured: httpd 2.4.71, nginx 1.22.1, HAProxy 2.6.12, PostgreSQL 15.18, Rserve 1.8-11, TabPy 2.16.0",
            ],
        }
    }
}
