//! What pg_hba.conf means for connections over TLS.

use super::super::{
    ClientAuth, Context, Looked, Placed, Scope, Settings, UserName, lossy, path, shown,
};
use super::hba::reach::Family;
use super::hba::{self, Named, Record};
use super::{Setting, lines};
use crate::rule;
use crate::source::Lines;

/// Whether the settings are among the files that `initdb` created.
fn is_data(context: &Context<'_>, settings: &mut Settings) -> bool {
    ["PG_VERSION", "postgresql.auto.conf", "pg_ident.conf"]
        .iter()
        .any(|name| {
            let file = path::join(context.base, name);
            matches!(settings.look(context, &file), Some(Looked::Read(_)))
        })
}

/// Judges the file next to postgresql.conf, or the one that `hba_file` names; `is_reachable`: clients
/// on other machines reach the server.
pub(super) fn judge(
    named: Option<&Setting>,
    is_reachable: bool,
    scope: &mut Scope,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    const NAME: &str = "hba_file";
    let at = named.map_or(1, |setting| setting.line.max(1));
    let written = named.map_or("pg_hba.conf", |setting| setting.value.as_str());
    let file = path::join(context.base, written);
    if let Some(setting) = named.filter(|setting| setting.value.is_empty()) {
        let message = "could not load pg_hba.conf: the file name is empty";
        settings.refuse(NAME, message, setting.line.max(1));
        return;
    }
    if named.is_some_and(|setting| !setting.value.starts_with('/')) {
        let reason = "a relative name starts from PostgreSQL's working directory, which certcheck does \
             not know";
        settings.not_judged(NAME, reason, at);
    }
    // A relative path starts in the directory where the server was started.
    let certain = named.is_some_and(|setting| setting.value.starts_with('/'));
    let bytes = match settings.look(context, &file) {
        Some(Looked::Read(source)) => {
            settings.opens(source);
            source.bytes()
        }
        Some(Looked::Missing) if certain => {
            let fact = rule::config::MissingFile {
                setting: NAME.to_owned(),
                path: shown(&file),
                problem: "there is no such file".to_owned(),
            };
            settings.note(fact, at);
            return;
        }
        Some(Looked::Directory(_)) => {
            let message = "could not load pg_hba.conf: it is a directory";
            settings.refuse(NAME, message, at);
            return;
        }
        Some(Looked::Unreadable(reason)) => {
            let reason = format!("{}: {reason}", shown(&file));
            settings.not_judged(NAME, reason, at);
            return;
        }
        // In a data directory it is where PostgreSQL looks for it.
        Some(Looked::Missing) if named.is_none() && is_data(context, settings) => {
            let message = format!("could not open configuration file \"{}\"", shown(&file));
            settings.refuse(NAME, &message, at);
            return;
        }
        _ => {
            settings.not_asked = Some(format!(
                "{} was not read: certcheck does not know whom it admits",
                shown(&file)
            ));
            return;
        }
    };
    settings.read_beside(&file);
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    let mut open = |name: &str| {
        let path = path::join(directory, name);
        match settings.look(context, &path) {
            Some(Looked::Read(source)) => {
                settings.read_beside(&path);
                Named::Text(lossy(source.bytes()).into_owned())
            }
            Some(Looked::Missing) => Named::Missing,
            _ => Named::Unknown,
        }
    };
    let access = hba::read(&lossy(bytes), &mut open);
    for (line, problem) in &access.errors {
        let message = format!("could not load pg_hba.conf: line {line}: {problem}");
        settings.refuse(NAME, &message, at);
    }
    if access.unread || access.records.iter().any(|record| record.unread) {
        let reason = "certcheck does not judge a part of pg_hba.conf: files of names, RADIUS or LDAP servers";
        settings.not_judged(NAME, reason, at);
    }
    if !scope.tls || !access.errors.is_empty() {
        return;
    }
    // The first matching record decides.
    let over_tls = access.records.iter().filter(|record| record.over_tls());
    let ordinary: Vec<_> = over_tls
        .clone()
        .filter(|record| record.is_ordinary())
        .collect();
    let reached = |family: Family| -> Vec<&Record> {
        let places = ordinary.iter().enumerate();
        places
            .filter(|(at, record)| {
                let earlier = ordinary.get(..*at).unwrap_or_default();
                !record.rejects && record.is_reached(earlier, family)
            })
            .map(|(_, record)| *record)
            .collect()
    };
    let (v4, v6) = (reached(Family::V4), reached(Family::V6));
    let let_in: Vec<_> = v4.iter().chain(&v6).copied().collect();
    // If there are clients on other machines, they are those that count.
    let of_others: Vec<_> = let_in
        .iter()
        .copied()
        .filter(|record| !record.is_of_this_machine())
        .collect();
    let replicates = over_tls
        .clone()
        .any(|record| !record.is_ordinary() && !record.rejects);
    let doubt = if let_in.is_empty() && replicates {
        Some("over TLS, pg_hba.conf admits replication connections, but no other connections")
    } else if is_reachable && !let_in.is_empty() && of_others.is_empty() {
        Some(
            "over TLS, pg_hba.conf admits only clients on this machine, and PostgreSQL listens for others",
        )
    } else if !let_in.is_empty() && v4.is_empty() {
        Some("over TLS, pg_hba.conf admits IPv6 addresses but no IPv4 addresses")
    } else if !let_in.is_empty() && let_in.iter().all(|record| record.is_by_name()) {
        Some(
            "over TLS, pg_hba.conf admits only hosts by name, which PostgreSQL looks up when a client connects",
        )
    } else if !let_in.is_empty() && let_in.iter().all(|record| record.is_odd()) {
        Some(
            "over TLS, pg_hba.conf admits only databases or users whose name is a keyword in quotes or begins with `/`, which PostgreSQL 15 does not read as a regular expression",
        )
    } else {
        None
    };
    if let Some(doubt) = doubt {
        settings.not_judged(NAME, doubt, at);
        return;
    }
    scope.negotiation.channel_binding = Some(let_in.iter().any(|record| record.scram));
    let counted = if is_reachable { &of_others } else { &let_in };
    let demands = !counted.is_empty() && counted.iter().all(|line| line.certificate);
    let mut users = let_in.iter().filter(|record| record.certificate);
    let first = users.next().map(|record| record.user);
    scope.client_checks.user = match first {
        None => UserName::Any,
        // Which record applies to a client depends on its address, user and database.
        Some(first) if demands && users.all(|record| record.user == first) => first,
        Some(_) => UserName::NotJudged,
    };
    let reason = if let_in.is_empty() {
        Some(
            "no record of pg_hba.conf admits a connection over TLS: each ends with `no pg_hba.conf entry` or `pg_hba.conf rejects connection`",
        )
    } else if demands && scope.ca.is_empty() && counted.len() < let_in.len() {
        Some(
            "pg_hba.conf requires a client certificate from every client on another machine, and \
             without ssl_ca_file each connection ends with `client certificates can only be checked \
             if a root certificate store is available`",
        )
    } else if demands && scope.ca.is_empty() {
        Some(
            "pg_hba.conf requires a client certificate from every client, and without \
             ssl_ca_file each connection ends with `client certificates can only be checked if a \
             root certificate store is available`",
        )
    } else {
        None
    };
    if let Some(reason) = reason {
        let fact = rule::config::TlsOff {
            setting: NAME.to_owned(),
            reason: reason.to_owned(),
        };
        settings.note(fact, at);
    }
    // Without ssl_ca_file no certificate helps, but each client is asked for one anyway.
    if demands {
        scope.client_auth = Some(Placed {
            value: ClientAuth::Required,
            lines: named.and_then(lines).or(Some(Lines::new(1, 1))),
        });
    }
}
