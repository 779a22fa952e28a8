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
        /// The bits that are too many.
        bits: u32,
    },
    /// Every user of the machine can read it.
    EveryoneReads,
    /// Every user of the machine can replace it.
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
    /// A user whom the access control list names can read it, and is not the service's.
    UserReads {
        /// The user id.
        uid: u32,
    },
    /// A user whom the access control list names can replace it, and is not the service's.
    UserWrites {
        /// The user id.
        uid: u32,
    },
    /// A user who is neither root nor the service's owns it, and so can read and
    /// replace it whatever the mode.
    ForeignOwner {
        /// The owner.
        uid: u32,
    },
}

impl AccessProblem {
    /// Whether the service does not come up with it, or not with TLS.
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
        let (owner, mode) = wanted(file, service, rule);
        let change = listed.then(|| self.change(file)).flatten();
        KeyFact::FileMode(rule::key::FileMode {
            mode: octal(file),
            reason: self.to_string(),
            directory: None,
            owner: u64::from(file.uid),
            group: u64::from(file.gid),
            service: service.map(|service| u64::from(service.uid)),
            wanted_owner: owner.filter(|_| change.is_none()),
            wanted_mode: format!("{mode:04o}"),
            access_list: change,
        })
    }

    /// What `setfacl` is to change in a list, where `chmod` would move its mask
    /// alone.
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
        wanted_owner: owner,
        wanted_mode: format!("{mode:04o}"),
        access_list: None,
    })
}

/// The owner that the file should get, where it is another, and its mode: the
/// service's own and 0600, or as Debian has it, root's with the service's group
/// and 0640.
fn wanted(
    file: FileFacts,
    service: Option<&ServiceUser>,
    rule: OwnerRule,
) -> (Option<String>, u32) {
    match service {
        Some(service) if service.uid != 0 && file.uid == 0 && service.gids.contains(&file.gid) => {
            (None, 0o640)
        }
        Some(service) => {
            let owner = (service.uid != file.uid).then(|| service.uid.to_string());
            (owner, 0o600)
        }
        // PostgreSQL does not run as root, so that root's own cannot be read by it
        // but through the group; whose that is cannot be seen.
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
                "user {uid} owns it, who is neither root nor the service, and can read and replace it"
            ),
        }
    }
}
