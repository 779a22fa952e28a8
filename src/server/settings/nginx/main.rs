//! Directives outside all blocks: modules, and the required sections.

use super::super::{Context, Looked, Settings, path, shown};
use super::TEST;
use super::token::{End, Statement};
use super::{prefix, user};
use std::collections::HashSet;

/// Directives of the file that nginx starts with. A file that has blocks but none of these may be
/// an included one.
const OF_THE_FIRST_FILE: &[&str] = &[
    "daemon",
    "load_module",
    "master_process",
    "pid",
    "user",
    "worker_processes",
];

/// Where packages put modules: whether they exist depends on the machine, and the configuration may
/// be for another one.
const PACKAGED: &[&str] = &[
    "/usr/lib/nginx/modules/",
    "/usr/lib64/nginx/modules/",
    "/usr/share/nginx/modules/",
    "/usr/local/libexec/nginx/",
];

fn is_packaged(file: &str) -> bool {
    PACKAGED.iter().any(|prefix| file.starts_with(prefix))
}

/// Parts of nginx that may be in modules, and the files of these modules.
const PARTS: &[(&str, &str)] = &[
    ("stream", "ngx_stream_module.so"),
    ("mail", "ngx_mail_module.so"),
];

/// The statements outside of all blocks.
fn outermost(statements: &[Statement]) -> impl Iterator<Item = &Statement> {
    let mut depth = 0usize;
    statements.iter().filter(move |statement| {
        let top = depth == 0;
        match statement.end {
            End::Open => depth += 1,
            End::Close => depth = depth.saturating_sub(1),
            End::Simple => {}
        }
        top
    })
}

fn module(statement: &Statement) -> Option<&str> {
    match statement.words.as_slice() {
        [name, file] if name == "load_module" => Some(file),
        _ => None,
    }
}

/// Parts of nginx that a `load_module` adds.
pub(super) fn loaded(statements: &[Statement]) -> Vec<&'static str> {
    let mut parts = Vec::new();
    for file in outermost(statements).filter_map(module) {
        let part = PARTS.iter().find(|(_, name)| file.ends_with(name));
        parts.extend(part.map(|(part, _)| *part));
    }
    parts
}

/// Whether no user is named, and temporary files are in world-writable places, as in images that do
/// not start nginx as root. Otherwise root's nginx reads the keys, and its workers run as the user
/// that it was built with.
pub(super) fn is_for_no_root(statements: &[Statement]) -> bool {
    let of = |name: &'static str| {
        let mut all = statements.iter();
        all.find_map(move |statement| statement.words.strip_prefix(&[name.to_owned()][..]))
    };
    let temporary = of("client_body_temp_path").and_then(<[String]>::first);
    of("user").is_none()
        && temporary.is_some_and(|path| {
            path.starts_with("/dev/shm/") || path.split('/').any(|part| part == "tmp")
        })
}

/// What nginx refuses in a whole nginx.conf, apart from single lines.
pub(super) fn check(
    statements: &[Statement],
    unread: bool,
    context: &Context<'_>,
    settings: &mut Settings,
) {
    let mut begun = false;
    let (mut events, mut whole) = (false, false);
    let mut known = HashSet::new();
    for statement in outermost(statements) {
        let name = statement.words.first().map_or("", String::as_str);
        let line = statement.lines.first;
        events |= name == "events";
        whole |= OF_THE_FIRST_FILE.contains(&name);
        begun |= statement.end == End::Open;
        if name == "user" {
            user::check(&statement.words, line, context, settings);
        }
        let Some(file) = module(statement) else {
            continue;
        };
        // nginx builds its table of modules when the first block opens; modules loaded later are
        // not in it (`ngx_load_module`).
        if begun {
            let message = "\"load_module\" directive is specified too late";
            settings.refuse_at(name, message, TEST, line);
        }
        let stem = file.rsplit('/').next().unwrap_or(file);
        if !known.insert(stem) {
            let message = format!(
                "module \"{}\" is already loaded",
                shown(stem.trim_end_matches(".so"))
            );
            settings.refuse_at(name, &message, TEST, line);
        }
        library(file, line, context, settings);
    }
    // nginx reports a missing `events` block only for a whole configuration; a fragment has none.
    if whole && !events && !unread {
        let message = "no \"events\" section in configuration";
        settings.refuse_at("events", message, TEST, 1);
    }
}

/// Checks that a module's file exists and is a library.
fn library(file: &str, line: usize, context: &Context<'_>, settings: &mut Settings) {
    let refuse = |settings: &mut Settings, path: &str, why: &str| {
        let message = format!("dlopen() \"{}\" failed: {why}", shown(path));
        settings.refuse_at("load_module", &message, TEST, line);
    };
    let bytes = if file.starts_with('/') {
        match settings.look(context, file) {
            Some(Looked::Read(source)) => Some(source.bytes()),
            Some(Looked::Missing)
                if is_packaged(file) && !prefix::PREFIXES.contains(&context.base) =>
            {
                let reason = format!(
                    "{} is not here; certcheck does not know whether the package that provides it is installed where nginx runs",
                    shown(file)
                );
                settings.not_judged("load_module", reason, line);
                None
            }
            Some(Looked::Missing) => {
                refuse(settings, file, "no such file or directory");
                None
            }
            _ => None,
        }
    } else {
        let mut missing = 0;
        let mut found = None;
        for prefix in prefix::PREFIXES {
            match settings.look(context, &path::join(prefix, file)) {
                Some(Looked::Read(source)) => found = Some(source.bytes()),
                Some(Looked::Missing) => missing += 1,
                _ => {}
            }
        }
        if missing == prefix::PREFIXES.len() {
            let reason = format!("{} was not found where nginx usually is", shown(file));
            settings.not_judged("load_module", reason, line);
        }
        found
    };
    // The module's code is never run. Its first four bytes show what `dlopen` certainly refuses.
    if bytes.is_some_and(|bytes| !bytes.starts_with(b"\x7fELF")) {
        refuse(settings, file, "invalid ELF header");
    }
}
