//! Who can read a key's file: its owner and mode, its access control list, and the directories
//! above it.

use super::Keys;
use crate::finding::{Severity, Subject};
use crate::key_file::{self, AccessProblem, OwnerRule, ServiceUser};
use crate::objects::Object;
use crate::preflight::access::folded;
use crate::rule::Finding;
use crate::server::startup::KeyFileRule;
use crate::source::{AccessList, FileFacts};

/// What is reported about a key that the service's own user cannot read, if the server reads it
/// before it becomes that user (httpd, nginx, HAProxy).
const READ_AS_ROOT: &str = "a server that root starts reads it before it switches to that user; a server that this user starts cannot read it";

/// What is reported about access that only a server without root's rights would need.
const NEEDS_NONE: &str = "a server that root starts reads it before it switches to that user, whose processes need no access";

impl Keys<'_, '_> {
    /// What is unsuitable about the file of a key; `None` if its owner and mode are unknown.
    pub(super) fn mode(&self, object: &Object<'_>) -> Vec<Finding> {
        let Some(file) = object.document.source().file() else {
            return Vec::new();
        };
        let closed = self.closed_directory(object);
        let list = object.document.source().access_list();
        let mut problems = self.access(file, list);
        let owner_rule = self.server.key_file_rule().reader();
        // A closed directory keeps everyone else out too, so "everyone may read it" would be wrong.
        if closed.is_some() {
            problems.retain(|problem| *problem != AccessProblem::EveryoneReads);
        }
        let problems = problems.into_iter().map(|problem| {
            let rule = self.server.key_file_rule().owner_rule();
            let stops = problem.stops_service() && rule.is_some();
            let subject = Subject::file(object.subject().source);
            let fact = problem.fact(file, list.is_some(), self.service(), owner_rule);
            let finding = Finding::new(fact, subject);
            if stops {
                finding.with_severity(Severity::Error)
            } else if problem.stops_service() {
                finding
                    .with_severity(Severity::Notice)
                    .because(READ_AS_ROOT)
            } else if self.is_of_workers(problem) {
                // A server without root's rights needs it.
                finding.with_severity(Severity::Notice).because(NEEDS_NONE)
            } else {
                finding.with_severity(Severity::Warning)
            }
        });
        closed.into_iter().chain(folded(problems)).collect()
    }

    /// The user that runs the server, unless a tool copies the key for it.
    fn service(&self) -> Option<&ServiceUser> {
        let copied = self.server.key_file_rule() == KeyFileRule::Copied;
        self.run_as.filter(|_| !copied)
    }

    /// Whether it is the access of the workers, to a key that root reads for them.
    fn is_of_workers(&self, problem: AccessProblem) -> bool {
        let worker = self
            .service()
            .filter(|_| self.server.key_file_rule().reader() == OwnerRule::ReadByRoot);
        worker.is_some_and(|worker| match problem {
            AccessProblem::WorkerOwns { .. } => true,
            AccessProblem::GroupReads { gid } => worker.gids.contains(&gid),
            AccessProblem::UserReads { uid } => worker.uid == uid,
            _ => false,
        })
    }

    /// A directory above the file that keeps the service from it.
    fn closed_directory(&self, object: &Object<'_>) -> Option<Finding> {
        let (service, source) = (self.service()?, object.document.source());
        let directory = key_file::closed_directory(source.directories(), service)?;
        let fact =
            key_file::directory_fact(directory, service, self.server.key_file_rule().reader());
        let finding = Finding::new(fact, Subject::file(source.name()));
        Some(match self.server.key_file_rule().owner_rule() {
            Some(_) => finding.with_severity(Severity::Error),
            None => finding
                .with_severity(Severity::Notice)
                .because(READ_AS_ROOT),
        })
    }

    /// What is unsuitable about the file's owner and mode; if the service's user is unknown, only
    /// the worst of it, and not what its group may need.
    fn access(&self, file: FileFacts, list: Option<&AccessList>) -> Vec<AccessProblem> {
        let rule = self.server.key_file_rule().reader();
        let mut problems = key_file::judge_listed(file, list, self.service(), rule);
        if self.service().is_none() {
            problems.retain(|problem| {
                !matches!(
                    problem,
                    AccessProblem::GroupReads { .. } | AccessProblem::UserReads { .. }
                )
            });
            // Without the service's user the others may follow from the first: a group that may
            // read can be the service's own.
            problems.truncate(1);
        }
        problems
    }
}
