//! Can the user that runs the server reach its files and read them?
//!
//! PostgreSQL, Rserve and TabPy open them as that user. httpd, nginx and HAProxy open them as root
//! before they switch to that user, so no permission stops them.

use super::Preflight;
use crate::encoding::Document;
use crate::finding::{Severity, Subject};
use crate::key_file::{self, OwnerRule, ServiceUser, octal};
use crate::rule::{self, CertificateFact, Evidence, Finding, KeyFact};
use crate::server::startup::{Condition, FileState, StartOutcome};
use crate::source::{FileFacts, Guarded, Source};
use std::sync::Arc;

/// A service of which only one thing is known: it does not run as root.
static NOT_ROOT: ServiceUser = ServiceUser {
    uid: 65534,
    gids: Vec::new(),
};

/// What keeps a service from a file.
enum Closed<'s> {
    /// A directory above it.
    Directory(&'s Guarded),
    /// The file itself.
    File(FileFacts),
}

impl Closed<'_> {
    const fn state(&self) -> FileState {
        match self {
            Self::Directory(_) => FileState::OutOfReach,
            Self::File(_) => FileState::Unreadable,
        }
    }
}

impl Preflight {
    /// What keeps the user that opens a file from reading it.
    fn closed<'s>(&self, source: &'s Source) -> Option<(&ServiceUser, Closed<'s>)> {
        let rule = self.server.key_file_rule().owner_rule()?;
        let Some(service) = self.run_as.as_ref() else {
            // PostgreSQL refuses to run as root.
            let of_settings = rule == OwnerRule::OwnerOrRoot && self.endpoint.is_some();
            let above = source.directories().iter().filter(|_| of_settings);
            // Settings in a directory closed to the service are a copy of those that count.
            let mut own = above.filter(|above| !self.above_settings.contains(&above.path));
            if let Some(closed) = own.find(|directory| key_file::is_for_root_alone(directory)) {
                return Some((&NOT_ROOT, Closed::Directory(closed)));
            }
            return of_settings.then(|| self.closed_to_owner(source)).flatten();
        };
        if let Some(directory) = key_file::closed_directory(source.directories(), service) {
            return Some((service, Closed::Directory(directory)));
        }
        let file = source.file()?;
        let reads = key_file::may_read(service, file, source.access_list());
        (!reads).then_some((service, Closed::File(file)))
    }

    /// Whether the owner of PostgreSQL's settings, who runs it, cannot read a file. That
    /// user's groups are not known: this is said only of files that root alone can read.
    fn closed_to_owner<'s>(&self, source: &'s Source) -> Option<(&ServiceUser, Closed<'s>)> {
        let owner = self.settings_owner.as_ref()?;
        let file = source.file()?;
        is_for_root_alone(source).then_some((owner, Closed::File(file)))
    }

    /// Whether the server cannot even read a file's owner and mode.
    pub(super) fn is_out_of_reach(&self, source: &Source) -> bool {
        matches!(self.closed(source), Some((_, Closed::Directory(_))))
    }

    /// The files of certificates, each with the condition to report if the file is in that state.
    fn certificate_documents(
        &self,
    ) -> impl Iterator<Item = (&Arc<Document>, fn(FileState) -> Condition)> {
        let own = self.certificate_files.iter().map(|file| {
            let condition: fn(FileState) -> Condition = Condition::Certificate;
            (file, condition)
        });
        let chain = self.chain_file.iter().map(|file| {
            let condition: fn(FileState) -> Condition = Condition::Chain;
            (file, condition)
        });
        let ca = self.ca_files.iter().map(|file| {
            let condition: fn(FileState) -> Condition = Condition::Ca;
            (file, condition)
        });
        own.chain(chain).chain(ca)
    }

    /// What happens when the server opens its files.
    pub(super) fn access_conditions(&self) -> Vec<Condition> {
        let certificates = self.certificate_documents().filter_map(|(document, of)| {
            let (_, closed) = self.closed(document.source())?;
            Some(of(closed.state()))
        });
        let keys = self.key_files.iter().filter_map(|document| {
            // PostgreSQL checks what it requires of the file itself before it opens the file.
            let source = document.source();
            self.is_out_of_reach(source)
                .then_some(Condition::Key(FileState::OutOfReach))
        });
        certificates.chain(keys).collect()
    }

    /// Certificates that the service cannot read, and what it does then.
    pub(super) fn access_findings(&self) -> Vec<Finding> {
        let keys: Vec<&Source> = self.key_files.iter().map(|file| file.source()).collect();
        // A directory that is closed to the key is a finding about the key.
        let said = |directory: &Guarded| {
            keys.iter().any(|key| {
                matches!(self.closed(key), Some((_, Closed::Directory(it))) if it.path == directory.path)
            })
        };
        let mut findings = Vec::new();
        if self.run_as.is_none() {
            findings.extend(self.for_root_alone());
        }
        for (document, condition) in self.certificate_documents() {
            let source = document.source();
            let Some((service, closed)) = self.closed(source) else {
                continue;
            };
            let fact = match &closed {
                Closed::Directory(directory) if said(directory) => continue,
                Closed::File(_) if keys.iter().any(|key| key.name() == source.name()) => continue,
                Closed::Directory(directory) => of_directory(directory, service),
                Closed::File(file) => of_file(document, *file, service),
            };
            let startup = self.server.startup(&[condition(closed.state())]);
            let known = self.server.has_startup_rules();
            let stops = !known || startup.outcome != StartOutcome::Serves;
            let mut finding = Finding::new(fact, Subject::file(source.name()));
            if !stops {
                finding = finding.with_severity(Severity::Warning);
            }
            findings.push(finding);
        }
        findings
    }
}

impl Preflight {
    /// A key that only root can read, if it is not known whether root starts the server.
    pub(super) fn only_root_reads(&self) -> Option<String> {
        if self.run_as.as_ref().is_some_and(|user| user.uid == 0) {
            return None;
        }
        let mut keys = self.key_files.iter().map(|file| file.source());
        let key = keys.find(|source| is_for_root_alone(source))?;
        Some(format!(
            "{}: only root can read it, and the settings name no `user`: certcheck does not know whether root starts the server; if it does, add --run-as root",
            key.name()
        ))
    }

    /// A key that only root can read, of a server that never runs as root: if the settings may be a
    /// copy, its owner is a warning; otherwise it is not known who reads it.
    pub(super) fn only_root_could(&self) -> Option<Result<Finding, String>> {
        let rule = self.server.key_file_rule().owner_rule()?;
        if rule != OwnerRule::OwnerOrRoot || self.key_service().is_some() {
            return None;
        }
        let mut keys = self.key_files.iter().map(|file| file.source());
        let key = keys.find(|source| is_for_root_alone(source))?;
        let reason = "only root can read it, and PostgreSQL never runs as root";
        if self.settings_in_place {
            return Some(Err(format!(
                "{}: {reason}: name the user that runs it with --run-as",
                key.name()
            )));
        }
        let fact = key_file::root_only_fact(key.file()?, reason, rule);
        let finding = Finding::new(fact, Subject::file(key.name()));
        Some(Ok(finding.with_severity(Severity::Warning).because(
            "PostgreSQL does not start with it; if this is a copy, make sure that the server's \
             user owns the file in use, or name that user with --run-as",
        )))
    }

    /// Who reads the keys, if known: PostgreSQL never runs as root, so for a key that only root can
    /// read, the owner of the settings tells enough.
    pub(super) fn key_service(&self) -> Option<&ServiceUser> {
        let owner = || {
            let rule = self.server.key_file_rule().owner_rule()?;
            let mut keys = self.key_files.iter();
            let closed = keys.any(|key| is_for_root_alone(key.source()));
            let owner = self.settings_owner.as_ref()?;
            (rule == OwnerRule::OwnerOrRoot && closed).then_some(owner)
        };
        self.run_as.as_ref().or_else(owner)
    }

    /// Directories above the keys that only root may enter; if the service is known, the findings
    /// about the keys say so.
    fn for_root_alone(&self) -> Vec<Finding> {
        let mut seen = Vec::new();
        let mut findings = Vec::new();
        for key in &self.key_files {
            if let Some((service, Closed::Directory(directory))) = self.closed(key.source())
                && !seen.contains(&&directory.path)
            {
                seen.push(&directory.path);
                let mut fact = key_file::directory_fact(directory, service, OwnerRule::OwnerOrRoot);
                if let KeyFact::FileMode(mode) = &mut fact {
                    mode.service = None;
                    mode.reason =
                        "only root may enter it, and PostgreSQL never runs as root".to_owned();
                }
                let finding = Finding::new(fact, Subject::file(key.source().name()));
                findings.push(finding.with_severity(Severity::Error).because(
                    "PostgreSQL does not start: `could not access private key file … Permission denied`",
                ));
            }
        }
        findings
    }
}

/// Whether only root can read the file.
fn is_for_root_alone(source: &Source) -> bool {
    source.file().is_some_and(|file| {
        let group = file.mode & 0o040 != 0 && file.gid != 0;
        let by_list = source.access_list().is_some() && file.mode & 0o070 != 0;
        file.uid == 0 && file.mode & 0o004 == 0 && !group && !by_list
    })
}

/// The user's number, or the usual name if only that is known.
fn name_of(service: &ServiceUser) -> String {
    if *service == NOT_ROOT {
        "postgres".to_owned()
    } else {
        service.uid.to_string()
    }
}

fn of_directory(directory: &Guarded, service: &ServiceUser) -> CertificateFact {
    let uid = service.uid;
    CertificateFact::FileMode(rule::certificate::FileMode {
        mode: octal(directory.facts),
        directory: Some(directory.path.clone()),
        owner: u64::from(directory.facts.uid),
        group: u64::from(directory.facts.gid),
        service: u64::from(uid),
        change: if directory.facts.uid == uid {
            "chmod u+x".to_owned()
        } else {
            format!("setfacl -m u:{}:--x", name_of(service))
        },
    })
}

fn of_file(document: &Document, file: FileFacts, service: &ServiceUser) -> CertificateFact {
    let uid = service.uid;
    let sections = document.sections();
    let private = sections
        .iter()
        .any(|section| section.kind().is_private_key());
    CertificateFact::FileMode(rule::certificate::FileMode {
        mode: octal(file),
        directory: None,
        owner: u64::from(file.uid),
        group: u64::from(file.gid),
        service: u64::from(uid),
        change: if file.uid == uid {
            "chmod u+r".to_owned()
        } else if private || document.source().access_list().is_some() {
            format!("setfacl -m u:{uid}:r")
        } else {
            // A certificate is not a secret.
            "chmod a+r".to_owned()
        },
    })
}

/// One finding for everything that one change repairs, as severe as the most severe of them.
pub(super) fn folded(problems: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for problem in problems {
        let remedy = problem.remedy();
        let Some(known) = all.iter_mut().find(|known| known.remedy() == remedy) else {
            all.push(problem);
            continue;
        };
        if let (
            Evidence::KeyFact(KeyFact::FileMode(rule::key::FileMode { reason, .. })),
            Evidence::KeyFact(KeyFact::FileMode(rule::key::FileMode { reason: other, .. })),
        ) = (&mut known.evidence, &problem.evidence)
        {
            reason.push_str("; ");
            reason.push_str(other);
        }
        if problem.severity > known.severity {
            known.severity = problem.severity;
            known.consequence = problem.consequence;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::finding::{Severity, Subject};
    use crate::key_file::{OwnerRule, ServiceUser, judge};
    use crate::rule::Finding;
    use crate::source::FileFacts;

    #[test]
    fn what_one_change_mends_is_one_finding() {
        let file = FileFacts {
            mode: 0o640,
            uid: 0,
            gid: 0,
        };
        let service = ServiceUser {
            uid: 101,
            gids: vec![103],
        };
        let rule = OwnerRule::OwnerOrRoot;
        let problems = judge(file, Some(&service), rule);
        assert_eq!(problems.len(), 2);
        let findings = folded(problems.into_iter().rev().map(|problem| {
            let severity = if problem.stops_service() {
                Severity::Error
            } else {
                Severity::Warning
            };
            let fact = problem.fact(file, false, Some(&service), rule);
            Finding::new(fact, Subject::file("server.key")).with_severity(severity)
        }));
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}")
        };
        assert_eq!(finding.severity, Severity::Error);
        let message = finding.message();
        for part in ["group 0 can read it", "user 101, cannot read it"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
