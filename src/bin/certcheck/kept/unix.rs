//! Unix: a file that replaces another has its owner, group and mode; on Linux also its access
//! control list and SELinux label. A server that could read the old one can read the new one.

use crate::failure::Failure;
use std::fs::{self, File, FileType, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;
use tempfile::Builder;

/// The widest mode of a private key: its owner may write, its group may read.
const KEY_MODE: u32 = 0o640;

/// The file that is replaced.
pub(crate) struct Old {
    file: File,
    facts: Metadata,
}

impl Old {
    /// The regular file that is there, if one is.
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        // Refuses a link, or a pipe without a writer, that appeared in the meantime.
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
                Ok(Some(Self { file, facts }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Refuses to write a private key or a bundle where many could read it.
    pub(crate) fn refuse_for_a_key(&self, path: &Path) -> Result<(), Failure> {
        let mode = self.facts.mode() & 0o777;
        if mode & !KEY_MODE == 0 {
            return Ok(());
        }
        Err(Failure::file(
            path,
            format!(
                "has mode {mode:04o}, but may have at most {KEY_MODE:04o}, because other users could read what is written; nothing was written"
            ),
        )
        .help(format!(
            "chmod 0600 {}, or name another file",
            path.display()
        )))
    }

    /// Gives `new` the owner, the group, the mode and the attributes of this one, or says
    /// what cannot be kept.
    pub(crate) fn hand_on(&self, new: &File, path: &Path) -> Result<(), Failure> {
        let facts = &self.facts;
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
            fchown(new, Some(facts.uid()), Some(facts.gid()))
                .map_err(|error| lost(&owner, &error))?;
        }
        new.set_permissions(Permissions::from_mode(facts.mode() & 0o7777))
            .map_err(|error| lost("mode", &error))?;
        attributes::hand_on(&self.file, new).map_err(|(words, error)| lost(words, &error))?;
        // The list and the mode share bits: only the combined result counts.
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
}

/// A file for its owner alone.
pub(crate) fn private(builder: &mut Builder<'_, '_>) {
    builder.permissions(Permissions::from_mode(0o600));
}

/// A file with the mode that the user's mask gives.
pub(crate) fn ordinary(builder: &mut Builder<'_, '_>) {
    builder.permissions(Permissions::from_mode(0o666));
}

/// Waits until the names in a directory are on the disk.
pub(crate) fn on_disk(folder: &Path) -> io::Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .or_else(|error| match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput => Ok(()),
            _ => Err(error),
        })
}

/// What it is, if it is neither a file nor a directory nor a link.
pub(crate) fn kind(kind: FileType) -> &'static str {
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(target_os = "linux")]
mod attributes {
    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};
    use rustix::io::Errno;
    use std::fs::File;
    use std::io;

    /// What belongs to a file in addition to its mode, by the names of Linux: its access
    /// control list, and its SELinux label. Only a directory has a default list.
    const ATTRIBUTES: &[(&str, &str)] = &[
        ("system.posix_acl_access", "access control list"),
        ("security.selinux", "SELinux label"),
    ];

    /// What could not be handed on, in words, and why.
    pub(super) fn hand_on(old: &File, new: &File) -> Result<(), (&'static str, io::Error)> {
        for (name, words) in ATTRIBUTES {
            let lost = |error: Errno| (*words, io::Error::from(error));
            let wanted = attribute(old, name).map_err(lost)?;
            if attribute(new, name).map_err(lost)? == wanted {
                continue;
            }
            match &wanted {
                Some(value) => fsetxattr(new, *name, value, XattrFlags::empty()),
                None => fremovexattr(new, *name),
            }
            .map_err(lost)?;
        }
        Ok(())
    }

    /// An extended attribute, if the file has it and the file system supports attributes.
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
}

#[cfg(not(target_os = "linux"))]
mod attributes {
    use std::fs::File;
    use std::io;

    /// The access control lists of other systems are not read.
    pub(super) fn hand_on(_old: &File, _new: &File) -> Result<(), (&'static str, io::Error)> {
        Ok(())
    }
}
