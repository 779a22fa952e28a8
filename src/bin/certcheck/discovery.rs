//! Which servers a machine or a tree has: its processes, systemd's units, and the usual
//! places of settings.

mod enablement;

use crate::tree::Tree;
use crate::users;
use certcheck::command::doctor::Starts;
use certcheck::key_file::ServiceUser;
use certcheck::server::Profile;
use certcheck::server::found::{UNITS, Unit, of_unit, started, usual_places, variable_files};
use certcheck::server::settings::{CommandLine, Looked, environment_file};
use enablement::Enablement;
use std::collections::HashMap;
use std::path::Path;

/// The most processes that are examined. Large machines have several thousand.
const PROCESSES: usize = 20_000;

/// Where systemd's units are, the administrator's first (systemd.unit(5)).
const UNIT_DIRECTORIES: [&str; 3] = [
    "/etc/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// A server, and what it is started with.
pub(crate) struct Candidate {
    pub(crate) server: &'static Profile,
    pub(crate) files: Vec<String>,
    pub(crate) arguments: CommandLine,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) found_by: String,
    pub(crate) starts: Starts,
}

/// All servers, each once.
pub(crate) fn servers(tree: &Tree) -> Vec<Candidate> {
    let mut found = Vec::new();
    if tree.root().is_none() {
        processes(&mut found);
    }
    let enabled = Enablement::of(tree).servers(tree);
    let units = units(tree, &enabled, &mut found);
    for (server, pattern) in usual_places() {
        for path in matching(pattern, tree) {
            let arguments = CommandLine::default();
            let why = "a usual place of its settings".to_owned();
            // A server that an administrator built has its own units.
            let starts = match enabled.get(server.name()) {
                Some(starts) if !path.starts_with("/usr/local/") => *starts,
                _ => Starts::Unknown,
            };
            let starts = of_cluster(&path, starts, tree);
            add(&mut found, (server, vec![path], arguments), (why, starts));
        }
    }
    for candidate in &mut found {
        for file in variable_files(candidate.server) {
            candidate.environment.extend(variables(file, tree));
        }
        if let Some(environment) = units.get(candidate.server.name()) {
            candidate.environment.extend(environment.iter().cloned());
        }
    }
    found
}

/// Whether a cluster of Debian's PostgreSQL starts with the machine: `start.conf` beside its settings
/// says `auto`, `manual` or `disabled` (pg_createcluster(1)).
fn of_cluster(config: &str, starts: Starts, tree: &Tree) -> Starts {
    let Some(directory) = config.strip_suffix("/postgresql.conf") else {
        return starts;
    };
    let Some(text) = text(&format!("{directory}/start.conf"), tree) else {
        return starts;
    };
    let mut lines = text.lines().map(str::trim);
    match lines.find(|line| !line.is_empty() && !line.starts_with('#')) {
        Some("auto") if starts == Starts::Unknown => Starts::WithTheMachine,
        Some("manual" | "disabled") => Starts::No,
        _ => starts,
    }
}

fn add(
    found: &mut Vec<Candidate>,
    (server, files, arguments): (&'static Profile, Vec<String>, CommandLine),
    (found_by, starts): (String, Starts),
) {
    // The first source has the most detail: a running process shows its arguments.
    let same = |known: &Candidate| {
        known.server.name() == server.name() && files.iter().all(|file| known.files.contains(file))
    };
    if files.is_empty() || found.iter().any(same) {
        return;
    }
    found.push(Candidate {
        server,
        files,
        arguments,
        environment: Vec::new(),
        found_by,
        starts,
    });
}

/// The main file of a server whose command line names none.
fn files_of(server: &'static Profile, line: &CommandLine, tree: &Tree) -> Vec<String> {
    let named = line.files(server);
    if !named.is_empty() {
        return named;
    }
    let mut usual = usual_places().filter(|(known, _)| known.name() == server.name());
    let found = usual.find_map(|(_, pattern)| matching(pattern, tree).into_iter().next());
    found.into_iter().collect()
}

fn processes(found: &mut Vec<Candidate>) {
    let machine = Tree::of(None);
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return;
    };
    let mut numbers: Vec<u32> = entries
        .take(PROCESSES)
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    for number in numbers {
        let here = format!("/proc/{number}");
        let Ok(bytes) = std::fs::read(format!("{here}/cmdline")) else {
            continue;
        };
        // A container's files are not this machine's.
        let elsewhere = std::fs::read_link(format!("{here}/root"));
        if elsewhere.is_ok_and(|root| root != Path::new("/")) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        let words: Vec<String> = text
            .trim_end_matches('\0')
            .split('\0')
            .map(str::to_owned)
            .collect();
        let Some((server, line)) = started(&words) else {
            continue;
        };
        let at = std::fs::read_link(format!("{here}/cwd")).unwrap_or_default();
        let absolute = |file: String| at.join(&file).to_string_lossy().into_owned();
        let files = files_of(server, &line, &machine)
            .into_iter()
            .map(absolute)
            .collect();
        let found_by = format!("process {number}");
        add(found, (server, files, line), (found_by, Starts::Runs));
    }
}

/// The servers that units start, and the environment of each.
fn units(
    tree: &Tree,
    enabled: &HashMap<&'static str, Starts>,
    found: &mut Vec<Candidate>,
) -> HashMap<&'static str, Vec<(String, String)>> {
    let mut environments = HashMap::new();
    for name in UNITS {
        let mut unit = Unit::default();
        let own = UNIT_DIRECTORIES.iter().find_map(|directory| {
            let path = format!("{directory}/{name}.service");
            Some((text(&path, tree)?, path))
        });
        let Some((own, path)) = own else {
            continue;
        };
        unit.read(&own);
        for directory in UNIT_DIRECTORIES.iter().rev() {
            let directory = format!("{directory}/{name}.service.d");
            if let Looked::Directory(mut names) = tree.glance(&directory) {
                names.retain(|name| name.ends_with(".conf"));
                names.sort();
                for drop_in in names {
                    unit.read(&text(&format!("{directory}/{drop_in}"), tree).unwrap_or_default());
                }
            }
        }
        let mut environment = unit.environment.clone();
        for file in &unit.files {
            environment.extend(variables(file, tree));
        }
        for words in unit.commands(&environment) {
            let Some((server, line)) = started(&words) else {
                continue;
            };
            let files = files_of(server, &line, tree);
            let starts = enabled.get(server.name()).copied().unwrap_or_default();
            add(found, (server, files, line), (path.clone(), starts));
            let _ = environments.insert(server.name(), environment.clone());
        }
    }
    environments
}

/// A user of the tree's own lists.
pub(crate) fn user(name: &str, tree: &Tree) -> Option<ServiceUser> {
    let passwd = text("/etc/passwd", tree)?;
    let group = text("/etc/group", tree).unwrap_or_default();
    users::of_lists(name, &passwd, &group)
}

fn text(path: &str, tree: &Tree) -> Option<String> {
    match tree.glance(path) {
        Looked::Read(source) => Some(String::from_utf8_lossy(source.bytes()).into_owned()),
        _ => None,
    }
}

fn variables(path: &str, tree: &Tree) -> Vec<(String, String)> {
    environment_file(&text(path, tree).unwrap_or_default())
}

/// The files of a pattern, of which `*` is a whole word. One that may not be looked at is
/// there as well.
fn matching(pattern: &str, tree: &Tree) -> Vec<String> {
    let mut found = vec![String::new()];
    for word in pattern.split('/').skip(1) {
        let mut next = Vec::new();
        for above in found {
            if word != "*" {
                next.push(format!("{above}/{word}"));
            } else if let Looked::Directory(mut names) = tree.glance(&above) {
                names.sort();
                next.extend(names.into_iter().map(|name| format!("{above}/{name}")));
            }
        }
        found = next;
    }
    found.retain(|path| matches!(tree.glance(path), Looked::Read(_) | Looked::Unreadable(_)));
    found
}
