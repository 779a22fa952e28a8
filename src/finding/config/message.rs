//! What the facts about settings and options say to people.

use super::ConfigFact;

impl ConfigFact {
    pub(in crate::finding) fn message(&self) -> String {
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
            Self::TabpyPlainHttp { reason, port } => {
                format!("TabPy will serve plain HTTP on port {port}, not HTTPS: {reason}")
            }
            Self::TabpyPasswordsOverHttp { password_file } => format!(
                "the passwords of the users in `{password_file}` cross the network in clear: TabPy serves plain HTTP"
            ),
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
            Self::MissingFile {
                setting,
                path,
                problem,
            } => format!("`{setting}` names `{path}`: {problem}"),
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
                format!(
                    "the file of passwords has mode {mode}: others on this machine may read its hashes"
                )
            }
            Self::WrongPassword { user, known: true } => {
                format!("the password given is not that of `{user}`")
            }
            Self::WrongPassword { user, .. } => format!("the file has no user `{user}`"),
        }
    }
}
