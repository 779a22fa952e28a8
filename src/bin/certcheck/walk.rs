//! The files of a directory, for commands that walk through it.

use crate::failure::Failure;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Files to read, and what could not be walked through.
#[derive(Default)]
pub(crate) struct Walked {
    /// Those that the user named, and those of the directories, in their order.
    pub(crate) files: Vec<PathBuf>,
    /// The files that came out of a directory.
    found: HashSet<PathBuf>,
    /// Directories that cannot be read, or are empty.
    pub(crate) unread: Vec<(PathBuf, Failure)>,
}

/// The paths with each directory replaced by the files in it and below, by name.
///
/// Links to directories are not followed, so that no walk goes in circles or out of the tree. A
/// file that several names lead to, as in a directory of hashed names, is read once, by the name
/// that is not a link if there is one. Anything that is neither a file nor a directory holds no
/// certificate, and is skipped.
pub(crate) fn through(paths: &[PathBuf]) -> Walked {
    let mut walked = Walked::default();
    for path in paths {
        if path.is_dir() {
            walked.directory(path);
        } else {
            walked.files.push(path.clone());
        }
    }
    walked
}

impl Walked {
    /// Whether a file was not named by the user.
    pub(crate) fn found(&self, name: &str) -> bool {
        self.found.contains(Path::new(name))
    }

    fn directory(&mut self, root: &Path) {
        let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let before = (self.files.len(), self.unread.len());
        let mut seen = HashSet::new();
        let mut open = vec![root.to_owned()];
        while let Some(directory) = open.pop() {
            let entries = match Entries::of(&directory) {
                Ok(entries) => entries,
                Err(error) => {
                    let why = format!("cannot be searched: {error}");
                    let failure = Failure::file(&directory, why);
                    self.unread.push((directory, failure));
                    continue;
                }
            };
            for name in entries.files {
                self.take(directory.join(name));
            }
            for name in entries.links {
                let path = directory.join(name);
                match path.canonicalize() {
                    Ok(real) if real.is_file() => {
                        if !real.starts_with(&real_root) && seen.insert(real) {
                            self.take(path);
                        }
                    }
                    Ok(_) => {}
                    // Reading it reports what is wrong with it.
                    Err(_) => self.take(path),
                }
            }
            let below = entries.directories.iter().rev();
            open.extend(below.map(|name| directory.join(name)));
        }
        if before == (self.files.len(), self.unread.len()) {
            let failure = Failure::file(root, "there is no file in this directory");
            self.unread.push((root.to_owned(), failure));
        }
    }

    fn take(&mut self, path: PathBuf) {
        self.found.insert(path.clone());
        self.files.push(path);
    }
}

/// What is in one directory, by name.
#[derive(Default)]
struct Entries {
    files: Vec<OsString>,
    /// Links; those to another name of the same directory come last.
    links: Vec<OsString>,
    directories: Vec<OsString>,
}

impl Entries {
    fn of(directory: &Path) -> std::io::Result<Self> {
        let mut entries = Self::default();
        let mut links = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let (kind, name) = (entry.file_type()?, entry.file_name());
            if kind.is_dir() {
                entries.directories.push(name);
            } else if kind.is_file() {
                entries.files.push(name);
            } else if kind.is_symlink() {
                let target = std::fs::read_link(entry.path()).unwrap_or_default();
                links.push((target.components().count() == 1, name));
            }
        }
        links.sort();
        entries.links = links.into_iter().map(|(_, name)| name).collect();
        entries.files.sort();
        entries.directories.sort();
        Ok(entries)
    }
}
