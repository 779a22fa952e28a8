//! Writing files: whole or not at all, and never over another by accident.

use crate::failure::Failure;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

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
            Failure::file(path, "is a directory, and one file is written")
                .help("name the file to write in it"),
        );
    }
    refuse_existing(std::iter::once(path), manner.force)?;
    let behind_link = target_of_link(path);
    let path = behind_link.as_deref().unwrap_or(path);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(Failure::file(folder, "there is no such directory")
            .help("make it first, or name another place"));
    }
    let mode = if manner.secret { 0o600 } else { 0o666 };
    let failed = |error: io::Error| Failure::file(path, format!("cannot be written: {error}"));
    let mut file = tempfile::Builder::new()
        .prefix(".certcheck-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
    if fs::read(file.path()).map_err(failed)? != bytes {
        return Err(Failure::file(path, "what was written reads back different"));
    }
    let persisted = if manner.force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match persisted {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(failed(error.error)),
    }
}

/// Makes a directory, if it is not there; the one that it stands in must be.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::file(path, "the directory above it is not there")
                .help("make it first, or name another place"))
        }
        Err(error) => Err(Failure::file(path, format!("cannot be made: {error}"))),
    }
}

/// Where a symbolic link leads: what is replaced is the file, not the link.
fn target_of_link(path: &Path) -> Option<PathBuf> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|facts| facts.file_type().is_symlink());
    if !is_link {
        return None;
    }
    fs::canonicalize(path).ok().or_else(|| {
        // It leads to nothing yet.
        let target = fs::read_link(path).ok()?;
        Some(path.parent().unwrap_or(Path::new("")).join(target))
    })
}

/// Refuses before the first file is written what would be refused in the middle.
pub(crate) fn refuse_existing<'p>(
    paths: impl Iterator<Item = &'p Path>,
    force: bool,
) -> Result<(), Failure> {
    for path in paths {
        if !force && fs::symlink_metadata(path).is_ok() {
            return Err(exists(path));
        }
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::file(path, "exists already; nothing was written")
        .help("give another name, or --force to replace it")
}
