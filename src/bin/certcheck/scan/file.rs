//! One file, opened so that nothing can keep the program waiting, and read within bounds.

use super::pool::Item;
use super::walk::odd;
use crate::{bounded, input};
use certcheck::Source;
use certcheck::command::scan::{Piece, SkipReason};
use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;

/// A file that is no longer than this is read in one piece.
pub(super) const WHOLE: u64 = 1 << 20;

/// Opens a regular file, or says what it is instead.
pub(super) fn open(path: &Path, named: bool) -> Result<(File, Metadata), Item> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // It was a regular file a moment ago: a pipe that took its place must not block, and a
        // link must not lead elsewhere. The user may name a link.
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        flags.set(OFlags::NOFOLLOW, !named);
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    #[cfg(not(unix))]
    let _ = named;
    let unreadable = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => Item::skip(SkipReason::Denied, path, None),
        _ => Item::skip(SkipReason::Unreadable, path, Some(error.to_string())),
    };
    let file = options.open(path).map_err(|error| unreadable(&error))?;
    let facts = file.metadata().map_err(|error| unreadable(&error))?;
    if facts.is_file() {
        Ok((file, facts))
    } else {
        Err(Item::skip(odd(facts.file_type()), path, None))
    }
}

/// A file of at most [`WHOLE`] bytes, in the form that is examined.
pub(super) fn read(path: &Path, named: bool) -> Result<(Piece, Option<Item>), Item> {
    let (file, facts) = open(path, named)?;
    let length = facts.len();
    let (mut bytes, is_all) = bounded::read(file, length, input::LIMIT)
        .map_err(|error| Item::skip(SkipReason::Unreadable, path, Some(error.to_string())))?;
    let remark = if !is_all {
        let why = "it grew while it was read";
        Some(Item::skip(
            SkipReason::Incomplete,
            path,
            Some(why.to_owned()),
        ))
    } else if (bytes.len() as u64) < length {
        let why = format!(
            "it shrank from {length} to {} bytes while it was read",
            bytes.len()
        );
        Some(Item::skip(SkipReason::Incomplete, path, Some(why)))
    } else {
        None
    };
    let source = Source::new(path.to_string_lossy(), std::mem::take(&mut *bytes));
    Ok((Piece::from(input::with_facts(source, &facts)), remark))
}
