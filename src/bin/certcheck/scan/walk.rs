//! What is in the tree, in the order of its names.
//!
//! Links to files of the tree are not read: the files have their own names. Nothing outside the
//! tree is read, and nothing that is not a regular file: a named pipe or a device would keep the
//! program waiting.

use super::pool::{Item, Todo};
use super::stop::Stop;
use crate::failure::Failure;
use crate::input;
use certcheck::command::scan::SkipReason;
use ignore::{DirEntry, WalkBuilder};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The directories and files that the user named.
#[derive(Default)]
pub(crate) struct Roots {
    paths: Vec<PathBuf>,
    /// Where they really are.
    real: Vec<PathBuf>,
    /// Whether standard input is among them.
    pub(crate) stdin: bool,
    /// What the user named but does not exist.
    pub(crate) missing: Vec<Failure>,
}

impl Roots {
    /// Each once: a directory within another one is searched with it.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut roots = Self::default();
        for path in paths {
            if path.as_os_str() == "-" {
                roots.stdin = true;
                continue;
            }
            match path.canonicalize() {
                Ok(real) => {
                    roots.paths.push(path.clone());
                    roots.real.push(real);
                }
                Err(error) => roots.missing.push(input::unreadable(path, &error)),
            }
        }
        // Of two equal directories the first stays; the real paths show that `a/../b` is `b`.
        let real = roots.real.clone();
        let mut place = 0;
        roots.paths.retain(|_| {
            let own = real.get(place);
            let within = |(other, root): (usize, &PathBuf)| {
                own.is_some_and(|own| {
                    other != place && own.starts_with(root) && (own != root || other < place)
                })
            };
            let again = real.iter().enumerate().any(within);
            place += 1;
            !again
        });
        roots
    }

    /// Whether there is nothing to walk through.
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.stdin
    }

    /// Walks through all of it; `give` receives each entry, and says whether to go on.
    pub(super) fn walk(&self, stop: &Stop, mut give: impl FnMut(Todo) -> bool) {
        // The filter below is not asked about the roots themselves.
        let (kernel, paths): (Vec<_>, Vec<_>) = self
            .paths
            .iter()
            .partition(|path| path.is_dir() && is_of_the_kernel(path));
        for path in kernel {
            if !give(skip(SkipReason::KernelFiles, path, None)) {
                return;
            }
        }
        let Some((first, others)) = paths.split_first() else {
            return;
        };
        let passed: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let mut builder = WalkBuilder::new(first);
        for path in others {
            builder.add(path);
        }
        let kernel = Arc::clone(&passed);
        builder
            .standard_filters(false)
            .follow_links(false)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(move |entry| {
                let is_kernel = entry.file_type().is_some_and(|kind| kind.is_dir())
                    && is_of_the_kernel(entry.path());
                if is_kernel {
                    let mut passed = kernel.lock().unwrap_or_else(PoisonError::into_inner);
                    passed.push(entry.path().to_owned());
                }
                !is_kernel
            });
        // The filter cannot call `give`: it leaves what it skipped for the loop to report.
        for entry in builder.build() {
            let mut kernel = passed.lock().unwrap_or_else(PoisonError::into_inner);
            for path in kernel.drain(..) {
                if !give(skip(SkipReason::KernelFiles, &path, None)) {
                    return;
                }
            }
            drop(kernel);
            let todo = match entry {
                Ok(entry) => self.todo(entry),
                Err(error) => Some(failed(&error)),
            };
            if stop.is_set() || todo.is_some_and(|todo| !give(todo)) {
                return;
            }
        }
        let mut kernel = passed.lock().unwrap_or_else(PoisonError::into_inner);
        for path in kernel.drain(..) {
            give(skip(SkipReason::KernelFiles, &path, None));
        }
    }

    fn todo(&self, entry: DirEntry) -> Option<Todo> {
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            return None;
        }
        // Depth 0 is what the user named: that link is followed.
        if kind.is_symlink() && entry.depth() > 0 {
            return Some(self.link(path));
        }
        if kind.is_file() || kind.is_symlink() {
            let named = entry.depth() == 0;
            let size = match named {
                true => std::fs::metadata(path).map(|facts| facts.len()).ok(),
                false => entry.metadata().map(|facts| facts.len()).ok(),
            };
            return Some(Todo::File {
                path: entry.into_path(),
                size: size.unwrap_or(0),
                named,
            });
        }
        Some(skip(odd(kind), path, None))
    }

    fn link(&self, path: &Path) -> Todo {
        match path.canonicalize() {
            Ok(real) if self.real.iter().any(|root| real.starts_with(root)) => {
                skip(SkipReason::LinkWithin, path, None)
            }
            Ok(real) => {
                let target = real.to_string_lossy().into_owned();
                skip(SkipReason::LinkOut, path, Some(target))
            }
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                skip(SkipReason::Denied, path, None)
            }
            Err(_) => skip(SkipReason::LinkBroken, path, None),
        }
    }
}

pub(super) fn skip(reason: SkipReason, path: &Path, more: Option<String>) -> Todo {
    Todo::Done(Item::skip(reason, path, more))
}

fn failed(error: &ignore::Error) -> Todo {
    let path = path_of(error).map_or_else(String::new, |path| path.to_string_lossy().into_owned());
    match error.io_error() {
        Some(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            skip(SkipReason::Denied, Path::new(&path), None)
        }
        _ => skip(
            SkipReason::Unreadable,
            Path::new(&path),
            Some(error.to_string()),
        ),
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// What is neither a file nor a directory nor a link.
#[cfg(unix)]
pub(super) fn odd(kind: std::fs::FileType) -> SkipReason {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        SkipReason::Fifo
    } else if kind.is_socket() {
        SkipReason::Socket
    } else {
        SkipReason::Device
    }
}

#[cfg(not(unix))]
pub(super) fn odd(_: std::fs::FileType) -> SkipReason {
    SkipReason::Device
}

/// Whether a directory is on a file system that the kernel generates: reading its files can wait
/// for ever, never end, or change the machine (proc(5), sysfs(5)).
#[cfg(target_os = "linux")]
fn is_of_the_kernel(path: &Path) -> bool {
    /// The magic numbers of linux/magic.h: proc, sysfs, debugfs, tracefs, cgroup, cgroup2, securityfs,
    /// pstore, bpf, devpts, selinuxfs, efivarfs, configfs, fusectl, mqueue, hugetlbfs,
    /// binfmt_misc, smackfs, rpc_pipefs, nsfs.
    const KERNEL: [u64; 20] = [
        0x9fa0,
        0x6265_6572,
        0x6462_6720,
        0x7472_6163,
        0x27_e0eb,
        0x6367_7270,
        0x7363_6673,
        0x6165_676c,
        0xcafe_4a11,
        0x1cd1,
        0xf97c_ff8c,
        0xde5e_81e4,
        0x6265_6570,
        0x6573_5543,
        0x1980_0202,
        0x9584_58f6,
        0x4249_4e4d,
        0x4341_5d53,
        0x6759_6969,
        0x6e73_6673,
    ];
    rustix::fs::statfs(path).is_ok_and(|facts| {
        u64::try_from(facts.f_type).is_ok_and(|magic| KERNEL.contains(&(magic & 0xffff_ffff)))
    })
}

#[cfg(not(target_os = "linux"))]
fn is_of_the_kernel(_: &Path) -> bool {
    false
}
