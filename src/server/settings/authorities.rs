//! Files of CA certificates and of revocation lists that settings name: the rule of
//! [`authority_file`](crate::server::authority_file), applied to these settings.

use super::{Context, Lines, Looked, NamedPath, Settings, shown};
use crate::server::authority_file::{Reading, read, read_directory};

/// How many files in a directory are read.
const MOST_LISTS: usize = 256;

/// `0b5d0843.r0`: the hash of an issuer's name, and a number.
fn is_list_name(name: &str) -> bool {
    name.split_once(".r").is_some_and(|(hash, number)| {
        hash.len() == 8
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

impl Settings {
    /// The lists of a directory: OpenSSL opens no file with another name, and treats a missing
    /// directory as empty. `None` if its contents are unknown.
    pub(super) fn lists_in(
        &mut self,
        context: &Context<'_>,
        setting: &'static str,
        directory: &str,
        lines: Option<Lines>,
    ) -> Option<Vec<NamedPath>> {
        let names = match self.look(context, directory)? {
            Looked::Directory(names) => names,
            Looked::Missing | Looked::Read(_) => return Some(Vec::new()),
            Looked::Unreadable(_) => return None,
        };
        let names: Vec<_> = names.iter().filter(|name| is_list_name(name)).collect();
        if names.len() > MOST_LISTS {
            return None;
        }
        let mut found = Vec::new();
        for name in names {
            let path = format!("{}/{name}", directory.trim_end_matches('/'));
            let _ = self.look(context, &path)?;
            found.push(NamedPath {
                setting,
                written: path.clone(),
                path,
                lines,
            });
        }
        Some(found)
    }

    /// A file of certificates or lists, which must exist and which the server must accept; returns
    /// whether an accepted file contains a list.
    pub(super) fn authorities(
        &mut self,
        context: &Context<'_>,
        setting: &str,
        path: &str,
        line: usize,
    ) -> Option<bool> {
        let server = self.server;
        let (name, directive) = (shown(path), setting);
        let reading = match self.look(context, path) {
            Some(Looked::Directory(_)) => read_directory(server, directive, &name),
            _ => None,
        };
        let reading = match reading {
            Some(reading) => reading,
            None => {
                let bytes = self.demanded(context, setting, path, line)?;
                let unknown =
                    Reading::Unsure("certcheck does not know what the server reads of it");
                read(server, directive, &name, bytes).unwrap_or(unknown)
            }
        };
        match reading {
            Reading::Taken { lists } => return Some(lists),
            Reading::Refused(outcome, message) => {
                self.refuse_at(setting, &message, outcome.noticed(), line);
            }
            Reading::Unsure(reason) => {
                let reason = format!("{name}: {reason}");
                self.not_judged(setting, reason, line);
            }
        }
        None
    }

    /// The same for a file of revocation lists: without any list, no client's certificate is valid.
    pub(super) fn lists(&mut self, context: &Context<'_>, setting: &str, path: &str, line: usize) {
        if self.authorities(context, setting, path, line) == Some(false) {
            let reason = format!("{} has no PEM section `X509 CRL`", shown(path));
            self.not_judged(setting, reason, line);
        }
    }
}
