//! The files of settings that the server opens itself, and who may read them.

use super::Settings;
use crate::source::{AccessList, FileFacts, Guarded, Source};

/// A file that was read, with its attributes on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Its name.
    pub(crate) name: String,
    /// Owner, group and mode, if known.
    pub(crate) file: Option<FileFacts>,
    /// Its access control list, if it has one.
    pub(crate) access_list: Option<AccessList>,
    /// The directories that lead to it.
    pub(crate) directories: Vec<Guarded>,
}

impl Settings {
    /// Records that the server reads this file.
    pub(super) fn opens(&mut self, source: &Source) {
        const MOST: usize = 10_000;
        let known = self
            .opened
            .iter()
            .any(|opened| opened.name == source.name());
        if self.opened.len() < MOST && !known {
            self.opened.push(Opened {
                name: source.name().to_owned(),
                file: source.file(),
                access_list: source.access_list().cloned(),
                directories: source.directories().to_vec(),
            });
        }
    }

    /// The files that the server reads with its settings.
    pub(crate) fn opened(&self) -> &[Opened] {
        &self.opened
    }
}
