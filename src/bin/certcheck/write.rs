//! Writes files completely or not at all, and never overwrites one by accident.
//!
//! Only regular files are replaced, and never through a link. What a new file keeps of the one
//! that it replaces is in `kept`. It is written next to the old one, read back, and only then
//! renamed.

use crate::failure::Failure;
use crate::input;
use crate::kept::{self, Old};
use std::fs::{self, Metadata};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use tempfile::{NamedTempFile, TempPath};
use zeroize::Zeroizing;

/// How a file is written.
#[derive(Clone, Copy)]
pub(crate) struct WriteOptions {
    /// It holds a private key: only its owner may read it.
    pub(crate) secret: bool,
    /// An existing file is replaced.
    pub(crate) force: bool,
}

/// One file to write.
pub(crate) struct New<'n> {
    pub(crate) path: &'n Path,
    pub(crate) bytes: &'n [u8],
    pub(crate) options: WriteOptions,
}

/// Writes `bytes` next to `path`, reads them back, and only then gives them that name.
pub(crate) fn write(path: &Path, bytes: &[u8], options: WriteOptions) -> Result<(), Failure> {
    let one = New {
        path,
        bytes,
        options,
    };
    write_all(&[one])
}

/// Writes all of these files or none: each is written under another name and read back before
/// the first gets its own. A certificate is never left with the key of another one.
pub(crate) fn write_all(files: &[New<'_>]) -> Result<(), Failure> {
    let mut staged = Vec::new();
    for file in files {
        staged.push(stage(file)?);
    }
    // A single file is replaced by one rename, which never has to be undone.
    if staged.len() > 1 {
        for one in &mut staged {
            one.keep_old()?;
        }
    }
    let mut done = Vec::new();
    for one in staged {
        match one.name() {
            Ok(undo) => done.push(undo),
            Err(failure) => {
                let stuck: Vec<_> = done.into_iter().rev().filter_map(Undo::undo).collect();
                return Err(match stuck.as_slice() {
                    [] => failure,
                    stuck => failure.help(format!(
                        "already replaced, and not put back: {}",
                        stuck.join(", ")
                    )),
                });
            }
        }
    }
    Ok(())
}

/// A file that is complete, but does not have its name yet.
struct Staged<'n> {
    path: &'n Path,
    folder: &'n Path,
    file: NamedTempFile,
    force: bool,
    replaces: bool,
    /// The file that is replaced, under a second name.
    old: Option<TempPath>,
}

/// What restores a file that was written to what it was before.
struct Undo<'n> {
    path: &'n Path,
    replaced: bool,
    old: Option<TempPath>,
}

impl<'n> Staged<'n> {
    /// Keeps the file that will be replaced, so that it can be restored.
    fn keep_old(&mut self) -> Result<(), Failure> {
        if !self.replaces {
            return Ok(());
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".certcheck-old-");
        // A link costs no copy of a key, and keeps the file's owner, mode and attributes.
        let linked = builder.make_in(self.folder, |name| fs::hard_link(self.path, name));
        match linked {
            Ok(linked) => self.old = Some(linked.into_temp_path()),
            // Not every file system has links, and not every user may make one.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
                ) => {}
            Err(error) => {
                let why = format!("cannot be replaced ({error}); nothing was written");
                return Err(Failure::file(self.path, why));
            }
        }
        Ok(())
    }

    /// Gives it its name.
    fn name(self) -> Result<Undo<'n>, Failure> {
        let path = self.path;
        let failed = |error: io::Error| Failure::file(path, format!("cannot be written: {error}"));
        let persisted = if self.force {
            self.file.persist(path)
        } else {
            // link(2) and not rename(2): a file that appeared since the check is not overwritten.
            self.file.persist_noclobber(path)
        };
        match persisted {
            Ok(_) => kept::on_disk(self.folder).map_err(failed)?,
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(exists(path));
            }
            Err(error) => return Err(failed(error.error)),
        }
        Ok(Undo {
            path,
            replaced: self.replaces,
            old: self.old,
        })
    }
}

impl Undo<'_> {
    /// Returns the path if that is not possible.
    fn undo(self) -> Option<String> {
        let undone = match self.old {
            Some(old) => old.persist(self.path).is_ok(),
            // Without the second name, the replaced file is gone: then the new file stays, and the
            // message says so.
            None => !self.replaced && fs::remove_file(self.path).is_ok(),
        };
        (!undone).then(|| self.path.display().to_string())
    }
}

/// Writes the bytes next to their final place.
fn stage<'n>(new: &New<'n>) -> Result<Staged<'n>, Failure> {
    let New {
        path,
        bytes,
        options,
    } = *new;
    if path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(
            Failure::file(path, "is a directory, not a file").help("name the file to write in it")
        );
    }
    refuse_existing(std::iter::once(path), options.force)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Failure::file(folder, "there is no such directory")
            .help("create it first, or choose another place"));
    }
    let failed = |error: io::Error| Failure::file(path, format!("cannot be written: {error}"));
    let replaced = Old::at(path).map_err(failed)?;
    if let Some(old) = &replaced
        && options.secret
    {
        old.refuse_for_a_key(path)?;
    }
    // Only the owner can read the new file until it has the permissions of the old one.
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certcheck-");
    if options.secret || replaced.is_some() {
        kept::private(&mut builder);
    } else {
        kept::ordinary(&mut builder);
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
    // Full disks and quotas of network file systems may report success and lose bytes.
    if !reads_back(&mut file, bytes).map_err(failed)? {
        return Err(Failure::file(
            path,
            "the written file reads back differently",
        ));
    }
    if let Some(old) = &replaced {
        old.hand_on(file.as_file(), path)?;
        file.as_file().sync_all().map_err(failed)?;
    }
    Ok(Staged {
        path,
        folder,
        file,
        force: options.force,
        replaces: replaced.is_some(),
        old: None,
    })
}

fn reads_back(file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<bool> {
    let file = file.as_file_mut();
    file.rewind()?;
    // One byte more: a longer file is different.
    let mut read = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    file.take(bytes.len() as u64 + 1).read_to_end(&mut read)?;
    Ok(*read == bytes)
}

/// Keeps an existing file under its name with `.bak` after it, or `.bak2` and so on: the
/// same file, with owner and mode, under a second name. Its replacement does not affect the backup.
pub(crate) fn keep(path: &Path) -> Result<(), Failure> {
    /// Backups of one file; more are left to a person.
    const MOST: usize = 1_000;
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    let name = path.as_os_str().to_owned();
    for number in 1..=MOST {
        let mut kept = name.clone();
        kept.push(if number == 1 {
            ".bak".to_owned()
        } else {
            format!(".bak{number}")
        });
        match fs::hard_link(path, &kept) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                let why = format!("cannot be kept as a backup ({error}); nothing was replaced");
                return Err(Failure::file(path, why));
            }
        }
    }
    Err(
        Failure::file(path, format!("has {MOST} backups; nothing was replaced"))
            .help("remove some of them"),
    )
}

/// Creates a directory if it does not exist; its parent must exist.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::file(path, "its parent directory does not exist")
                .help("create it first, or choose another place"))
        }
        Err(error) => Err(Failure::file(path, format!("cannot be created: {error}"))),
    }
}

/// Refuses, before the first file is written, whatever would be refused in the middle.
pub(crate) fn refuse_existing<'p>(
    paths: impl Iterator<Item = &'p Path>,
    force: bool,
) -> Result<(), Failure> {
    for path in paths {
        let Ok(facts) = fs::symlink_metadata(path) else {
            continue;
        };
        if !facts.is_file() {
            return Err(odd(path, &facts));
        }
        if !force {
            return Err(exists(path));
        }
    }
    Ok(())
}

/// Refuses to replace a file that was read for the answer: with a certificate or key whose
/// path was typed twice, the only copy would be lost.
pub(crate) fn refuse_inputs<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<(), Failure> {
    for path in paths {
        if input::was_read(path) {
            return Err(
                Failure::file(path, "is one of the inputs; nothing was written")
                    .help("give another name for what is written"),
            );
        }
    }
    Ok(())
}

/// A file that is never replaced, with --force or without.
fn odd(path: &Path, facts: &Metadata) -> Failure {
    let kind = facts.file_type();
    let standard = path.starts_with("/dev/fd")
        || path.starts_with("/proc")
        || matches!(path.to_str(), Some("/dev/stdout" | "/dev/stderr"));
    if standard {
        return Failure::file(
            path,
            "is not a regular file; certcheck writes only regular files",
        )
        .help("`certcheck convert` without -o writes to standard output");
    }
    if kind.is_symlink() {
        let failure = Failure::file(
            path,
            "is a symbolic link; certcheck does not write through links",
        );
        return match fs::canonicalize(path) {
            Ok(target) => failure.help(format!("name the file itself: -o {}", target.display())),
            Err(_) => failure.help("its target does not exist: remove it, or name another file"),
        };
    }
    if kind.is_dir() {
        return Failure::file(path, "is a directory, not a file")
            .help("name the file to write in it");
    }
    let what = kept::kind(kind);
    Failure::file(
        path,
        format!("is {what}; certcheck replaces only regular files"),
    )
    .help("name another file")
}

fn exists(path: &Path) -> Failure {
    Failure::file(path, "already exists; nothing was written")
        .help("give another name, or --force to replace it")
}
