//! Windows: a new file has the permissions of its directory. std can neither read nor set any, and
//! this program has no unsafe code, so none are kept.

use crate::failure::Failure;
use std::fs::{File, FileType};
use std::io;
use std::path::Path;
use tempfile::Builder;

/// The file that is replaced. It stays closed: an open one cannot be replaced here.
pub(crate) struct Old;

impl Old {
    /// The regular file that is there, if one is.
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::symlink_metadata(path) {
            Ok(facts) if facts.is_file() => Ok(Some(Self)),
            Ok(_) => Err(io::Error::other("it is no longer a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Everyone who may read the directory could read the key, whatever the old file allowed.
    pub(crate) fn refuse_for_a_key(&self, path: &Path) -> Result<(), Failure> {
        Err(Failure::file(
            path,
            "already exists, and certcheck cannot keep the permissions of a file on this system; nothing was written",
        )
        .help("write a private key to a new file, in a directory that only its owner can read"))
    }

    /// The permissions are those of the directory.
    pub(crate) fn hand_on(&self, _new: &File, _path: &Path) -> Result<(), Failure> {
        Ok(())
    }
}

/// The directory decides who may read it.
pub(crate) fn private(_builder: &mut Builder<'_, '_>) {}

/// The directory decides who may read it.
pub(crate) fn ordinary(_builder: &mut Builder<'_, '_>) {}

/// A directory cannot be opened to be synchronised.
pub(crate) fn on_disk(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// What it is, if it is neither a file nor a directory nor a link.
pub(crate) fn kind(_kind: FileType) -> &'static str {
    "a device"
}
