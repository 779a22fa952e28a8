//! Files of CA certificates and of revocation lists that settings name: the rule of
//! [`authority_file`](crate::server::authority_file), applied to these settings.

use super::{Context, Looked, Settings, shown};
use crate::server::authority_file::{Reading, read, read_directory};

impl Settings {
    /// A file of certificates or lists, which must be there and be one that the server
    /// takes; whether there is a list in it, where it is taken.
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

    /// The same, of a file of revocation lists: without any, no one's certificate is valid.
    pub(super) fn lists(&mut self, context: &Context<'_>, setting: &str, path: &str, line: usize) {
        if self.authorities(context, setting, path, line) == Some(false) {
            let reason = format!("{} has no PEM section `X509 CRL`", shown(path));
            self.not_judged(setting, reason, line);
        }
    }
}
