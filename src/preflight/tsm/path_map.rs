//! Where the files on the server's machine are on this one.

use super::TsmLine;
use super::command::{FileArgument, ServerFiles, TsmCommand};

/// Directories on the server's machine, and the directories with their files here
/// (`--path-map 'C:\ssl=./ssl'`). `.` is the directory in which relative paths start.
#[derive(Clone, Debug, Default)]
pub struct PathMap {
    rows: Vec<(String, String)>,
}

impl PathMap {
    /// Adds `THERE=HERE`; `false` if one of them is missing.
    pub fn add(&mut self, text: &str) -> bool {
        let Some((there, here)) = text.split_once('=') else {
            return false;
        };
        if there.is_empty() || here.is_empty() {
            return false;
        }
        self.rows.push((there.to_owned(), here.to_owned()));
        true
    }

    /// Whether it has a row for this directory.
    pub fn has(&self, there: &str) -> bool {
        self.rows.iter().any(|(directory, _)| directory == there)
    }

    /// Where a file on the server's machine is here, if the map says so: the longest matching
    /// directory counts.
    pub fn here(&self, path: &str) -> Option<String> {
        let relative = !path.starts_with(['/', '\\', '~']) && !is_windows(path);
        let rows = self.rows.iter().filter_map(|(there, here)| {
            let rest = if there == "." && relative {
                path.trim_start_matches("./").trim_start_matches(".\\")
            } else {
                behind(path, there)?
            };
            Some((there.len(), here, rest))
        });
        let (_, here, rest) = rows.max_by_key(|(length, ..)| *length)?;
        if rest.is_empty() {
            return Some(here.clone());
        }
        let rest = rest.trim_start_matches(['\\', '/']);
        let rest = if is_windows(path) || path.contains('\\') && !path.contains('/') {
            rest.replace('\\', "/")
        } else {
            rest.to_owned()
        };
        Some(format!("{}/{rest}", here.trim_end_matches('/')))
    }
}

/// What follows the directory `there` in `path`. Windows ignores case, and treats slash and
/// backslash alike.
fn behind<'p>(path: &'p str, there: &str) -> Option<&'p str> {
    let there = there.trim_end_matches(['\\', '/']);
    let head = path.get(..there.len())?;
    let rest = path.get(there.len()..)?;
    let same = if is_windows(path) {
        let plain = |text: &str| text.replace('\\', "/").to_lowercase();
        plain(head) == plain(there)
    } else {
        head == there
    };
    (same && (rest.is_empty() || rest.starts_with(['\\', '/']))).then_some(rest)
}

/// Whether a path is a Windows path: `C:\ssl`, `\\server\share`.
pub(super) fn is_windows(path: &str) -> bool {
    let mut bytes = path.bytes();
    let drive = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && bytes.next().is_some_and(|b| matches!(b, b'\\' | b'/'));
    drive || path.starts_with("\\\\")
}

impl TsmLine {
    /// The first file with a relative path that the map does not contain.
    pub fn relative_path(&self, map: &PathMap) -> Option<&str> {
        let mut files = self.files().into_iter();
        let rooted = |path: &str| path.starts_with(['/', '\\', '~']) || is_windows(path);
        files
            .find(|file| !rooted(&file.path) && map.here(&file.path).is_none())
            .map(|file| file.path.as_str())
    }

    /// Gives each file its path on this machine.
    pub fn map_paths(&mut self, map: &PathMap) {
        for file in files_mut(&mut self.command).into_iter().flatten() {
            if let Some(here) = map.here(&file.path) {
                file.path = here;
            }
        }
    }

    /// The first file whose path is a Windows path.
    pub fn windows_path(&self) -> Option<&str> {
        let mut files = self.files().into_iter();
        files
            .find(|file| is_windows(&file.path))
            .map(|file| file.path.as_str())
    }
}

fn files_mut(command: &mut TsmCommand) -> [Option<&mut FileArgument>; 4] {
    match command {
        TsmCommand::ExternalSslEnable(files)
        | TsmCommand::CustomTsmSslEnable(files)
        | TsmCommand::GatewayCertificate { files, .. }
        | TsmCommand::SamlConfigure(files) => {
            let ServerFiles {
                certificate,
                key,
                chain,
                metadata,
                ..
            } = files;
            [
                certificate.as_mut(),
                key.as_mut(),
                chain.as_mut(),
                metadata.as_mut(),
            ]
        }
        TsmCommand::MutualSslConfigure {
            ca,
            revocation_list,
            ..
        } => [ca.as_mut(), revocation_list.as_mut(), None, None],
        TsmCommand::CustomCertAdd { ca } | TsmCommand::ExternalRepository { ca, .. } => {
            [ca.as_mut(), None, None, None]
        }
        TsmCommand::HanaDelegation { certificate, key } => {
            [certificate.as_mut(), key.as_mut(), None, None]
        }
        TsmCommand::GatewayFile { file, .. } => [Some(file), None, None, None],
        TsmCommand::ServiceEnable(connection) => {
            [connection.certificate.as_mut(), None, None, None]
        }
        _ => [None, None, None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::{PathMap, is_windows};

    #[test]
    fn directories_are_replaced() {
        let mut map = PathMap::default();
        for row in [
            "C:\\ssl=./ssl",
            "C:\\ssl\\old=/old",
            "/etc/ssl=here",
            "\\\\nas\\ssl=nas/",
        ] {
            assert!(map.add(row));
        }
        assert!(!map.add("x") && !map.add("=x") && !map.add("x="));
        for (path, here) in [
            ("C:\\ssl\\a.crt", Some("./ssl/a.crt")),
            ("c:/SSL/sub\\a.crt", Some("./ssl/sub/a.crt")),
            ("C:\\ssl\\old\\a.crt", Some("/old/a.crt")),
            ("C:\\ssl", Some("./ssl")),
            ("C:\\ssl2\\a.crt", None),
            ("/etc/ssl/a.crt", Some("here/a.crt")),
            ("/ETC/ssl/a.crt", None),
            ("\\\\nas\\ssl\\a.crt", Some("nas/a.crt")),
            ("", None),
        ] {
            assert_eq!(map.here(path).as_deref(), here, "{path}");
        }
        assert!(is_windows("D:/x") && !is_windows("d:x") && !is_windows("/x"));
    }
}
