//! Can the user that runs the server read the files of its settings?
//!
//! Measured with PostgreSQL 15.18: postgresql.conf, a file that it includes and pg_hba.conf,
//! each with mode 0600 and owned by root.

use super::Preflight;
use crate::answer::Check;
use crate::finding::Subject;
use crate::key_file::{self, OwnerRule, ServiceUser};
use crate::rule::{self, Finding};
use crate::server::settings::{Opened, Settings};
use crate::server::startup::StartOutcome;
use crate::shown;

/// The most files that are named.
const MOST: usize = 20;

/// What keeps a server from reading its settings.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) findings: Vec<Finding>,
    /// What the server says when it starts.
    pub(super) refusal: Option<String>,
    /// What certcheck does not know.
    pub(super) open: Option<Check>,
}

impl Preflight {
    /// Which settings files the user that opens them cannot read.
    pub(super) fn kept_from_settings(&self, settings: &Settings) -> Kept {
        let mut kept = Kept::default();
        let Some(rule) = self.server.key_file_rule().owner_rule() else {
            return kept;
        };
        let postgres = rule == OwnerRule::OwnerOrRoot;
        let Some(service) = &self.run_as else {
            // PostgreSQL refuses to run as root.
            let files = settings.opened().iter();
            let closed = files
                .filter(|_| postgres && self.settings_in_place)
                .find(|file| is_for_root_alone(file));
            kept.open = closed.map(|file| {
                let reason = format!(
                    "{}: only root can read it, and PostgreSQL never runs as root: name the user that runs it with --run-as",
                    file.name
                );
                Check::impossible("settings", reason)
            });
            return kept;
        };
        let files = settings.opened().iter();
        for file in files.filter(|file| is_closed(file, service)).take(MOST) {
            if !postgres {
                let reason = format!(
                    "{}: user {} cannot read it, and certcheck does not know what the server does then",
                    file.name, service.uid
                );
                kept.open = Some(Check::impossible("settings", reason));
                continue;
            }
            let message = format!(
                "could not open configuration file \"{}\": Permission denied",
                shown::value(&file.name)
            );
            let fact = rule::config::Refused {
                setting: String::new(),
                message: message.clone(),
                noticed: StartOutcome::StartFails.noticed().to_owned(),
            };
            kept.findings
                .push(Finding::new(fact, Subject::file(&file.name)));
            kept.refusal.get_or_insert(message);
        }
        kept
    }
}

fn is_closed(file: &Opened, service: &ServiceUser) -> bool {
    key_file::closed_directory(&file.directories, service).is_some()
        || file
            .file
            .is_some_and(|facts| !key_file::may_read(service, facts, file.access_list.as_ref()))
}

/// Whether only root can read the file, or enter a directory above it.
fn is_for_root_alone(file: &Opened) -> bool {
    let facts = file.file.is_some_and(|facts| {
        let group = facts.mode & 0o040 != 0 && facts.gid != 0;
        let by_list = file.access_list.is_some() && facts.mode & 0o070 != 0;
        facts.uid == 0 && facts.mode & 0o004 == 0 && !group && !by_list
    });
    facts || file.directories.iter().any(key_file::is_for_root_alone)
}
