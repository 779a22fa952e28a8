//! The options of certcheck that only `tsm` has.

use crate::failure::Failure;
use certcheck::preflight::tsm::{
    Context, Directory, PathMap, Purpose, Shell, TableauVersion, TsmCommand,
};
use std::path::Path;

/// The values of these options.
#[derive(Clone, Default)]
pub(super) struct Own {
    pub(super) version: Option<TableauVersion>,
    pub(super) purpose: Option<Purpose>,
    pub(super) paths: PathMap,
    pub(super) shell: Option<Shell>,
    pub(super) defines: Vec<(String, String)>,
    /// The certificate of a user, to judge with `mutual-ssl configure`.
    pub(super) user: Option<String>,
    /// The mail server, for `custom-cert add`.
    pub(super) smtp: Option<String>,
}

impl Own {
    /// The same for a command that runs in the directory of its script's file.
    pub(super) fn of_script(&self, directory: Directory, script: &Path) -> Option<Self> {
        let parent = script.parent().filter(|_| script != Path::new("-"))?;
        let here = parent.to_str().filter(|here| !here.is_empty())?;
        (directory == Directory::OfScript && !self.paths.has(".")).then(|| {
            let mut own = self.clone();
            own.paths.add(&format!(".={here}"));
            own
        })
    }

    /// Takes them out of `words`, which keep the options that `preflight` also has.
    pub(super) fn take(words: &mut Vec<String>) -> Result<Self, Failure> {
        let mut own = Self::default();
        for value in values(words, "--tableau-version")? {
            let version = value
                .parse()
                .map_err(|error| Failure::new(format!("--tableau-version {value}: {error}")))?;
            own.version = Some(version);
        }
        for value in values(words, "--path-map")? {
            if !own.paths.add(&value) {
                return Err(Failure::new(format!("--path-map {value}: no THERE=HERE"))
                    .help("--path-map 'C:\\ssl=./ssl' says where the server's files are here"));
            }
        }
        for value in values(words, "--shell")? {
            let named = Shell::named(&value).ok_or_else(|| {
                let names = Shell::ALL.map(Shell::as_str).join(", ");
                Failure::new(format!("--shell {value}: it is one of {names}"))
            });
            own.shell = Some(named?);
        }
        for value in values(words, "--for")? {
            let named = Purpose::named(&value).ok_or_else(|| {
                let names = Purpose::ALL.map(Purpose::as_str).join(", ");
                Failure::new(format!("--for {value}: it is one of {names}"))
            });
            own.purpose = Some(named?);
        }
        own.user = values(words, "--user-cert")?.pop();
        own.smtp = values(words, "--smtp")?.pop();
        for value in values(words, "--define")? {
            let Some((name, value)) = value.split_once('=') else {
                return Err(Failure::new(format!("--define {value}: no NAME=VALUE")));
            };
            own.defines.push((name.to_owned(), value.to_owned()));
        }
        Ok(own)
    }

    /// Refuses the options that are for a command other than this one.
    pub(super) fn belongs_to(&self, command: &TsmCommand) -> Result<(), Failure> {
        let user = matches!(command, TsmCommand::MutualSslConfigure { .. });
        let smtp = matches!(command, TsmCommand::CustomCertAdd { .. });
        if self.user.is_some() && !user {
            return Err(Failure::new(
                "--user-cert is for tsm authentication mutual-ssl configure",
            )
            .help("certcheck tsm authentication mutual-ssl configure --ca-cert ca.crt -m cn --user-cert user.crt"));
        }
        if self.smtp.is_some() && !smtp {
            return Err(
                Failure::new("--smtp is for tsm security custom-cert add").help(
                    "certcheck tsm security custom-cert add -c ca.crt --smtp mail.example.com:587",
                ),
            );
        }
        Ok(())
    }

    /// What is known in addition to the words of a command.
    pub(super) fn context(&self) -> Context {
        let mut context = Context::default();
        context.version = self.version;
        context
    }
}

/// The values of an option, which is removed with them.
fn values(words: &mut Vec<String>, option: &str) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut kept = Vec::new();
    let mut rest = std::mem::take(words).into_iter();
    while let Some(word) = rest.next() {
        if word == option {
            let value = rest.next();
            found.push(value.ok_or_else(|| Failure::new(format!("{option} needs a value")))?);
        } else if let Some(value) = word
            .strip_prefix(option)
            .and_then(|rest| rest.strip_prefix('='))
        {
            found.push(value.to_owned());
        } else {
            kept.push(word);
        }
    }
    *words = kept;
    Ok(found)
}
