//! What is unsuitable about a key file's owner or mode, and what to do about it.

use super::{OwnerRule, ServiceUser, octal};
use crate::rule::{self, KeyFact};
use crate::source::FileFacts;
use std::fmt;

/// What is unsuitable about a key file's owner or mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessProblem {
    /// The service cannot read it.
    ServiceCannotRead {
        /// The service's user id.
        uid: u32,
    },
    /// PostgreSQL refuses a key that neither the database user nor root owns.
    RefusedOwner {
        /// The owner.
        uid: u32,
    },
    /// PostgreSQL refuses a key with these bits.
    RefusedMode {
        /// The bits that PostgreSQL does not allow.
        bits: u32,
    },
    /// Every user on the machine can read it.
    EveryoneReads,
    /// Every user on the machine can replace it.
    EveryoneWrites,
    /// A group can read it, though the service does not need it to.
    GroupReads {
        /// The group id.
        gid: u32,
    },
    /// A group can replace it.
    GroupWrites {
        /// The group id.
        gid: u32,
    },
    /// A user other than the service's own can read it, by its access control list.
    UserReads {
        /// The user id.
        uid: u32,
    },
    /// A user other than the service's own can replace it, by its access control list.
    UserWrites {
        /// The user id.
        uid: u32,
    },
    /// A user who is neither root nor the service's own owns it, and can therefore read and
    /// replace it, whatever the mode.
    ForeignOwner {
        /// The owner.
        uid: u32,
    },
    /// The user of the workers owns it, though root reads it for them.
    WorkerOwns {
        /// The owner.
        uid: u32,
    },
}

impl AccessProblem {
    /// Whether the service then does not start, or starts without TLS.
    pub const fn stops_service(self) -> bool {
        matches!(
            self,
            Self::ServiceCannotRead { .. } | Self::RefusedOwner { .. } | Self::RefusedMode { .. }
        )
    }

    /// The facts of a finding about it, and what owner and mode the file should have;
    /// `listed` says whether it has an access control list.
    pub fn fact(
        self,
        file: FileFacts,
        listed: bool,
        service: Option<&ServiceUser>,
        rule: OwnerRule,
    ) -> KeyFact {
        let by_root = rule == OwnerRule::ReadByRoot;
        let (owner, mode, change) = match self {
            // As it should be: nothing to change.
            Self::ServiceCannotRead { .. } if by_root => (None, file.mode & 0o7777, None),
            _ => {
                let (owner, mode) = wanted(file, service, rule);
                (owner, mode, listed.then(|| self.change(file)).flatten())
            }
        };
        KeyFact::FileMode(rule::key::FileMode {
            mode: octal(file),
            reason: self.to_string(),
            directory: None,
            owner: u64::from(file.uid),
            group: u64::from(file.gid),
            service: service.map(|service| u64::from(service.uid)),
            read_by: rule.read_by(),
            wanted_owner: owner.filter(|_| change.is_none()),
            wanted_mode: format!("{mode:04o}"),
            access_list: change,
        })
    }

    /// The change for `setfacl`. On a file with an access control list, `chmod` would change
    /// only the list's mask.
    fn change(self, file: FileFacts) -> Option<String> {
        Some(match self {
            Self::ServiceCannotRead { uid } if uid != file.uid => format!("-m u:{uid}:r"),
            Self::EveryoneReads | Self::EveryoneWrites => "-m o::---".to_owned(),
            Self::GroupReads { gid } | Self::GroupWrites { gid } if gid == file.gid => {
                "-m g::---".to_owned()
            }
            Self::GroupReads { gid } | Self::GroupWrites { gid } => format!("-x g:{gid}"),
            Self::UserReads { uid } | Self::UserWrites { uid } => format!("-x u:{uid}"),
            _ => return None,
        })
    }
}

/// The facts of a finding about a file that only root can read.
pub fn root_only_fact(file: FileFacts, reason: &str, rule: OwnerRule) -> KeyFact {
    let (owner, mode) = wanted(file, None, rule);
    KeyFact::FileMode(rule::key::FileMode {
        mode: octal(file),
        reason: reason.to_owned(),
        directory: None,
        owner: u64::from(file.uid),
        group: u64::from(file.gid),
        service: None,
        read_by: rule.read_by(),
        wanted_owner: owner,
        wanted_mode: format!("{mode:04o}"),
        access_list: None,
    })
}

/// The owner that the file should have, unless it has that owner already, and its mode: the
/// service's user and 0600; or root, the service's group and 0640, as Debian does it. What root
/// reads, root owns.
fn wanted(
    file: FileFacts,
    service: Option<&ServiceUser>,
    rule: OwnerRule,
) -> (Option<String>, u32) {
    match service {
        Some(_) if rule == OwnerRule::ReadByRoot => {
            ((file.uid != 0).then(|| "root".to_owned()), 0o600)
        }
        Some(service) if service.uid != 0 && file.uid == 0 && service.gids.contains(&file.gid) => {
            (None, 0o640)
        }
        Some(service) => {
            let owner = (service.uid != file.uid).then(|| service.uid.to_string());
            (owner, 0o600)
        }
        // PostgreSQL never runs as root, so it reads root's file only through the group, and
        // the mode does not show whether its user is in that group.
        None if rule == OwnerRule::OwnerOrRoot && file.uid == 0 => {
            (Some("postgres".to_owned()), 0o600)
        }
        None => (None, 0o600),
    }
}

impl fmt::Display for AccessProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceCannotRead { uid } => {
                write!(f, "the service, user {uid}, cannot read it")
            }
            Self::RefusedOwner { uid } => write!(
                f,
                "PostgreSQL refuses it: user {uid} owns it, not the database user or root"
            ),
            Self::RefusedMode { bits } => write!(
                f,
                "PostgreSQL refuses it because of its group or world access (bits {bits:04o})"
            ),
            Self::EveryoneReads => f.write_str("every user of the machine can read it"),
            Self::EveryoneWrites => f.write_str("every user of the machine can replace it"),
            Self::GroupReads { gid } => write!(f, "group {gid} can read it"),
            Self::GroupWrites { gid } => write!(f, "group {gid} can replace it"),
            Self::UserReads { uid } => write!(f, "its access control list lets user {uid} read it"),
            Self::UserWrites { uid } => {
                write!(f, "its access control list lets user {uid} replace it")
            }
            Self::ForeignOwner { uid } => write!(
                f,
                "user {uid}, who is neither root nor the service, owns it and can read and replace it"
            ),
            Self::WorkerOwns { uid } => {
                write!(f, "user {uid}, the workers' user, can read and replace it")
            }
        }
    }
}
