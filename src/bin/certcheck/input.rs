//! Reading files: the only place that opens what the user names.

use crate::bounded;
use crate::failure::Failure;
use crate::ledger;
use certcheck::{AccessList, FileFacts, Guarded, Source};
use std::fs::File;
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsHandle;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The largest input that is read. The Mozilla bundle has 0.2 MB, a fleet's
/// bundle of 20,000 certificates 44 MB; more is a mistake.
pub(crate) const LIMIT: u64 = 64 << 20;

/// The paths of all files that were read: no output may replace one of them.
static READ: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether this file was read.
pub(crate) fn was_read(path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else {
        return false;
    };
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.iter()
        .any(|one| one.canonicalize().is_ok_and(|one| one == real))
}

/// Reads one file, or standard input where `path` is `-`, and notes it for the receipt.
pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    let source = read_secret(path)?;
    if path.as_os_str() == "-" {
        ledger::note_stdin(source.bytes());
    } else {
        ledger::note_file(source.name(), None, source.bytes());
    }
    Ok(source)
}

/// The same without a note: the digest of a passphrase would help to guess it.
pub(crate) fn read_secret(path: &Path) -> Result<Source, Failure> {
    if path.as_os_str() == "-" {
        let bytes = take_stdin().map_err(|why| Failure::file(path, why))?;
        return Ok(Source::new("-", bytes));
    }
    read_as(path, &path.to_string_lossy())
}

/// Reads one file, which is called `name` in every message.
pub(crate) fn read_as(path: &Path, name: &str) -> Result<Source, Failure> {
    let called = Path::new(name);
    let facts = std::fs::metadata(path).map_err(|error| unreadable(called, &error))?;
    refuse_odd_files(called, &facts)?;
    let file = File::open(path).map_err(|error| unreadable(called, &error))?;
    READ.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(path.to_owned());
    let bytes = take(file, facts.len()).map_err(|why| Failure::file(called, why))?;
    Ok(with_facts(Source::new(name, bytes), &facts))
}

/// The same input with its file's owner, group and mode.
pub(crate) fn with_facts(source: Source, facts: &std::fs::Metadata) -> Source {
    match file_facts(facts) {
        Some(facts) => source.with_file(facts),
        None => source,
    }
}

/// The same input with what decides who can open its file: its access control list,
/// and the directories of its path, from the root on.
pub(crate) fn with_directories(source: Source) -> Source {
    let path = PathBuf::from(source.name());
    if path.as_os_str() == "-" {
        return source;
    }
    with_directories_of(source, &path, None)
}

/// The same for a file at `path`; for a tree, the directories within it.
pub(crate) fn with_directories_of(source: Source, path: &Path, root: Option<&Path>) -> Source {
    let list = access_list(path);
    let above = searched(path).into_iter().filter_map(|directory| {
        let within = match root {
            Some(root) => Path::new("/").join(directory.strip_prefix(root).ok()?),
            None => directory.clone(),
        };
        Some(Guarded {
            facts: file_facts(&std::fs::metadata(&directory).ok()?)?,
            access_list: access_list(&directory),
            path: within.to_string_lossy().into_owned(),
        })
    });
    let source = source.with_directories(above.collect());
    match list {
        Some(list) => source.with_access_list(list),
        None => source,
    }
}

/// The directories that are searched on the way to a file, including those of links
/// (path_resolution(7)).
fn searched(path: &Path) -> Vec<PathBuf> {
    /// The most links that Linux follows.
    const LINKS: usize = 40;
    let mut way: Vec<PathBuf> = Vec::new();
    let (mut place, mut links) = (PathBuf::new(), 0);
    let split = |path: &Path| -> Vec<PathBuf> {
        let parts = path.components().rev();
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    // The next component is the last element.
    let mut ahead = split(&std::path::absolute(path).unwrap_or_default());
    while let Some(part) = ahead.pop() {
        match part.components().next() {
            Some(Component::ParentDir) => {
                // `..` is looked up in the directory, which must be searchable.
                if !way.contains(&place) {
                    way.push(place.clone());
                }
                place.pop();
            }
            Some(Component::Normal(_)) => {
                if !way.contains(&place) {
                    way.push(place.clone());
                }
                let next = place.join(&part);
                match std::fs::read_link(&next) {
                    Ok(target) if links < LINKS => {
                        links += 1;
                        ahead.extend(split(&target));
                    }
                    _ => place = next,
                }
            }
            Some(Component::CurDir) | None => {}
            // The root, of an absolute path or link.
            Some(_) => place = part,
        }
    }
    way
}

/// The access control list of a file or directory, as Linux keeps it.
#[cfg(target_os = "linux")]
fn access_list(path: &Path) -> Option<AccessList> {
    /// As long as Linux allows an attribute (`XATTR_SIZE_MAX`).
    const MOST: usize = 65_536;
    let mut value = vec![0; MOST];
    let length = rustix::fs::getxattr(path, "system.posix_acl_access", &mut value[..]).ok()?;
    AccessList::parse(value.get(..length)?)
}

#[cfg(not(target_os = "linux"))]
fn access_list(_: &Path) -> Option<AccessList> {
    None
}

/// Reads several files that only together make sense; standard input may be
/// named once. If some cannot be read, all of them are named.
pub(crate) fn read_all<'p>(
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    let mut unread = Vec::new();
    for read in read_each(paths) {
        match read {
            Ok(source) => sources.push(source),
            Err((_, failure)) => unread.push(failure),
        }
    }
    match Failure::together(unread) {
        None => Ok(sources),
        Some(failure) => Err(failure),
    }
}

/// Reads several files on demand, each of which can be judged without the others. Gives the
/// contents of each; or its name as the user gave it, and why it cannot be read. Standard input may
/// be named once.
pub(crate) fn read_each<'p>(
    paths: impl IntoIterator<Item = &'p PathBuf>,
) -> impl Iterator<Item = Result<Source, (PathBuf, Failure)>> {
    let mut stdin_used = false;
    paths.into_iter().map(move |path| {
        let source = if path.as_os_str() == "-" && std::mem::replace(&mut stdin_used, true) {
            Err(Failure::new("-: standard input can be read only once"))
        } else {
            read(path)
        };
        source.map_err(|failure| (path.clone(), failure))
    })
}

fn refuse_odd_files(path: &Path, facts: &std::fs::Metadata) -> Result<(), Failure> {
    if facts.is_dir() {
        return Err(Failure::file(path, "is a directory").help("name the files in it"));
    }
    if facts.is_file() {
        if facts.len() > LIMIT {
            return Err(Failure::file(path, too_large()));
        }
        return Ok(());
    }
    // Servers read an empty file.
    if path == Path::new("/dev/null") {
        return Ok(());
    }
    // A shell's `<(command)` is a pipe that someone writes to; a FIFO on disk may have no writer,
    // and opening it would wait for ever.
    if path.starts_with("/dev/fd") || path == Path::new("/dev/stdin") {
        return Ok(());
    }
    Err(
        Failure::file(path, "is not a regular file (a pipe, a socket or a device)")
            .help("pipe its contents to standard input, and pass `-`"),
    )
}

fn too_large() -> String {
    format!("is larger than {} MiB, the limit", LIMIT >> 20)
}

/// Standard input, bypassing the standard library's buffer, which nothing would wipe.
fn take_stdin() -> Result<Vec<u8>, String> {
    #[cfg(unix)]
    let stdin = std::io::stdin().as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let stdin = std::io::stdin().as_handle().try_clone_to_owned();
    let stdin = stdin.map_err(|error| format!("cannot be read: {error}"))?;
    take(File::from(stdin), 0)
}

/// The content of a file whose metadata says `length`. A regular file is read at once, into
/// a buffer of its size: a buffer that grows would leave copies of a key behind.
fn take(file: File, length: u64) -> Result<Vec<u8>, String> {
    let (mut bytes, is_all) =
        bounded::read(file, length, LIMIT).map_err(|error| format!("cannot be read: {error}"))?;
    if is_all {
        Ok(std::mem::take(&mut *bytes))
    } else {
        Err(too_large())
    }
}

pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound if path.is_symlink() => {
            Failure::file(path, "is a symbolic link whose target does not exist")
        }
        std::io::ErrorKind::NotFound => Failure::file(path, "there is no such file"),
        std::io::ErrorKind::PermissionDenied => Failure::file(path, "permission denied")
            .help("run it as a user who may read the file, or have its owner run it"),
        _ => Failure::file(path, format!("cannot be opened: {error}")),
    }
}

#[cfg(unix)]
fn file_facts(facts: &std::fs::Metadata) -> Option<FileFacts> {
    use std::os::unix::fs::MetadataExt;
    (facts.is_file() || facts.is_dir()).then(|| FileFacts {
        mode: facts.mode() & 0o7777,
        uid: facts.uid(),
        gid: facts.gid(),
    })
}

#[cfg(not(unix))]
fn file_facts(_: &std::fs::Metadata) -> Option<FileFacts> {
    None
}
