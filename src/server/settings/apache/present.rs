//! Files that httpd checks for as soon as a directive names them, even if TLS is off or another
//! directive replaces them (`ssl_cmd_check_file`, ssl_engine_config.c).

use super::super::{Context, Looked, NamedPath, Settings, shown};
use crate::rule;
use std::collections::HashSet;

/// The directives, without those of `extras`, which are checked separately.
pub(super) const CHECKED: &[&str] = &[
    "SSLCACertificateFile",
    "SSLCertificateChainFile",
    "SSLCertificateFile",
    "SSLCertificateKeyFile",
];

/// How many such files are checked.
pub(super) const MOST: usize = 20_000;

/// Checks the files that no place with TLS opens: the others are judged with the place.
pub(super) fn check(named: &[NamedPath], context: &Context<'_>, settings: &mut Settings) {
    let opened: HashSet<String> = settings
        .scopes
        .iter()
        .flat_map(|scope| scope.files())
        .map(|(_, path)| path.path)
        .collect();
    let mut seen = HashSet::new();
    for file in named {
        if !file.is_file() || opened.contains(&file.path) || !seen.insert(&file.path) {
            continue;
        }
        let line = file.lines.map_or(1, |lines| lines.first);
        let there = match settings.look(context, &file.path) {
            Some(Looked::Read(source)) => !source.bytes().is_empty(),
            Some(Looked::Directory(_)) => false,
            // Even without read permission, httpd sees that it exists.
            Some(Looked::Unreadable(_)) => true,
            Some(Looked::Missing) => {
                let fact = rule::config::MissingFile {
                    setting: file.setting.to_owned(),
                    path: shown(&file.path),
                    problem: "there is no such file".to_owned(),
                };
                settings.note(fact, line);
                continue;
            }
            None => {
                let reason = format!("certcheck did not check {}", shown(&file.path));
                settings.not_judged(file.setting, reason, line);
                continue;
            }
        };
        if !there {
            let message = format!(
                "{}: file '{}' does not exist or is empty",
                file.setting,
                shown(&file.path)
            );
            settings.refuse_at(file.setting, &message, "by `apachectl -t`", line);
        }
    }
}
