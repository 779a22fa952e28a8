//! Writes files completely or not at all, and never overwrites one by accident.
//!
//! Only regular files are replaced, and never through a link. What a new file keeps of the one
//! that it replaces is in `kept`. It is written next to the old one, read back, and only then
//! renamed.

use crate::failure::Failure;
use crate::kept::{self, Old};
use std::fs::{self, Metadata};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// How a file is written.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    /// It holds a private key: only its owner may read it.
    pub(crate) secret: bool,
    /// An existing file is replaced.
    pub(crate) force: bool,
}

/// Writes `bytes` beside `path`, reads them back, and only then gives them that name.
pub(crate) fn write(path: &Path, bytes: &[u8], manner: Manner) -> Result<(), Failure> {
    if path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(
            Failure::file(path, "is a directory, not a file").help("name the file to write in it")
        );
    }
    refuse_existing(std::iter::once(path), manner.force)?;
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
        && manner.secret
    {
        old.refuse_for_a_key(path)?;
    }
    // What replaces another is for our eyes alone until it is what the other was.
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certcheck-");
    if manner.secret || replaced.is_some() {
        kept::private(&mut builder);
    } else {
        kept::ordinary(&mut builder);
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
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
    let persisted = if manner.force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match persisted {
        Ok(_) => kept::on_disk(folder).map_err(failed),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(failed(error.error)),
    }
}

fn reads_back(file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<bool> {
    let file = file.as_file_mut();
    file.rewind()?;
    // One byte more: what is longer is different.
    let mut read = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    file.take(bytes.len() as u64 + 1).read_to_end(&mut read)?;
    Ok(*read == bytes)
}

/// Keeps an existing file under its name with `.bak` behind it, or `.bak2` and so on: the
/// same file, with owner and mode, under a second name. What replaces it leaves that alone.
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

/// Makes a directory, if it is not there; the one that it is in must be.
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

/// Refuses before the first file is written what would be refused in the middle.
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

/// What is replaced by nothing, with --force or without.
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
