//! The file system that settings are read from: this machine's, or a tree in its
//! place (`--root`).
//!
//! Within a tree absolute links begin at its root and `..` ends there, as for a process
//! that lives in it, so nothing outside of it is read. Only regular files are opened.

use crate::failure::Failure;
use crate::{input, ledger, rooted};
use certcheck::Source;
use certcheck::command::gate::State;
use certcheck::preflight::Found;
use certcheck::server::settings::Looked;
use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The most bytes of all files together that settings are read from. A hoster's thousand virtual
/// hosts have a few megabytes.
const LIMIT: u64 = 64 << 20;
/// The most files that are opened: several thousand virtual hosts with a few files each.
const FILES: usize = 10_000;
/// The most names of one directory that are examined.
const NAMES: usize = 10_000;

/// The tree, and how much of it may still be read.
pub(crate) struct Tree {
    root: Option<PathBuf>,
    bytes: Cell<u64>,
    files: Cell<usize>,
}

impl Tree {
    /// This machine's, or the one at `root`.
    pub(crate) fn at(root: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self::of(checked(root)?.map(PathBuf::from)))
    }

    /// The same without checking whether it exists.
    pub(crate) fn of(root: Option<PathBuf>) -> Self {
        Self {
            root,
            bytes: Cell::new(LIMIT),
            files: Cell::new(FILES),
        }
    }

    /// Where its root is on this disk; `None` for this machine.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Where a path of it is on this disk.
    pub(crate) fn resolved(&self, path: &str) -> io::Result<PathBuf> {
        rooted::resolved(self.root(), path)
    }

    /// The path inside the tree for one that the user gave: a path on this disk into the tree, or a
    /// path within it.
    pub(crate) fn within(&self, given: &Path) -> String {
        let text = given.to_string_lossy();
        let Some(root) = &self.root else {
            return text.into_owned();
        };
        let absolute = std::path::absolute(given).unwrap_or_default();
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let pairs = [
            (absolute.clone(), root.clone()),
            (real(&absolute), real(root)),
        ];
        let rest = pairs
            .iter()
            .find_map(|(path, root)| path.strip_prefix(root).ok());
        match rest {
            Some(rest) => format!("/{}", rest.to_string_lossy()),
            None => format!("/{}", text.trim_start_matches('/')),
        }
    }

    /// What is at a path: the contents of a file, the names in a directory.
    pub(crate) fn glance(&self, path: &str) -> Looked {
        let looked = match self.looked(path) {
            Ok(At::Missing) => Looked::Missing,
            Ok(At::Directory(on_disk)) => match names(&on_disk) {
                Ok(names) => Looked::Directory(names),
                Err(error) => Looked::Unreadable(said(&error)),
            },
            Ok(At::File(source, on_disk)) => Looked::Read(self.guarded(source, &on_disk)),
            Err(reason) => Looked::Unreadable(reason),
        };
        if let Looked::Read(source) = &looked {
            ledger::note_file(path, self.root(), source.bytes());
            return looked;
        }
        self.note(path, || match &looked {
            Looked::Directory(names) => State::of_directory(names),
            Looked::Missing => State::Missing,
            _ => State::Unreadable,
        });
        looked
    }

    fn note(&self, path: &str, state: impl FnOnce() -> State) {
        ledger::note(path, self.root(), state);
    }

    /// Where the link at a path leads, as it is written; `None` if it is not a link.
    pub(crate) fn link(&self, path: &str) -> Option<PathBuf> {
        let (directory, name) = path.rsplit_once('/')?;
        fs::read_link(self.resolved(directory).ok()?.join(name)).ok()
    }

    /// What is at the path of a file that settings name, with who may read it.
    pub(crate) fn look(&self, path: &str) -> Found {
        match self.looked(path) {
            Ok(At::Missing) => {
                self.note(path, || State::Missing);
                Found::Missing
            }
            // If a file is wanted, a directory's entries do not matter.
            Ok(At::Directory(_)) => Found::Directory,
            Ok(At::File(source, on_disk)) => {
                ledger::note_file(path, self.root(), source.bytes());
                Found::Read(self.guarded(source, &on_disk))
            }
            Err(reason) => {
                self.note(path, || State::Unreadable);
                Found::Unreadable(reason)
            }
        }
    }

    /// A file that the user named, with who may read it, under the name that the user gave it.
    pub(crate) fn given(&self, given: &Path) -> Result<Source, Failure> {
        if self.root.is_none() || given.as_os_str() == "-" {
            return input::read(given).map(input::with_directories);
        }
        let on_disk = self
            .resolved(&self.within(given))
            .map_err(|error| input::unreadable(given, &error))?;
        let source = input::read_as(&on_disk, &given.to_string_lossy())?;
        ledger::note_file(&self.within(given), self.root(), source.bytes());
        Ok(self.guarded(source, &on_disk))
    }

    fn guarded(&self, source: Source, on_disk: &Path) -> Source {
        input::with_directories_of(source, on_disk, self.root())
    }

    fn looked(&self, path: &str) -> Result<At, String> {
        let missing = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            )
        };
        let found = self
            .resolved(path)
            .and_then(|on_disk| fs::metadata(&on_disk).map(|facts| (on_disk, facts)));
        let (on_disk, facts) = match found {
            Ok(found) => found,
            Err(error) if missing(&error) => return Ok(At::Missing),
            Err(error) => return Err(said(&error)),
        };
        if facts.is_dir() {
            return Ok(At::Directory(on_disk));
        }
        let (files, bytes) = (self.files.get(), self.bytes.get());
        if facts.is_file() && facts.len() > bytes {
            return Err(format!(
                "certcheck reads at most {} MiB of all files",
                LIMIT >> 20
            ));
        }
        let Some(left) = files.checked_sub(1) else {
            return Err(format!("certcheck reads at most {FILES} files"));
        };
        self.files.set(left);
        match input::read_as(&on_disk, path) {
            Ok(source) => {
                let size = u64::try_from(source.bytes().len()).unwrap_or(u64::MAX);
                self.bytes.set(bytes.saturating_sub(size));
                Ok(At::File(source, on_disk))
            }
            Err(failure) => {
                let what = failure.what();
                let reason = what.strip_prefix(path).unwrap_or(what);
                Err(reason.trim_start_matches([':', ' ']).to_owned())
            }
        }
    }
}

/// What is at a path.
enum At {
    Missing,
    Directory(PathBuf),
    File(Source, PathBuf),
}

fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)?.take(NAMES + 1) {
        if names.len() == NAMES {
            return Err(io::Error::other("the directory has too many entries"));
        }
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

/// The absolute path of a tree.
pub(crate) fn checked(root: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(root) = root else {
        return Ok(None);
    };
    let failed = |why: &str| Failure::file(root, why);
    let facts =
        fs::metadata(root).map_err(|error| Failure::file(root, format!("--root: {error}")))?;
    if !facts.is_dir() {
        return Err(failed("--root: not a directory"));
    }
    let path = if root.is_absolute() {
        root.to_owned()
    } else {
        root.canonicalize()
            .map_err(|error| Failure::file(root, format!("--root: {error}")))?
    };
    match path.to_str() {
        Some(path) => Ok(Some(path.to_owned())),
        None => Err(failed("--root: the path is not UTF-8")),
    }
}
