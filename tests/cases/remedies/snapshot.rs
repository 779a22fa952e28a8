//! The files of some directories, to be put back as they were.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// The files of a tree with their contents, owners and modes, to be put back.
pub(crate) struct Snapshot(BTreeMap<PathBuf, (Vec<u8>, u32, u32, u32)>);

impl Snapshot {
    pub(crate) fn of(dirs: &[PathBuf]) -> Self {
        use std::os::unix::fs::MetadataExt;
        let mut found = BTreeMap::new();
        for dir in dirs {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let meta = fs::symlink_metadata(&path).unwrap();
                if meta.is_file() {
                    let bytes = fs::read(&path).unwrap();
                    found.insert(path, (bytes, meta.mode(), meta.uid(), meta.gid()));
                }
            }
        }
        Self(found)
    }

    /// Puts everything back; names what was changed, which no remedy may do but to
    /// owners and modes.
    pub(crate) fn restore(&self, dirs: &[PathBuf]) -> Vec<String> {
        let mut changed = Vec::new();
        for (path, (bytes, mode, uid, gid)) in &self.0 {
            if fs::read(path).ok().as_ref() != Some(bytes) {
                changed.push(path.display().to_string());
                fs::write(path, bytes).unwrap();
            }
            let _ = std::os::unix::fs::chown(path, Some(*uid), Some(*gid));
            fs::set_permissions(path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        for path in Self::of(dirs)
            .0
            .keys()
            .filter(|path| !self.0.contains_key(*path))
        {
            fs::remove_file(path).unwrap();
        }
        changed
    }
}
