//! `key.file-mode`: the key file's owner or mode is unsuitable.

use crate::finding::{Need, Remedy, Subject, quote};
use crate::rule::{Rule, rule};

rule! {
    FileMode = KeyFileMode Warning
    "the key file's owner or mode is unsuitable"
    page "file_mode.txt"
    {
        /// The permission bits, four octal digits.
        mode: String,
        /// What is wrong with them.
        reason: String,
        /// The directory above the file whose bits these are, if they are not the file's.
        directory: Option<String>,
        /// Its owner's user ID.
        owner: u64,
        /// Its group ID.
        group: u64,
        /// The service's user ID, if known.
        service: Option<u64>,
        /// Who reads it when the server starts: `root`, or the `service`'s own user; null if that
        /// is not known.
        read_by: Option<String>,
        /// The user who should own it, by number or name, if that is a different user.
        wanted_owner: Option<String>,
        /// The permission bits that it should have, four octal digits.
        wanted_mode: String,
        /// The change to its access control list that is needed instead, as `setfacl` accepts it.
        access_list: Option<String>,
    }
}

/// For httpd, nginx and HAProxy.
const OF_ROOT: &str = "let only root own and read it: root reads it when it starts the server, and \
                       the user of the workers needs no access. If another user starts the server, \
                       make that user the owner instead";

/// For a key that the workers cannot read.
const LEAVE: &str = "leave it so if root starts the server, as is usual; the user of the workers \
                     needs no access. Only a user that itself starts the server has to read it";

/// For a key whose server is not known.
const ONLY_ITS_OWNER: &str = "let only its owner read it: root for Apache, nginx and HAProxy, which \
                              read it before they switch to another user; the service's own user \
                              for PostgreSQL, TabPy and Rserve";

impl Rule for FileMode {
    fn message(&self) -> String {
        match self {
            Self {
                mode,
                reason,
                directory: Some(directory),
                ..
            } => {
                format!("the directory {directory} has mode {mode}: {reason}")
            }
            Self {
                mode,
                reason,
                owner,
                group,
                wanted_owner: Some(_),
                ..
            } => {
                format!("the key file has owner {owner}, group {group} and mode {mode}: {reason}")
            }
            Self { mode, reason, .. } => {
                format!("the key file has mode {mode}: {reason}")
            }
        }
    }

    fn remedy(&self, subject: &Subject) -> Option<Remedy> {
        let source = &subject.source;
        let file = quote(source);
        let by_root = self.read_by.as_deref() == Some("root");
        Some(match self {
            // Root enters and reads everything: the workers are to have no access.
            Self {
                directory: Some(_), ..
            } if by_root => Remedy::words(LEAVE),
            Self {
                mode,
                wanted_mode,
                wanted_owner: None,
                access_list: None,
                ..
            } if by_root && mode == wanted_mode => Remedy::words(LEAVE),
            Self {
                directory: Some(directory),
                service: Some(service),
                ..
            } => Remedy::words(
                "let the service's user enter the directory, without any other access; or move \
                 the key to a directory that it can enter",
            )
            .run(format!("setfacl -m u:{service}:--x {}", quote(directory)))
            .needing(Need::Privilege),
            Self {
                directory: Some(_), ..
            } => Remedy::words(
                "let the service's user enter the directory, or move the key to a directory that it can enter",
            ),
            Self {
                access_list: Some(change),
                ..
            } => Remedy::words(if by_root {
                "change its access control list so that only root can read it"
            } else {
                "change its access control list so that only the service's user can read it"
            })
            .run(format!("setfacl {change} {file}"))
            .needing(Need::Privilege),
            Self {
                wanted_owner,
                wanted_mode,
                ..
            } => {
                let words = match wanted_owner.as_deref() {
                    _ if by_root => OF_ROOT,
                    Some("postgres") => {
                        "make PostgreSQL's own user the owner, with mode 0600; or make root the owner and let PostgreSQL's \
                         group read it (root:postgres, 0640). Replace postgres if PostgreSQL runs as another user"
                    }
                    Some(_) => "make the service's user the owner and the only reader",
                    None if wanted_mode == "0640" => {
                        "make root the owner, and let only root and the service's group read it"
                    }
                    None if self.read_by.is_none() => ONLY_ITS_OWNER,
                    None => {
                        "let only its owner read it; the owner must be the user that runs the service"
                    }
                };
                let mut remedy = Remedy::words(words);
                if let Some(owner) = wanted_owner {
                    remedy = remedy
                        .run(format!("chown {} {file}", quote(owner)))
                        .needing(Need::Privilege);
                }
                remedy.run(format!("chmod {wanted_mode} {file}"))
            }
        })
    }
}
