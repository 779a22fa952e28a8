//! What `crt` names: a file, a directory of files, or a bundle of `NAME.dsa`,
//! `NAME.ecdsa` and `NAME.rsa` (`ssl_sock_load_cert` of 2.6).

use super::super::{Context, Looked, NamedPath, Settings, path, shown};
use super::TEST;
use super::global::Global;

/// Endings of a directory's files that are not certificates (`ssl_sock_load_files`).
const BESIDE: &[&str] = &[".issuer", ".ocsp", ".sctl", ".key"];

/// How many certificates one line may name: hosters have some thousand.
pub(super) const MOST: usize = 4096;

/// The files that `crt`, or a line of a crt-list, means; `None`: certcheck does not know them,
/// and reports that.
pub(super) fn of(
    written: &NamedPath,
    in_list: bool,
    line: usize,
    global: &Global,
    context: &Context<'_>,
    settings: &mut Settings,
) -> Vec<NamedPath> {
    // Linux's PATH_MAX and NAME_MAX: no such file can be there.
    if written.path.len() > 4095 || written.path.split('/').any(|part| part.len() > 255) {
        let message = "unable to stat SSL certificate from file : File name too long.";
        settings.refuse_at(written.setting, message, TEST, line);
        return Vec::new();
    }
    match settings.look(context, &written.path) {
        Some(Looked::Directory(_)) if in_list => {
            let message = "a line of a crt-list names a directory: HAProxy never stops reading it \
                           (measured: 2.6.12)";
            settings.refuse_at(written.setting, message, TEST, line);
            Vec::new()
        }
        Some(Looked::Directory(names)) => {
            let mut names: Vec<&String> = names
                .iter()
                .filter(|name| {
                    !name.starts_with('.') && !BESIDE.iter().any(|end| name.ends_with(end))
                })
                .collect();
            names.sort();
            let mut files: Vec<NamedPath> = names
                .into_iter()
                .take(MOST)
                .map(|name| NamedPath {
                    path: path::join(&written.path, name),
                    ..written.clone()
                })
                .collect();
            // Anything but a regular file is skipped (`S_ISREG`).
            files.retain(|file| {
                !matches!(
                    settings.look(context, &file.path),
                    Some(Looked::Directory(_))
                )
            });
            files
        }
        Some(Looked::Missing) if global.extras.bundle => {
            let mut found = Vec::new();
            // In the order of `SSL_SOCK_KEYTYPE_NAMES`: the first is the default.
            for kind in ["dsa", "ecdsa", "rsa"] {
                let file = format!("{}.{kind}", written.path);
                match settings.look(context, &file) {
                    Some(Looked::Read(_)) => found.push(NamedPath {
                        path: file,
                        ..written.clone()
                    }),
                    Some(Looked::Missing) => {}
                    _ => {
                        let reason = format!("{} was not read", shown(&file));
                        settings.not_judged("crt", reason, line);
                    }
                }
            }
            if found.is_empty() {
                vec![written.clone()]
            } else {
                found
            }
        }
        _ => vec![written.clone()],
    }
}
