//! postgresql.conf: `ssl*`, `port`, `listen_addresses`.
//! Measured: PostgreSQL 15.18; its grammar is `guc-file.l`.

use super::effective::{self, AllWritten};
use super::version::Admission;
use super::{
    ClientAuth, Context, ListsFor, NamedPath, Placed, Scope, Settings, lossy, path, shown,
};
use crate::protocol::Dialect;
use crate::rule;
use crate::server::startup::StartOutcome;
use crate::source::Lines;

mod access;
mod file;
mod hba;
mod listening;
mod machine;
mod negotiation;
mod table;
mod token;

/// After this many errors, PostgreSQL stops reading (`guc-file.l`).
const MOST_ERRORS: usize = 100;

struct Setting {
    name: String,
    value: String,
    line: usize,
}

pub(super) fn read(parts: &[(usize, &[u8])], context: &Context<'_>, settings: &mut Settings) {
    let mut files = file::Files::new(context, settings);
    for &(before, bytes) in parts {
        files.read(&lossy(bytes), context.base, before, 0);
    }
    files.directory();
    files.automatic();
    files.arguments();
    let entries = std::mem::take(&mut files.entries);
    let mut found: Vec<Setting> = Vec::new();
    let mut written = AllWritten::new();
    for entry in entries {
        if entry.name.starts_with("ssl") {
            let at = Some(Lines::new(entry.line, entry.line));
            effective::write(&mut written, &entry.name, &entry.value, at);
        }
        keep(entry.name, entry.value, entry.line, &mut found, settings);
    }
    let mut scope = scope(&found, context, settings);
    scope.written = written;
    let named = found.iter().find(|setting| setting.name == "hba_file");
    let listen = found
        .iter()
        .find(|setting| setting.name == "listen_addresses");
    let is_reachable = listening::is_reachable(listen);
    access::judge(named, is_reachable, &mut scope, context, settings);
    settings.check_ciphers("ssl_ciphers", &scope, StartOutcome::StartFails.noticed());
    settings.check_negotiation(
        &scope,
        Dialect::Postgres,
        StartOutcome::StartFails.noticed(),
        true,
    );
    settings.add(scope);
}

/// The lines of a setting; `None` if it is on the command line.
fn lines(setting: &Setting) -> Option<Lines> {
    (setting.line > 0).then(|| Lines::new(setting.line, setting.line))
}

fn keep(
    name: String,
    value: String,
    number: usize,
    found: &mut Vec<Setting>,
    settings: &mut Settings,
) {
    let at = number.max(1);
    // A name with a dot belongs to an extension, which may be unknown.
    if name.contains('.') {
        return;
    }
    settings.depends_on(&name, at);
    // The new name of the setting; the old one still works.
    let is_renamed = name == "ssl_groups" && settings.has_version("18");
    let name = if is_renamed {
        "ssl_ecdh_curve".to_owned()
    } else {
        name
    };
    let known = table::named(&name);
    if settings.admission(&name, known.is_some()) == Admission::NotJudged {
        return settings.known_by_name(&name, at);
    }
    let known = known.filter(|_| settings.admission(&name, true) == Admission::Takes);
    match known {
        None if table::is_hidden(&name) => {
            settings.not_judged(&name, "PostgreSQL hides this parameter", at);
        }
        None => {
            let ancient = table::of_other_versions(&name);
            let known = settings.other_versions(&name, "PostgreSQL 15", ancient);
            let message = format!(
                "unrecognized configuration parameter \"{}\"{known}",
                shown(&name)
            );
            settings.refuse(&name, &message, at);
            return;
        }
        // The last of several lines counts. Its value is judged after all lines are read.
        Some(_) => {}
    }
    if let Some(at) = found.iter().position(|setting| setting.name == name) {
        let earlier = found.remove(at);
        // A command may hold the passphrase itself: `echo secret`.
        let value = if name == "ssl_passphrase_command" {
            String::new()
        } else {
            shown(&earlier.value)
        };
        let fact = rule::config::Overridden {
            setting: name.clone(),
            value,
            by_line: settings.line_beside(number, earlier.line),
        };
        // Only settings that affect TLS are worth a finding.
        if name.starts_with("ssl") || name == "port" || name == "data_directory" {
            settings.note(fact, earlier.line.max(1));
        }
    }
    found.push(Setting {
        name,
        value,
        line: number,
    });
}

fn scope(found: &[Setting], context: &Context<'_>, settings: &mut Settings) -> Scope {
    let get = |name: &str| found.iter().find(|setting| setting.name == name);
    // Relative files are in the data directory, which another file may name.
    let base = get("data_directory").map_or_else(
        || context.base.to_owned(),
        |setting| path::join(context.base, &setting.value),
    );
    let file = |setting: &'static str, default: &str| match get(setting) {
        Some(found) => NamedPath {
            setting,
            path: path::join(&base, &found.value),
            written: found.value.clone(),
            lines: lines(found),
        },
        None => NamedPath {
            setting,
            path: path::join(&base, default),
            written: default.to_owned(),
            lines: None,
        },
    };
    for setting in found {
        let at = setting.line.max(1);
        match table::named(&setting.name).map(|known| known.takes(&setting.name, &setting.value)) {
            // Ports and versions have findings of their own.
            _ if setting.name == "port" || setting.name.ends_with("_protocol_version") => {}
            Some(table::Taken::No(message)) => settings.refuse(&setting.name, &message, at),
            Some(table::Taken::Perhaps) => {
                let reason = "certcheck does not know whether PostgreSQL accepts this value";
                settings.not_judged(&setting.name, reason, at);
            }
            Some(table::Taken::Yes) | None => {}
        }
    }
    machine::judge(&get, context, settings);
    let on = get("ssl").is_some_and(|setting| boolean(&setting.value) == Some(true));
    let tls = on && listening::listens(get("listen_addresses"), settings);
    if let Some(setting) = get("db_user_namespace")
        && boolean(&setting.value) == Some(true)
    {
        let reason = "PostgreSQL looks up each user as `user@database`";
        settings.not_judged(&setting.name, reason, setting.line.max(1));
    }
    let mut scope = Scope {
        name: "postgresql.conf".to_owned(),
        tls,
        certificates: vec![file("ssl_cert_file", "server.crt")],
        keys: vec![file("ssl_key_file", "server.key")],
        ..Scope::default()
    };
    let ca = file("ssl_ca_file", "");
    if !ca.written.is_empty() {
        // The server then asks every client, and pg_hba.conf decides who must answer.
        scope.client_auth = Some(Placed {
            value: ClientAuth::Optional,
            lines: ca.lines,
        });
        scope.ca.push(ca);
        let list = file("ssl_crl_file", "");
        if !list.written.is_empty() {
            scope.client_checks.revocation = ListsFor::Chain;
            scope.client_checks.lists.push(list);
        }
        // With only a directory, every certificate needs a list from it.
        let directory = file("ssl_crl_dir", "");
        if !directory.written.is_empty() {
            let checks = &mut scope.client_checks;
            checks.revocation = ListsFor::Chain;
            let (path, lines) = (&directory.path, directory.lines);
            let found = settings.lists_in(context, "ssl_crl_dir", path, lines);
            checks.lists_by_name = found.as_ref().is_some_and(|found| !found.is_empty());
            if checks.lists_by_name || found.is_none() {
                checks.not_interpreted = Some(Placed {
                    value: "ssl_crl_dir".to_owned(),
                    lines,
                });
            }
            checks.lists.extend(found.unwrap_or_default());
        }
    }
    scope.passphrase = get("ssl_passphrase_command")
        .filter(|setting| !setting.value.is_empty())
        .map(|setting| Placed {
            value: "ssl_passphrase_command",
            lines: lines(setting),
        });
    scope.ciphers = get("ssl_ciphers").map(|setting| Placed {
        value: setting.value.clone(),
        lines: lines(setting),
    });
    if tls {
        let before = settings.uninterpreted;
        scope.negotiation = negotiation::extras(&get, &base, context, settings);
        if settings.uninterpreted > before {
            scope.negotiation.not_interpreted = Some(Placed {
                value: "ssl".to_owned(),
                lines: None,
            });
        }
    }
    scope.protocols = negotiation::protocols(
        get("ssl_min_protocol_version"),
        get("ssl_max_protocol_version"),
    );
    scope.ports.push(listening::port(get("port"), settings));
    if let Some(port) = scope.ports.first() {
        let bound = listening::bound(get("listen_addresses"), port.value);
        let at = port.lines.or(get("listen_addresses").and_then(lines));
        settings.opens_sockets(&bound, at);
        if tls {
            scope.bound = bound;
        }
    }
    if !on {
        off(found, get("ssl"), settings);
        let bounds = ["ssl_min_protocol_version", "ssl_max_protocol_version"];
        for setting in bounds.into_iter().filter_map(get) {
            negotiation::unused_bound(setting, settings);
        }
    }
    scope
}

fn off(found: &[Setting], ssl: Option<&Setting>, settings: &mut Settings) {
    let named = found
        .iter()
        .find(|setting| setting.name.starts_with("ssl_"));
    let reason = match ssl {
        Some(_) => "ssl is off",
        None => "ssl is not set, and its default is off",
    };
    if let Some(line) = ssl.or(named).map(|setting| setting.line.max(1)).or(Some(1)) {
        settings.note(
            rule::config::TlsOff {
                setting: "ssl".to_owned(),
                reason: reason.to_owned(),
            },
            line,
        );
    }
}

/// `parse_bool`: any unambiguous prefix of true, false, yes, no;
/// `on`, `off`, `of`, 1, 0.
fn boolean(value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let begins = |word: &str| !value.is_empty() && word.starts_with(&value);
    match value.as_str() {
        "on" | "1" => Some(true),
        "off" | "of" | "0" => Some(false),
        _ if begins("true") || begins("yes") => Some(true),
        _ if begins("false") || begins("no") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::boolean;

    #[test]
    fn booleans_may_be_cut_short() {
        for (text, value) in [
            ("on", Some(true)),
            ("o", None),
            ("of", Some(false)),
            ("tr", Some(true)),
            ("N", Some(false)),
            ("1", Some(true)),
            ("", None),
            ("maybe", None),
            ("yess", None),
        ] {
            assert_eq!(boolean(text), value, "{text}");
        }
    }
}
