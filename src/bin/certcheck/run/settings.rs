//! A server's settings for a preflight: read them, and the files they name.

use crate::args::ServerFiles;
use crate::failure::Failure;
use crate::input;
use certcheck::Source;
use certcheck::cipher::SecurityLevel;
use certcheck::preflight::{Found, Preflight};
use certcheck::server::settings::{Context, Looked, Looks, Settings, base_directory};
use certcheck::server::{OpensslConf, Profile};
use std::path::Path;

/// The most that is read of all files together. A hoster's thousand virtual
/// hosts have a few megabytes.
const LIMIT: usize = 256 << 20;

/// The server that was named; else, where its settings were, the one whose
/// settings usually have that name.
pub(super) fn server(
    name: Option<&str>,
    config: Option<&Path>,
) -> Result<&'static Profile, Failure> {
    let by_file = config.and_then(|path| by_name(&path.to_string_lossy().to_ascii_lowercase()));
    let name = match (name, config) {
        (Some(name), _) => name,
        (None, None) => "generic",
        (None, Some(path)) => by_file.ok_or_else(|| {
            Failure::file(
                path,
                "the file name does not show which server the settings are for",
            )
            .help("name the server with --server")
        })?,
    };
    Profile::named(name).ok_or_else(|| Failure::new(format!("no such server: {name}")))
}

fn by_name(path: &str) -> Option<&'static str> {
    let known = [
        ("rserv", "rserve"),
        ("tabpy", "tabpy"),
        ("postgres", "postgres"),
        ("haproxy", "haproxy"),
        ("nginx", "nginx"),
        ("httpd", "apache"),
        ("apache", "apache"),
    ];
    let found = known.iter().find(|(part, _)| path.contains(part));
    found.map(|&(_, server)| server)
}

/// The preflight with the settings in `source`, and the files that they name.
pub(super) fn read(
    preflight: Preflight,
    server: &'static Profile,
    source: &Source,
    args: &ServerFiles,
) -> Result<Preflight, Failure> {
    let base = match &args.config_base {
        Some(directory) => directory.to_string_lossy().into_owned(),
        None => base_directory(server, source.name()),
    };
    let environment = pairs("--env", &args.env)?;
    let defines: Vec<_> = args.define.iter().map(|text| defined(text)).collect();
    let openssl = openssl(server, args)?;
    let mut context = Context::at(&base)
        .with_environment(&environment)
        .with_defines(&defines);
    if let Some(conf) = &openssl.conf {
        context = context.with_openssl_conf(conf);
    }
    if let Some(level) = openssl.level {
        context = context.with_security_level(level);
    }
    let mut looks = Looks::new();
    let read = |looks: &Looks| Settings::read(server, source, &context.with_looked(looks));
    let mut settings = read(&looks).ok_or_else(|| {
        let failure = Failure::new(format!(
            "{}: certcheck reads no configuration file for {}",
            source.name(),
            server.name()
        ));
        match server.name() {
            "tableau" => failure.help("Tableau Server is configured by commands: certcheck tsm …"),
            _ => failure.help("name the server: apache, nginx, haproxy, postgres, tabpy, rserve"),
        }
    })?;
    let mut total = 0;
    // What an included file includes is known when it was read.
    for _ in 0..ROUNDS {
        let wanted: Vec<_> = settings
            .wanted
            .iter()
            .filter(|path| !looks.contains_key(*path))
            .cloned()
            .collect();
        if wanted.is_empty() || total > LIMIT {
            break;
        }
        for path in wanted {
            let looked = glance(&path);
            if let Looked::Read(source) = &looked {
                total += source.bytes().len();
            }
            let _ = looks.insert(path, looked);
        }
        settings = read(&looks).unwrap_or(settings);
    }
    let above = source
        .directories()
        .iter()
        .map(|directory| directory.path.clone());
    let mut preflight = preflight.settings(source.name(), settings).below(above);
    if let Some(file) = source.file() {
        preflight = preflight.settings_owner(file.uid);
    }
    for path in preflight.questions() {
        let found = look(&path);
        if let Found::Read(source) = &found {
            total += source.bytes().len();
        }
        if total > LIMIT {
            return Err(Failure::new(format!(
                "{}: the files that it names are larger than {} MiB in total",
                source.name(),
                LIMIT >> 20
            )));
        }
        preflight = preflight.found(path, found);
    }
    Ok(preflight)
}

/// What options say of the server's OpenSSL.
struct OpenSsl {
    conf: Option<OpensslConf>,
    level: Option<SecurityLevel>,
}

fn openssl(server: &Profile, args: &ServerFiles) -> Result<OpenSsl, Failure> {
    let given = [
        ("--openssl-conf", args.openssl_conf.is_some()),
        ("--security-level", args.security_level.is_some()),
        ("--ciphers", args.ciphers.is_some()),
    ];
    if let Some((option, _)) = given.iter().find(|option| option.1)
        && !server.sets_openssl()
    {
        let why = format!("{option} does not apply to {}", server.name());
        return Err(Failure::new(why).help("it is for apache, nginx, haproxy and postgres"));
    }
    let conf = match &args.openssl_conf {
        Some(path) => Some(OpensslConf::read(&input::read(path)?)),
        None => None,
    };
    let level = args.security_level.and_then(SecurityLevel::new);
    Ok(OpenSsl { conf, level })
}

/// The preflight with what options say of handshakes, where there are no settings.
pub(super) fn given(
    preflight: Preflight,
    server: &'static Profile,
    args: &ServerFiles,
) -> Result<Preflight, Failure> {
    let openssl = openssl(server, args)?;
    let ciphers = args.ciphers.as_deref();
    if ciphers.is_none() && openssl.level.is_none() && openssl.conf.is_none() {
        return Ok(preflight);
    }
    let conf = openssl.conf.as_ref();
    Ok(preflight.given(Settings::given(server, ciphers, openssl.level, conf)))
}

/// How often the settings are read again because they name more files: as deep
/// as Apache and nginx let files include files in practice.
const ROUNDS: usize = 20;

/// What the settings depend on: the contents of a file, the names in a directory.
fn glance(path: &str) -> Looked {
    let file = Path::new(path);
    match std::fs::metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Looked::Missing,
        Err(error) => Looked::Unreadable(error.to_string()),
        Ok(facts) if facts.is_dir() => match std::fs::read_dir(file) {
            Ok(entries) => Looked::Directory(
                entries
                    .flatten()
                    .map(|entry| entry.file_name().to_string_lossy().into_owned())
                    .collect(),
            ),
            Err(error) => Looked::Unreadable(error.to_string()),
        },
        Ok(_) => match input::read(file) {
            Ok(source) => Looked::Read(source),
            Err(failure) => Looked::Unreadable(failure.what().to_owned()),
        },
    }
}

fn look(path: &str) -> Found {
    let file = Path::new(path);
    match std::fs::metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Found::Missing,
        Err(error) => Found::Unreadable(error.to_string()),
        Ok(facts) if facts.is_dir() => Found::Directory,
        Ok(_) => match input::read(file) {
            Ok(source) => Found::Read(input::with_directories(source)),
            Err(failure) => {
                let what = failure.to_string();
                let what = what.lines().next().unwrap_or_default();
                let reason = what.strip_prefix(path).unwrap_or(what);
                Found::Unreadable(reason.trim_start_matches([':', ' ']).to_owned())
            }
        },
    }
}

/// `NAME=VALUE`, or a name alone, as Apache's `-D` has it.
fn defined(text: &str) -> (&str, &str) {
    text.split_once('=').unwrap_or((text, ""))
}

fn pairs<'a>(option: &str, given: &'a [String]) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let pair = |text: &'a String| {
        text.split_once('=')
            .ok_or_else(|| Failure::new(format!("{option} {text}: write NAME=VALUE")))
    };
    given.iter().map(pair).collect()
}
