//! What PostgreSQL 15 needs, apart from TLS, to start: consistent numbers, and
//! directories, libraries and time zones of its machine. Measured: 15.18.

use super::super::{Context, Looked, Settings, path, shown};
use super::{Setting, table};

/// Libraries of PostgreSQL's own packages.
const OWN: &[&str] = &[
    "auth_delay",
    "auto_explain",
    "basebackup_to_shell",
    "basic_archive",
    "passwordcheck",
    "pg_prewarm",
    "pg_stat_statements",
    "sepgsql",
];

/// Directories that packages create, or the system at boot.
const PACKAGED: &[&str] = &[
    "/run/",
    "/var/run/",
    "/var/lib/postgresql",
    "/var/lib/pgsql",
];

pub(super) fn judge<'s>(
    get: &dyn Fn(&str) -> Option<&'s Setting>,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    numbers(get, settings);
    words(get, settings);
    let value = |name: &'static str| {
        get(name)
            .filter(|setting| !setting.value.is_empty())
            .map(|setting| (name, setting.value.as_str(), setting.line.max(1)))
    };
    if let Some((name, directory, line)) = value("data_directory") {
        directory_there(name, directory, line, context, settings);
    }
    if let Some((name, list, line)) = value("unix_socket_directories") {
        for one in list.split(',') {
            let one = one.trim().trim_matches('"');
            // One that begins with `@` is not a directory.
            if !one.starts_with('@') {
                directory_there(name, one, line, context, settings);
            }
        }
    }
    if let Some((name, list, line)) = value("shared_preload_libraries") {
        let mut libraries = list.split(',').map(|one| one.trim().trim_matches('"'));
        if let Some(strange) = libraries.find(|one| !one.is_empty() && !OWN.contains(one)) {
            let reason = format!(
                "certcheck does not know whether the library `{}` is there",
                shown(strange)
            );
            settings.not_judged(name, reason, line);
        }
    }
    for name in ["timezone", "log_timezone"] {
        if let Some((_, zone, line)) = value(name) {
            time_zone(name, zone, line, context, settings);
        }
    }
    if let Some((name, on, line)) = value("huge_pages")
        && on.eq_ignore_ascii_case("on")
    {
        let reason = "certcheck does not know whether the machine has huge pages";
        settings.not_judged(name, reason, line);
    }
}

/// Where PostgreSQL writes its log, and in which language: it does not start with a value
/// that the machine or its own build does not know.
fn words<'s>(get: &dyn Fn(&str) -> Option<&'s Setting>, settings: &mut Settings) {
    const DESTINATIONS: &[&str] = &["stderr", "csvlog", "jsonlog", "syslog", "eventlog"];
    let of =
        |name: &'static str| get(name).map(|value| (name, value.value.as_str(), value.line.max(1)));
    if let Some((name, list, line)) = of("log_destination") {
        let known = |one: &String| DESTINATIONS.contains(&one.as_str());
        if !identifiers(list).is_some_and(|all| all.iter().all(known)) {
            let message = format!(
                "invalid value for parameter \"{name}\": \"{}\"",
                shown(list)
            );
            settings.refuse(name, &message, line);
        }
    }
    checked_words(get, settings);
    if let Some((name, value, line)) = of("bonjour")
        && super::boolean(value) == Some(true)
    {
        let message = "Bonjour is not supported by this build";
        settings.refuse(name, message, line);
    }
    for name in ["lc_messages", "lc_monetary", "lc_numeric", "lc_time"] {
        let Some((_, locale, line)) = of(name) else {
            continue;
        };
        if !is_locale(locale) {
            let reason = format!(
                "certcheck does not know whether the machine has the locale `{}`",
                shown(locale)
            );
            settings.not_judged(name, reason, line);
        }
    }
    if let (Some((_, on, _)), Some((name, directory, line))) =
        (of("logging_collector"), of("log_directory"))
        && super::boolean(on) == Some(true)
        && directory.trim_start_matches('/').contains('/')
        && !PACKAGED.iter().any(|own| directory.starts_with(own))
        && !directory.starts_with("/var/log/")
    {
        let reason = "certcheck does not know whether PostgreSQL can make this directory";
        settings.not_judged(name, reason, line);
    }
}

/// Parameters whose check hooks know certain words only (`check_datestyle`,
/// `check_restrict_nonsystem_relation_kind`, `check_recovery_target`), and moments in time and
/// positions, which certcheck does not read.
fn checked_words<'s>(get: &dyn Fn(&str) -> Option<&'s Setting>, settings: &mut Settings) {
    let of =
        |name: &'static str| get(name).map(|value| (name, value.value.as_str(), value.line.max(1)));
    let relations = |all: &[String]| {
        let mut all = all.iter();
        all.all(|one| matches!(one.as_str(), "view" | "foreign-table"))
    };
    let immediate = |all: &[String]| all.iter().all(|one| one == "immediate");
    for (name, fits) in [
        ("datestyle", &is_date_style as &dyn Fn(&[String]) -> bool),
        ("restrict_nonsystem_relation_kind", &relations),
        ("recovery_target", &immediate),
    ] {
        if let Some((name, list, line)) = of(name)
            && !identifiers(list).is_some_and(|all| fits(&all))
        {
            let message = format!(
                "invalid value for parameter \"{name}\": \"{}\"",
                shown(list)
            );
            settings.refuse(name, &message, line);
        }
    }
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    for name in [
        "recovery_target_lsn",
        "recovery_target_time",
        "recovery_target_timeline",
        "recovery_target_xid",
    ] {
        let Some((name, value, line)) = of(name) else {
            continue;
        };
        // Longer numbers may not fit.
        let plain = match name {
            "recovery_target_timeline" => {
                matches!(value, "latest" | "current") || number(value) && value.len() < 10
            }
            "recovery_target_xid" => number(value) && value.len() < 10,
            _ => false,
        };
        if !plain && !value.is_empty() {
            let reason = "certcheck does not judge this value, which PostgreSQL may refuse";
            settings.not_judged(name, reason, line);
        }
    }
}

/// The words of a list, in lower case; `None`: an empty element or an open quotation mark, which
/// PostgreSQL refuses (`SplitIdentifierString`; measured: 15.18).
fn identifiers(list: &str) -> Option<Vec<String>> {
    if list.trim().is_empty() {
        return Some(Vec::new());
    }
    let mut all = Vec::new();
    for one in list.split(',') {
        let one = one.trim();
        let bare = match one.strip_prefix('"') {
            Some(rest) => rest.strip_suffix('"')?,
            None => one,
        };
        if bare.is_empty() || bare.contains(['"', ' ']) {
            return None;
        }
        all.push(bare.to_ascii_lowercase());
    }
    Some(all)
}

/// Words of `DateStyle`: one style and one order at most (`check_datestyle`; measured: 15.18).
fn is_date_style(words: &[String]) -> bool {
    let (mut style, mut order) = (None, None);
    words.iter().all(|word| {
        let begins = |all: &[&str]| all.iter().any(|first| word.starts_with(first));
        let (slot, value) = match word.as_str() {
            "iso" | "sql" | "german" => (&mut style, word.as_str()),
            "ymd" => (&mut order, "ymd"),
            "dmy" => (&mut order, "dmy"),
            "mdy" | "us" => (&mut order, "mdy"),
            "default" => return true,
            _ if begins(&["postgres"]) => (&mut style, "postgres"),
            _ if begins(&["euro"]) => (&mut order, "dmy"),
            _ if begins(&["noneuro"]) => (&mut order, "mdy"),
            _ => return false,
        };
        let value = value.to_owned();
        *slot.get_or_insert_with(|| value.clone()) == value
    })
}

/// `C`, `POSIX`, or a language with a country: certcheck does not know which of those a machine
/// has.
fn is_locale(name: &str) -> bool {
    let bare = name.split(['.', '@']).next().unwrap_or_default();
    let country = |parts: (&str, &str)| {
        let lower = parts.0.bytes().all(|byte| byte.is_ascii_lowercase());
        let upper = parts.1.bytes().all(|byte| byte.is_ascii_uppercase());
        (2..=3).contains(&parts.0.len()) && parts.1.len() == 2 && lower && upper
    };
    name.is_empty() || matches!(bare, "C" | "POSIX") || bare.split_once('_').is_some_and(country)
}

/// What `PostmasterMain` compares before it opens a port.
fn numbers<'s>(get: &dyn Fn(&str) -> Option<&'s Setting>, settings: &mut Settings) {
    let number = |name: &str, default: i64| match get(name) {
        None => Some(default),
        Some(setting) => table::whole(&setting.value),
    };
    let line = |names: &[&str]| {
        let named = names.iter().filter_map(|name| get(name));
        named.map(|setting| setting.line.max(1)).max()
    };
    let names = ["superuser_reserved_connections", "max_connections"];
    if let (Some(reserved), Some(most), Some(line)) =
        (number(names[0], 3), number(names[1], 100), line(&names))
        // Both have been checked against their own ranges by then; only their relation is left
        // (`PostmasterMain`).
        && reserved >= most
    {
        let message = format!(
            "{} ({reserved}) must be less than {} ({most})",
            names[0], names[1]
        );
        settings.refuse(names[0], &message, line);
    }
    let word = |name: &str| get(name).map(|setting| setting.value.to_ascii_lowercase());
    if word("wal_level").as_deref() != Some("minimal") {
        return;
    }
    let at = line(&["wal_level"]).unwrap_or(1);
    let archives = word("archive_mode");
    if archives.is_some_and(|mode| !["off", "no", "false", "0"].contains(&mode.as_str())) {
        let message = "WAL archival cannot be enabled when wal_level is \"minimal\"";
        settings.refuse("archive_mode", message, at);
    } else if number("max_wal_senders", 10).is_some_and(|senders| senders > 0) {
        let message =
            "WAL streaming (max_wal_senders > 0) requires wal_level \"replica\" or \"logical\"";
        settings.refuse("max_wal_senders", message, at);
    }
}

/// A directory that is missing here may exist on the target machine.
fn directory_there(
    name: &str,
    directory: &str,
    line: usize,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    if !directory.starts_with('/') || PACKAGED.iter().any(|own| directory.starts_with(own)) {
        return;
    }
    let full = path::join(context.base, directory);
    if matches!(settings.look(context, &full), Some(Looked::Missing)) {
        let reason = format!(
            "there is no directory {} here, and PostgreSQL does not start without it",
            shown(directory)
        );
        settings.not_judged(name, reason, line);
    }
}

/// PostgreSQL looks for the zone among the system's; some are POSIX rules.
fn time_zone(name: &str, zone: &str, line: usize, context: &Context<'_>, settings: &mut Settings) {
    const ZONES: &str = "/usr/share/zoneinfo";
    // The names that PostgreSQL knows even without the system's files.
    if ["utc", "gmt", "etc/utc"].contains(&zone.to_ascii_lowercase().as_str()) {
        return;
    }
    if !matches!(settings.look(context, ZONES), Some(Looked::Directory(_))) {
        return;
    }
    let file = format!("{ZONES}/{zone}");
    let found = settings.look(context, &file);
    if !matches!(found, Some(Looked::Read(_) | Looked::Unreadable(_)) | None) {
        let reason = format!(
            "certcheck does not find the time zone `{}` among this machine's",
            shown(zone)
        );
        settings.not_judged(name, reason, line);
    }
}

#[cfg(test)]
mod tests {
    use super::{identifiers, is_date_style};

    /// Each was started with PostgreSQL 15.18.
    #[test]
    fn lists_of_words_as_measured() {
        let style = |list: &str| identifiers(list).is_some_and(|all| is_date_style(&all));
        for good in [
            "",
            " ",
            "iso, ISO",
            "\"ISO\", mdy",
            "ymd,ymd",
            "postgresql",
            "german, us",
        ] {
            assert!(style(good), "{good}");
        }
        for bad in [
            "iso, sql",
            "ISO,YMD,DMY",
            "iso,",
            "german, us, euro",
            "noneuropean,euro",
            "sql,german",
            "foo",
        ] {
            assert!(!style(bad), "{bad}");
        }
        assert_eq!(identifiers("stderr,"), None);
        assert_eq!(identifiers("stderr, CSVlog").unwrap(), ["stderr", "csvlog"]);
    }
}
