//! `certificate.file-mode`: the service cannot read a certificate file.

use crate::finding::{Need, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    FileMode = CertificateFileMode Error
    "the service cannot read a certificate file"
    page "file_mode.txt"
    {
        /// The permission bits, four octal digits.
        mode: String,
        /// The directory above the file whose bits these are, if they are not the file's.
        directory: Option<String>,
        /// Its owner's user ID.
        owner: u64,
        /// Its group ID.
        group: u64,
        /// The service's user ID.
        service: u64,
        /// The command that gives the service access, without the path.
        change: String,
    }
}

impl Rule for FileMode {
    fn message(&self) -> String {
        match self {
            Self {
                mode,
                directory: Some(directory),
                service,
                ..
            } => {
                format!(
                    "the directory {directory} has mode {mode}: the service (user {service}) cannot reach the file through it"
                )
            }
            Self {
                mode,
                owner,
                group,
                service,
                ..
            } => {
                format!(
                    "the file has owner {owner}, group {group} and mode {mode}: the service (user {service}) cannot read it"
                )
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let place = self.directory.as_ref().unwrap_or(&subject.source);
        Some(
            Remedy::words("let the service's user read it")
                .run(format!("{} {}", self.change, quote(place)))
                .needing(Need::Privilege),
        )
    }

    fn references(&self) -> Vec<&'static str> {
        vec!["POSIX.1-2017 section 4.5", "acl(5)"]
    }
}
