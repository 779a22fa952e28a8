//! Writing files: whole or not at all, and never over another by accident.

use crate::failure::Failure;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
    refuse_existing(std::iter::once(path), manner.force)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
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
