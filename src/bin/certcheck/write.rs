//! Writes files completely or not at all, and never overwrites one by accident.
//!
//! Only regular files are replaced, and never through a link. What replaces a file has its owner,
//! group, mode, access control list and SELinux label: a server that could read the old one can
//! read the new one. It is written next to the old one, read back, and only then renamed.

use crate::failure::Failure;
use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};
use rustix::io::Errno;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// The widest that a private key may lie: its owner writes, its group reads.
const KEY_MODE: u32 = 0o640;

/// What belongs to a file in addition to its mode, by the names of Linux: its access control
/// list, and what SELinux knows it by. A default list is a directory's alone.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("system.posix_acl_access", "access control list"),
    ("security.selinux", "SELinux label"),
];

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
    let replaced = replaced(path).map_err(failed)?;
    if let Some((_, facts)) = &replaced {
        refuse_wide(path, facts, manner)?;
    }
    // What replaces another is for our eyes alone until it is what the other was.
    let mode = if manner.secret || replaced.is_some() {
        0o600
    } else {
        0o666
    };
    let mut file = tempfile::Builder::new()
        .prefix(".certcheck-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
    if !reads_back(&mut file, bytes).map_err(failed)? {
        return Err(Failure::file(
            path,
            "the written file reads back differently",
        ));
    }
    if let Some((old, facts)) = &replaced {
        become_like(file.as_file(), old, facts, path)?;
        file.as_file().sync_all().map_err(failed)?;
    }
    let persisted = if manner.force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match persisted {
        // The name is on the disk when its directory is.
        Ok(_) => File::open(folder)
            .and_then(|folder| folder.sync_all())
            .or_else(|error| match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput => Ok(()),
                _ => Err(failed(error)),
            }),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(failed(error.error)),
    }
}

/// The regular file that is there, if one is.
fn replaced(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    // Neither a link nor a pipe without a writer that came in the meantime.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let opened = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path);
    match opened {
        Ok(file) => {
            let facts = file.metadata()?;
            if !facts.is_file() {
                return Err(io::Error::other("it is no longer a regular file"));
            }
            Ok(Some((file, facts)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn refuse_wide(path: &Path, facts: &Metadata, manner: Manner) -> Result<(), Failure> {
    let mode = facts.mode() & 0o777;
    if !manner.secret || mode & !KEY_MODE == 0 {
        return Ok(());
    }
    Err(Failure::file(
        path,
        format!(
            "has mode {mode:04o}, but a file with a private key may have at most {KEY_MODE:04o}; nothing was written"
        ),
    )
    .help(format!(
        "chmod 0600 {}, or name another file",
        path.display()
    )))
}

fn reads_back(file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<bool> {
    let file = file.as_file_mut();
    file.rewind()?;
    // One byte more: what is longer is different.
    let mut read = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    file.take(bytes.len() as u64 + 1).read_to_end(&mut read)?;
    Ok(*read == bytes)
}

/// Gives `new` the owner, the group, the mode and the attributes of `old`, or says
/// what cannot be kept.
fn become_like(new: &File, old: &File, facts: &Metadata, path: &Path) -> Result<(), Failure> {
    let lost = |what: &str, error: &dyn std::fmt::Display| {
        Failure::file(
            path,
            format!("its {what} cannot be kept ({error}); nothing was replaced"),
        )
        .help("run it as root or as the file's owner, or write another file and copy its content: cat NEW > OLD")
    };
    let failed = |error: io::Error| Failure::file(path, format!("cannot be written: {error}"));
    let ours = new.metadata().map_err(failed)?;
    if (ours.uid(), ours.gid()) != (facts.uid(), facts.gid()) {
        let owner = format!("owner {}:{}", facts.uid(), facts.gid());
        fchown(new, Some(facts.uid()), Some(facts.gid())).map_err(|error| lost(&owner, &error))?;
    }
    new.set_permissions(Permissions::from_mode(facts.mode() & 0o7777))
        .map_err(|error| lost("mode", &error))?;
    for (name, words) in ATTRIBUTES {
        let error = |error: Errno| lost(words, &io::Error::from(error));
        let wanted = attribute(old, name).map_err(error)?;
        if attribute(new, name).map_err(error)? == wanted {
            continue;
        }
        match &wanted {
            Some(value) => fsetxattr(new, *name, value, XattrFlags::empty()),
            None => fremovexattr(new, *name),
        }
        .map_err(error)?;
    }
    // The list and the mode share bits: what came of both is what counts.
    let ours = new.metadata().map_err(failed)?;
    let same = |of: fn(&Metadata) -> u32| of(&ours) == of(facts);
    if same(Metadata::uid) && same(Metadata::gid) && same(Metadata::mode) {
        Ok(())
    } else {
        Err(lost(
            "owner and mode",
            &format_args!(
                "they are {}:{} {:04o}",
                ours.uid(),
                ours.gid(),
                ours.mode() & 0o7777
            ),
        ))
    }
}

/// An extended attribute, where the file has it and the file system such things.
fn attribute(file: &File, name: &str) -> Result<Option<Vec<u8>>, Errno> {
    // Larger than any list that Linux keeps (XATTR_SIZE_MAX).
    let mut value = vec![0; 1 << 16];
    match fgetxattr(file, name, &mut value) {
        Ok(length) => {
            value.truncate(length);
            Ok(Some(value))
        }
        Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(None),
        Err(error) => Err(error),
    }
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
    let what = if kind.is_dir() {
        return Failure::file(path, "is a directory, not a file")
            .help("name the file to write in it");
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
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
