//! Certificates that were fetched, each in a file named by its SHA-256.
//!
//! A file whose content does not have the hash in its name is ignored. The others need the same
//! proof as what comes over the network.

use super::MOST_BYTES;
use crate::bounded;
use certcheck::model::Certificate;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

/// The most files: a CA has some dozens of issuers.
const MOST: usize = 1_000;

pub(super) struct Cache {
    directory: PathBuf,
}

impl Cache {
    pub(super) const fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// All of them, in the order of their names.
    pub(super) fn all(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = fs::read_dir(&self.directory) else {
            return Vec::new();
        };
        let named = entries.flatten().map(|entry| entry.path());
        let mut paths: Vec<_> = named
            .filter(|path| path.extension().is_some_and(|end| end == "der"))
            .take(MOST)
            .collect();
        paths.sort();
        let kept = paths.iter().filter_map(|path| {
            if !fs::symlink_metadata(path).ok()?.is_file() {
                return None;
            }
            let (bytes, is_all) = bounded::read(File::open(path).ok()?, 0, MOST_BYTES).ok()?;
            let name = path.file_stem()?.to_str()?;
            (is_all && hash(&bytes) == name).then(|| bytes.to_vec())
        });
        kept.collect()
    }

    /// The file of a certificate.
    pub(super) fn path(&self, der: &[u8]) -> PathBuf {
        self.directory.join(format!("{}.der", hash(der)))
    }

    /// Stores one, or says why it cannot.
    pub(super) fn keep(&self, der: &[u8]) -> Result<(), String> {
        let failed = |error: std::io::Error| {
            format!("{}: cannot be written: {error}", self.directory.display())
        };
        if !self.directory.is_dir() {
            fs::create_dir(&self.directory).map_err(failed)?;
        }
        let count = fs::read_dir(&self.directory).map_err(failed)?.take(MOST);
        if count.count() >= MOST {
            return Err(format!("{}: has {MOST} files", self.directory.display()));
        }
        let path = self.path(der);
        if path.symlink_metadata().is_ok() {
            return Ok(());
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.directory).map_err(failed)?;
        file.write_all(der).map_err(failed)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            // Another run was faster.
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(failed(error.error)),
        }
    }
}

/// The SHA-256 of a certificate; `None` for anything else.
pub(super) fn hash(der: &[u8]) -> String {
    let parsed = Certificate::parse(der);
    parsed.map_or_else(|_| String::new(), |one| one.sha256().to_string())
}
