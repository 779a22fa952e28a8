//! Who can read a key file: its owner, mode and access control list against the
//! service that needs it.

mod access_problem;

pub use access_problem::{AccessProblem, root_only_fact};

use crate::rule::{self, KeyFact};
use crate::source::{AccessList, FileFacts, Guarded};

/// The account under which a service runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUser {
    /// The user id.
    pub uid: u32,
    /// The primary and all supplementary group ids.
    pub gids: Vec<u32>,
}

/// What a server itself requires of its key file's owner and mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerRule {
    /// That its own user can read the file; nothing else (TabPy, Rserve).
    #[default]
    Readable,
    /// That root can read it: a server that root starts reads the file before it switches to the
    /// user of its workers, who need no access (Apache, nginx, HAProxy).
    ReadByRoot,
    /// It is not known who reads the file.
    Unknown,
    /// PostgreSQL (`check_ssl_key_file_permissions`; measured on 15.18): owned by
    /// the database user with no bit for group or others, or by root with at
    /// most 0640.
    OwnerOrRoot,
}

impl OwnerRule {
    /// Who reads the file when the server starts, as the finding names it.
    pub(crate) fn read_by(self) -> Option<String> {
        match self {
            Self::Readable | Self::OwnerOrRoot => Some("service".to_owned()),
            Self::ReadByRoot => Some("root".to_owned()),
            Self::Unknown => None,
        }
    }
}

const READ: u32 = 0o4;
const WRITE: u32 = 0o2;
const SEARCH: u32 = 0o1;

/// What is unsuitable about the owner and mode of a key file, the worst first.
///
/// Without a service it is assumed that the file's owner runs it, unless that
/// is root: then the group may be the service's.
///
/// ```
/// use certcheck::FileFacts;
/// use certcheck::key_file::{AccessProblem, OwnerRule, ServiceUser, judge};
/// let tabpy = ServiceUser { uid: 997, gids: vec![997] };
/// let key = FileFacts { mode: 0o600, uid: 0, gid: 0 };
/// let problems = judge(key, Some(&tabpy), OwnerRule::Readable);
/// assert_eq!(problems, [AccessProblem::ServiceCannotRead { uid: 997 }]);
/// ```
pub fn judge(
    file: FileFacts,
    service: Option<&ServiceUser>,
    rule: OwnerRule,
) -> Vec<AccessProblem> {
    judge_listed(file, None, service, rule)
}

/// The same for a file that may have an access control list.
pub fn judge_listed(
    file: FileFacts,
    list: Option<&AccessList>,
    service: Option<&ServiceUser>,
    rule: OwnerRule,
) -> Vec<AccessProblem> {
    let mut problems = Vec::new();
    if let Some(service) = service.filter(|service| !may_read(service, file, list)) {
        problems.push(AccessProblem::ServiceCannotRead { uid: service.uid });
    }
    if rule == OwnerRule::OwnerOrRoot {
        problems.extend(refused_by_postgresql(file, service));
    }
    if file.mode & WRITE != 0 {
        // Worse than reading: with a different key, a local user can replace the server, or prevent
        // its start.
        problems.push(AccessProblem::EveryoneWrites);
    }
    if file.mode & READ != 0 {
        problems.push(AccessProblem::EveryoneReads);
    }
    // root can read every file, so it may also own this one.
    if let Some(service) = service.filter(|_| file.uid != 0) {
        if file.uid != service.uid {
            problems.push(AccessProblem::ForeignOwner { uid: file.uid });
        } else if rule == OwnerRule::ReadByRoot {
            problems.push(AccessProblem::WorkerOwns { uid: file.uid });
        }
    }
    let group_may = |bit: u32| match list {
        Some(list) => list.owning_group_allows(bit),
        None => file.mode & (bit << 3) != 0,
    };
    if group_may(WRITE) {
        problems.push(AccessProblem::GroupWrites { gid: file.gid });
    }
    // Workers need no access to what root reads for them.
    let reader = service.filter(|service| rule != OwnerRule::ReadByRoot || service.uid == 0);
    let needed = match (service, reader) {
        (Some(_), None) => false,
        _ => group_is_the_service(file, reader),
    };
    if group_may(READ) && !needed {
        problems.push(AccessProblem::GroupReads { gid: file.gid });
    }
    let named = list
        .into_iter()
        .flat_map(|list| named(file, list, service, reader));
    problems.extend(named);
    if rule == OwnerRule::ReadByRoot && problems.len() > 1 {
        // Beside a real fault, it does not matter that the workers cannot read it.
        problems.retain(|problem| !matches!(problem, AccessProblem::ServiceCannotRead { .. }));
    }
    problems
}

/// Who else the access control list names.
fn named(
    file: FileFacts,
    list: &AccessList,
    service: Option<&ServiceUser>,
    reader: Option<&ServiceUser>,
) -> impl Iterator<Item = AccessProblem> {
    let other_user = move |uid: &u32| match (service, reader) {
        (_, Some(reader)) => *uid != reader.uid && *uid != 0,
        (Some(_), None) => *uid != 0,
        // It may be the service's, just as the group may.
        (None, None) => file.uid != 0,
    };
    let other_group = move |gid: &u32| match (service, reader) {
        (_, Some(reader)) => reader.uid == file.uid || !reader.gids.contains(gid),
        (Some(_), None) => true,
        (None, None) => file.uid != 0,
    };
    let writes = list.users(WRITE).filter(|uid| *uid != 0);
    let writes = writes.map(|uid| AccessProblem::UserWrites { uid });
    let group_writes = list
        .groups(WRITE)
        .map(|gid| AccessProblem::GroupWrites { gid });
    let reads = list.users(READ).filter(other_user);
    let reads = reads.map(|uid| AccessProblem::UserReads { uid });
    let group_reads = list.groups(READ).filter(other_group);
    let group_reads = group_reads.map(|gid| AccessProblem::GroupReads { gid });
    writes.chain(group_writes).chain(reads).chain(group_reads)
}

/// The first of the directories above a file that keeps the service from it: a
/// path leads through directories that may be searched (POSIX.1-2017 section 4.5).
pub fn closed_directory<'d>(
    directories: &'d [Guarded],
    service: &ServiceUser,
) -> Option<&'d Guarded> {
    directories.iter().find(|directory| {
        !can(
            service,
            directory.facts,
            directory.access_list.as_ref(),
            SEARCH,
        )
    })
}

/// Whether only root may search a directory: root owns it, others may not, and neither may a named
/// group or user.
pub(crate) fn is_for_root_alone(directory: &Guarded) -> bool {
    let facts = directory.facts;
    let group = facts.mode & (SEARCH << 3) != 0 && facts.gid != 0;
    let by_list = directory.access_list.is_some() && facts.mode & 0o070 != 0;
    facts.uid == 0 && facts.mode & SEARCH == 0 && !group && !by_list
}

/// Whether the service may read a file that it can reach.
pub fn may_read(service: &ServiceUser, file: FileFacts, list: Option<&AccessList>) -> bool {
    can(service, file, list, READ)
}

/// A directory that keeps the service from its key, as the facts of a finding.
pub fn directory_fact(directory: &Guarded, service: &ServiceUser, rule: OwnerRule) -> KeyFact {
    let facts = directory.facts;
    KeyFact::FileMode(rule::key::FileMode {
        mode: octal(facts),
        reason: format!(
            "the service, user {}, cannot reach the key file through it",
            service.uid
        ),
        directory: Some(directory.path.clone()),
        owner: u64::from(facts.uid),
        group: u64::from(facts.gid),
        service: Some(u64::from(service.uid)),
        read_by: rule.read_by(),
        wanted_owner: None,
        wanted_mode: octal(FileFacts {
            mode: facts.mode | SEARCH,
            ..facts
        }),
        access_list: None,
    })
}

/// The permission bits as `chmod` takes them.
pub(crate) fn octal(file: FileFacts) -> String {
    format!("{:04o}", file.mode & 0o7777)
}

/// Whether the access control list, or else the one class of permission bits that
/// applies, allows it (POSIX.1-2017 section 4.5, File Access Permissions); root may do anything.
fn can(service: &ServiceUser, file: FileFacts, list: Option<&AccessList>, bit: u32) -> bool {
    // CAP_DAC_OVERRIDE. A container without it cannot be seen from here.
    if service.uid == 0 {
        return true;
    }
    // Linux looks at a list only where the group's bits, which are its mask, are not
    // all clear (`acl_permission_check`, fs/namei.c; measured with PostgreSQL 15.18).
    if let Some(list) = list.filter(|_| file.mode & 0o070 != 0) {
        return list.allows(service.uid, &service.gids, file, bit);
    }
    let shift = if service.uid == file.uid {
        6
    } else if service.gids.contains(&file.gid) {
        3
    } else {
        0
    };
    file.mode & (bit << shift) != 0
}

/// Whether the group's bits are those by which the service reads: another user owns the file, as
/// with Debian's `root:ssl-cert` 0640.
fn group_is_the_service(file: FileFacts, service: Option<&ServiceUser>) -> bool {
    match service {
        Some(service) => service.uid != file.uid && service.gids.contains(&file.gid),
        None => file.uid == 0,
    }
}

fn refused_by_postgresql(file: FileFacts, service: Option<&ServiceUser>) -> Option<AccessProblem> {
    let allowed = match service {
        // `check_ssl_key_file_permissions`: the owner's own bits are free, and for a file that root
        // owns the group may read, which is how Debian hands out
        // snakeoil keys.
        Some(service) if service.uid == file.uid => 0o700,
        _ if file.uid == 0 => 0o740,
        // The database user is its owner; otherwise PostgreSQL refuses it anyway.
        None if file.mode & 0o400 == 0 => {
            return Some(AccessProblem::ServiceCannotRead { uid: file.uid });
        }
        None => 0o700,
        Some(_) => return Some(AccessProblem::RefusedOwner { uid: file.uid }),
    };
    let bits = file.mode & 0o777 & !allowed;
    (bits != 0).then_some(AccessProblem::RefusedMode { bits })
}

#[cfg(test)]
mod tests {
    use super::AccessProblem::{
        EveryoneReads, ForeignOwner, GroupReads, GroupWrites, RefusedMode, RefusedOwner,
        ServiceCannotRead,
    };
    use super::*;

    const OTHER: u32 = 500;

    fn judged(mode: u32, uid: u32, gid: u32, rule: OwnerRule) -> Vec<AccessProblem> {
        let service = ServiceUser {
            uid: 70,
            gids: vec![70, 71],
        };
        judge(FileFacts { mode, uid, gid }, Some(&service), rule)
    }

    #[test]
    fn the_general_rule() {
        let rule = OwnerRule::Readable;
        for (mode, uid, gid, problems) in [
            (0o600, 70, 70, vec![]),
            (0o400, 70, 70, vec![]),
            (0o640, 0, 71, vec![]),
            (0o600, 0, 0, vec![ServiceCannotRead { uid: 70 }]),
            (
                0o040,
                70,
                70,
                vec![ServiceCannotRead { uid: 70 }, GroupReads { gid: 70 }],
            ),
            (
                0o604,
                0,
                71,
                vec![ServiceCannotRead { uid: 70 }, EveryoneReads],
            ),
            (0o644, 0, 0, vec![EveryoneReads, GroupReads { gid: 0 }]),
            (0o640, 70, 70, vec![GroupReads { gid: 70 }]),
            (0o660, 0, 71, vec![GroupWrites { gid: 71 }]),
            (0o640, OTHER, 71, vec![ForeignOwner { uid: OTHER }]),
        ] {
            assert_eq!(
                judged(mode, uid, gid, rule),
                problems,
                "{mode:o} {uid}:{gid}"
            );
        }
    }

    /// facts: 0600, 0400, 0700, 0500 of the database user, and at most 0640 of root.
    #[test]
    fn postgresql_s_rule() {
        let stops = |mode, uid| {
            judged(mode, uid, 71, OwnerRule::OwnerOrRoot)
                .into_iter()
                .filter(|problem| problem.stops_service())
                .collect::<Vec<_>>()
        };
        for mode in [0o600, 0o400, 0o700, 0o500] {
            assert_eq!(stops(mode, 70), []);
        }
        assert_eq!(stops(0o640, 0), []);
        assert_eq!(stops(0o640, 70), [RefusedMode { bits: 0o040 }]);
        assert_eq!(stops(0o644, 0), [RefusedMode { bits: 0o004 }]);
        assert_eq!(stops(0o660, 0), [RefusedMode { bits: 0o020 }]);
        assert_eq!(stops(0o600, 0), [ServiceCannotRead { uid: 70 }]);
        assert_eq!(
            stops(0o600, OTHER),
            [ServiceCannotRead { uid: 70 }, RefusedOwner { uid: OTHER }]
        );
    }

    /// httpd, nginx and HAProxy: root reads the key, and the workers (70) need no access to it.
    #[test]
    fn what_root_reads_is_kept_from_the_workers() {
        let service = ServiceUser {
            uid: 70,
            gids: vec![70, 71],
        };
        let rule = OwnerRule::ReadByRoot;
        let owns = AccessProblem::WorkerOwns { uid: 70 };
        for (mode, uid, gid, problems, owner, wanted) in [
            (
                0o600,
                0,
                0,
                vec![ServiceCannotRead { uid: 70 }],
                None,
                "0600",
            ),
            (
                0o400,
                0,
                0,
                vec![ServiceCannotRead { uid: 70 }],
                None,
                "0400",
            ),
            (
                0o644,
                0,
                0,
                vec![EveryoneReads, GroupReads { gid: 0 }],
                None,
                "0600",
            ),
            (0o640, 0, 71, vec![GroupReads { gid: 71 }], None, "0600"),
            (0o600, 70, 70, vec![owns], Some("root"), "0600"),
            (
                0o600,
                OTHER,
                70,
                vec![ForeignOwner { uid: OTHER }],
                Some("root"),
                "0600",
            ),
        ] {
            let file = FileFacts { mode, uid, gid };
            let judged = judge(file, Some(&service), rule);
            assert_eq!(judged, problems, "{mode:o} {uid}:{gid}");
            for problem in judged {
                let KeyFact::FileMode(fact) = problem.fact(file, false, Some(&service), rule)
                else {
                    panic!("another fact");
                };
                let remedy = crate::rule::Rule::remedy(&fact, &crate::finding::Subject::file("k"));
                let commands = remedy.map(|remedy| remedy.commands).unwrap_or_default();
                assert!(
                    !commands.iter().any(|one| one.contains("70")),
                    "{commands:?}"
                );
                let wants = (fact.wanted_owner.as_deref(), fact.wanted_mode.as_str());
                assert_eq!(wants, (owner, wanted), "{mode:o} {uid}:{gid}");
                let alone = problem.stops_service();
                assert_eq!(commands.is_empty(), alone, "{commands:?}");
            }
        }
        let root = ServiceUser {
            uid: 0,
            gids: vec![0],
        };
        let file = FileFacts {
            mode: 0o600,
            uid: 0,
            gid: 0,
        };
        assert_eq!(judge(file, Some(&root), rule), []);
    }

    #[test]
    fn root_reads_everything() {
        let root = ServiceUser {
            uid: 0,
            gids: vec![0],
        };
        let file = FileFacts {
            mode: 0,
            uid: 0,
            gid: 0,
        };
        assert_eq!(judge(file, Some(&root), OwnerRule::OwnerOrRoot), []);
    }

    #[test]
    fn without_a_service_the_owner_is_taken_for_it() {
        let judged = |mode, uid, rule| judge(FileFacts { mode, uid, gid: 5 }, None, rule);
        assert_eq!(judged(0o640, 0, OwnerRule::OwnerOrRoot), []);
        assert_eq!(
            judged(0o640, OTHER, OwnerRule::OwnerOrRoot),
            [RefusedMode { bits: 0o040 }, GroupReads { gid: 5 }]
        );
        assert_eq!(
            judged(0, OTHER, OwnerRule::OwnerOrRoot),
            [ServiceCannotRead { uid: OTHER }]
        );
    }

    #[test]
    fn a_finding_says_mode_and_reason() {
        let file = FileFacts {
            mode: 0o100_644,
            uid: 0,
            gid: 0,
        };
        let KeyFact::FileMode(rule::key::FileMode { mode, reason, .. }) =
            EveryoneReads.fact(file, false, None, OwnerRule::Readable)
        else {
            panic!("another fact");
        };
        assert_eq!(mode, "0644");
        assert!(reason.contains("every user"));
    }

    #[test]
    fn the_way_to_a_file_leads_through_directories() {
        let directory = |path: &str, mode, uid| Guarded {
            path: path.to_owned(),
            facts: FileFacts { mode, uid, gid: 0 },
            access_list: None,
        };
        let way = [
            directory("/", 0o755, 0),
            directory("/srv", 0o711, 0),
            directory("/srv/tls", 0o700, 0),
            directory("/srv/tls/own", 0o700, 997),
        ];
        let user = |uid| ServiceUser {
            uid,
            gids: vec![uid],
        };
        let closed = |way, uid| {
            let directory = super::closed_directory(way, &user(uid))?;
            match super::directory_fact(directory, &user(uid), OwnerRule::Readable) {
                KeyFact::FileMode(rule::key::FileMode { directory, .. }) => directory,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(closed(&way, 997).as_deref(), Some("/srv/tls"));
        assert_eq!(closed(&way[..2], 997), None);
        assert_eq!(closed(&way[3..], 997), None);
        assert_eq!(closed(&way[3..], 998).as_deref(), Some("/srv/tls/own"));
        assert_eq!(closed(&way, 0), None);
    }
}
