//! Where a path of a tree is on this disk.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The most links that are followed, as Linux does (path_resolution(7)).
const LINKS: usize = 40;

/// Where `path` of the tree at `root` is on this disk; without a root, `path` itself.
/// Within a tree absolute links begin at its root and `..` ends there, as for a process
/// that lives in it.
pub(crate) fn resolved(root: Option<&Path>, path: &str) -> io::Result<PathBuf> {
    let Some(root) = root else {
        return Ok(PathBuf::from(path));
    };
    let mut open: Vec<OsString> = words(Path::new(path));
    let mut within: Vec<OsString> = Vec::new();
    let mut links = 0;
    while let Some(word) = open.pop() {
        if word == ".." {
            within.pop();
            continue;
        }
        within.push(word);
        let on_disk = root.join(within.iter().collect::<PathBuf>());
        if !fs::symlink_metadata(&on_disk)?.is_symlink() {
            continue;
        }
        links += 1;
        if links > LINKS {
            return Err(io::Error::other("too many links"));
        }
        let target = fs::read_link(&on_disk)?;
        within.pop();
        if target.is_absolute() {
            within.clear();
        }
        open.extend(words(&target));
    }
    Ok(root.join(within.iter().collect::<PathBuf>()))
}

/// The components of a path, in reverse order.
fn words(path: &Path) -> Vec<OsString> {
    let mut words: Vec<_> = path
        .components()
        .filter_map(|component| match component {
            Component::Normal(word) => Some(word.to_owned()),
            Component::ParentDir => Some(OsString::from("..")),
            _ => None,
        })
        .collect();
    words.reverse();
    words
}
