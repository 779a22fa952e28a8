//! `certcheck protocols`.

use super::unwritten;
use crate::args::{Common, LibraryName, Protocols};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::answer::{Answer, CheckOutcome};
use certcheck::command::protocols::{ProtocolsResult, configuration, string};
use certcheck::protocol::{Dialect, Environment, Library, ProtocolString};
use certcheck::report::text;
use std::path::Path;

pub(crate) fn run(common: &Common, args: &Protocols) -> Result<End, Failure> {
    let dialect = match (&args.dialect, &args.config) {
        (Some(name), _) => dialect(name)?,
        (None, Some(path)) => by_name(path),
        (None, None) => Dialect::Apache,
    };
    let environment = environment(args, dialect)?;
    let answer = match (&args.config, &args.string) {
        (Some(path), _) => {
            let source = input::read(path)?;
            let answer = configuration(&source, dialect, &environment).ok_or_else(|| {
                Failure::new(format!(
                    "certcheck reads no configuration file for {}",
                    dialect.as_str()
                ))
                .help(
                    "apache, nginx, postgres, haproxy and openssl have one; name it with --dialect",
                )
            })?;
            if answer.result.scopes.is_empty() && answer.findings.is_empty() {
                return Err(nothing(path, &answer));
            }
            answer
        }
        (None, Some(given)) => {
            let to = args.to.as_deref().map(self::dialect).transpose()?;
            let target = to.map(|to| environment_for(args, to)).transpose()?;
            let other = args
                .diff
                .as_ref()
                .map(|other| ProtocolString::parse(dialect, other.as_encoded_bytes()));
            string(
                &ProtocolString::parse(dialect, given.as_encoded_bytes()),
                &environment,
                to.zip(target.as_ref()),
                other.as_ref(),
            )
        }
        (None, None) => {
            return Err(Failure::new("no string was given")
                .help("certcheck protocols 'all -SSLv2', or --config FILE"));
        }
    };
    output::answer(
        common,
        clock::judged_at(common),
        "protocols",
        answer,
        text::protocols,
    )
    .map_err(unwritten)
}

/// The failure for a configuration without protocol versions.
fn nothing(path: &Path, answer: &Answer<ProtocolsResult>) -> Failure {
    let failure = Failure::file(path, "it sets no protocol versions");
    let open = answer.checks.iter().find_map(|check| match &check.outcome {
        CheckOutcome::NotRun { reason, .. } => Some(reason),
        _ => None,
    });
    match open {
        Some(reason) => failure.help(format!("not followed: {reason}")),
        None => failure.help("give the file that has the setting, or the string itself"),
    }
}

/// The dialect of a configuration file, by its usual name.
fn by_name(path: &Path) -> Dialect {
    let name = path.to_string_lossy().to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    if has("nginx") {
        Dialect::Nginx
    } else if has("postgres") {
        Dialect::Postgres
    } else if has("haproxy") {
        Dialect::HaProxy
    } else if has("openssl") || name.ends_with(".cnf") {
        Dialect::OpenSslConf
    } else {
        Dialect::Apache
    }
}

fn dialect(name: &str) -> Result<Dialect, Failure> {
    name.parse()
        .map_err(|error| Failure::new(format!("{error}")))
}

fn environment(args: &Protocols, dialect: Dialect) -> Result<Environment, Failure> {
    environment_for(args, dialect)
}

fn environment_for(args: &Protocols, dialect: Dialect) -> Result<Environment, Failure> {
    let mut environment = Environment::default_for(dialect);
    if let Some(library) = args.library {
        environment = environment.with_library(match library {
            LibraryName::Openssl102 => Library::OpenSsl102,
            LibraryName::Openssl110 => Library::OpenSsl110,
            LibraryName::Openssl111 => Library::OpenSsl111,
            LibraryName::Openssl3 => Library::OpenSsl3,
        });
    }
    if args.with_sslv3 {
        environment = environment.with_ssl3(true);
    }
    if let Some(level) = args.security_level {
        environment = environment.with_security_level(level);
    }
    for define in &args.define {
        let (name, value) = define.split_once('=').ok_or_else(|| {
            Failure::new(format!("--define {define}: a definition is NAME=VALUE"))
        })?;
        environment = environment.with_define(name, value);
    }
    if let Some(global) = &args.global {
        environment = environment.with_global(global.as_encoded_bytes());
    }
    Ok(environment)
}
