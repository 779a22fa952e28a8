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
        /// The directory above the file that they are of, where it is not the file.
        directory: Option<String>,
        /// The user id of its owner.
        owner: u64,
        /// Its group id.
        group: u64,
        /// The service's user id, where it is known.
        service: Option<u64>,
        /// The user who should own it, by number or name, where that is another.
        wanted_owner: Option<String>,
        /// The permission bits that it should have, four octal digits.
        wanted_mode: String,
        /// What to change in its access control list instead, as `setfacl` takes it.
        access_list: Option<String>,
    }
}

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
        Some(match self {
Self {
                directory: Some(directory),
                service: Some(service),
                ..
            } => {
Remedy::words(
                "let the service's user pass through the directory, and no more; or keep the key in one that it may pass",
            )
            .run(format!("setfacl -m u:{service}:--x {}", quote(directory)))
            .needing(Need::Privilege)
}
Self {
                directory: Some(_), ..
            } => {
Remedy::words(
                "let the service's user pass through the directory, or keep the key in one that it may pass",
            )
}
Self {
                access_list: Some(change),
                ..
            } => {
Remedy::words("change its access control list, so that the service's user alone reads it")
                .run(format!("setfacl {change} {file}"))
                .needing(Need::Privilege)
}
Self {
                wanted_owner,
                wanted_mode,
                ..
            } => {
let words = match wanted_owner.as_deref() {
                    Some("postgres") => {
                        "PostgreSQL wants a key that its own user owns, with mode 0600, or one that root owns and its \
                         group reads (root:postgres, 0640); put the user's name in place of postgres if it runs as another"
                    }
                    Some(_) => "let the service's user own it, and read it alone",
                    None if wanted_mode == "0640" => {
                        "let root own it and the service's group read it, and nobody else"
                    }
                    None => "let its owner alone read it; a service that runs as another user must own it",
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
