//! Files of CA certificates and of revocation lists, which HAProxy loads with one
//! function (`ssl_store_load_locations_file`): either kind works for either setting
//! (measured: 2.6.12).

use super::super::{Context, Looked, NamedPath, Settings, path, shown};
use crate::encoding::loader::Authorities;

/// Whether the word means the system's store, not a file; with a `ca-base` it is a file.
pub(super) fn is_of_system(written: &str, base: &str) -> bool {
    written == "@system-ca" && base.is_empty()
}

/// The files of a directory that HAProxy takes a CA from, where `ca-file` or `crl-file`
/// names one: the first certificate of each file with one of these endings, in the order
/// of the names. It skips unreadable files with a warning; if none remains, it still starts, with
/// `0 CA were loaded`.
const ENDINGS: &[&str] = &[".pem", ".crt", ".cer", ".crl"];

/// How many files of a directory are examined.
const MOST_FILES: usize = 1000;

/// What HAProxy loads from a directory.
#[derive(Default)]
struct Directory {
    /// The paths of the files that have one certificate, and nothing else that matters.
    files: Vec<String>,
    /// Why it is unknown what HAProxy loads.
    unsure: Option<String>,
}

/// The contents of the directory at `path`; `None` if it is not a directory.
fn directory(path: &str, context: &Context<'_>, settings: &mut Settings) -> Option<Directory> {
    let Some(Looked::Directory(names)) = settings.look(context, path) else {
        return None;
    };
    let named = |name: &&String| {
        !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let mut names: Vec<&String> = names.iter().filter(named).collect();
    names.sort();
    let mut found = Directory::default();
    if names.len() > MOST_FILES {
        found.unsure = Some("it has more files than certcheck reads".to_owned());
    }
    for name in names.into_iter().take(MOST_FILES) {
        let file = path::join(path, name);
        match settings.look(context, &file) {
            Some(Looked::Read(source)) => {
                let inside = Authorities::of(source.bytes());
                match inside.read.len() {
                    0 => {}
                    1 if !inside.refused => found.files.push(file),
                    _ => {
                        let reason = format!(
                            "HAProxy takes only the first certificate of {}",
                            shown(&file)
                        );
                        let _ = found.unsure.get_or_insert(reason);
                    }
                }
            }
            Some(Looked::Missing | Looked::Directory(_)) => {}
            Some(Looked::Unreadable(_)) | None => {
                let reason = format!("{} was not read", shown(&file));
                let _ = found.unsure.get_or_insert(reason);
            }
        }
    }
    Some(found)
}

/// Which CAs a `ca-file` makes the server trust.
#[derive(Default)]
pub(super) struct Trusted {
    pub(super) files: Vec<NamedPath>,
    /// Whether the CAs are elsewhere: the system's store, a directory, a file of lists.
    pub(super) elsewhere: bool,
    /// A directory without any CA.
    pub(super) no_ca: bool,
}

/// The result of a `ca-file` of a `bind` line, or of a line of a crt-list.
pub(super) fn trusted(
    file: NamedPath,
    base: &str,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Trusted {
    const WORD: &str = "ca-file";
    let mut known = Trusted {
        elsewhere: true,
        ..Trusted::default()
    };
    if is_of_system(&file.written, base) {
        return known;
    }
    if let Some(found) = directory(&file.path, context, settings) {
        said(WORD, &file.path, &found, line, settings);
        known.no_ca = found.files.is_empty() && found.unsure.is_none();
        let one = |path| NamedPath {
            path,
            ..file.clone()
        };
        known.files.extend(found.files.into_iter().map(one));
        return known;
    }
    // A file with only lists is also accepted, and then no CA is trusted.
    let lists = match settings.look(context, &file.path) {
        Some(Looked::Read(source)) => has_lists_alone(source.bytes()),
        _ => false,
    };
    if lists {
        let reason = "certcheck does not judge a file of revocation lists instead of certificates";
        settings.not_judged(WORD, reason, line);
        let _ = settings.authorities(context, WORD, &file.path, line);
    } else {
        known.elsewhere = false;
        known.files.push(file);
    }
    known
}

/// Whether it is one file, whose certificates are all read.
pub(super) fn is_plain(file: &NamedPath, context: &Context<'_>, settings: &mut Settings) -> bool {
    match settings.look(context, &file.path) {
        Some(Looked::Read(source)) => !has_lists_alone(source.bytes()),
        _ => false,
    }
}

/// The same, for a setting that affects only which CAs are trusted.
pub(super) fn check(
    word: &str,
    path: &str,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let Some(found) = directory(path, context, settings) else {
        let _ = settings.authorities(context, word, path, line);
        return;
    };
    said(word, path, &found, line, settings);
}

/// Reports the findings about such a directory.
fn said(word: &str, path: &str, found: &Directory, line: usize, settings: &mut Settings) {
    if let Some(reason) = &found.unsure {
        settings.not_judged(word, reason.clone(), line);
    } else if word == "crl-file" {
        let reason = "HAProxy reads no revocation list from a directory: if a list is required, \
            no certificate can be verified";
        settings.ignored(word, path, reason, line);
    } else if found.files.is_empty() {
        let reason = "HAProxy finds no CA in this directory (`0 CA were loaded`): it reads one \
                      certificate of each .pem, .crt, .cer and .crl file in PEM";
        settings.ignored(word, path, reason, line);
    }
}

/// Whether a file holds only lists, so that no CA is trusted.
fn has_lists_alone(bytes: &[u8]) -> bool {
    let found = Authorities::of(bytes);
    found.certificates == 0 && found.lists > 0
}
