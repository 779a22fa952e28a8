//! `certcheck tsm …`: the admin's own command line, judged and not run.

use super::{documents, preflight, unwritten};
use crate::args::{Cli, Command, Common, Tsm};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::{clock, input};
use certcheck::Time;
use certcheck::answer::{Answer, Check};
use certcheck::cipher::{CipherDialect, SecurityLevel};
use certcheck::command::ciphers::ciphers;
use certcheck::command::inspect::to_be_trusted;
use certcheck::command::protocols;
use certcheck::preflight::tsm::{self, FileRole, ServerFiles, Setting, TsmCommand, TsmLine};
use certcheck::preflight::{PreflightResult, TsmResult};
use certcheck::protocol::{Dialect, Environment, ProtocolString};
use certcheck::report::text;
use certcheck::server::Profile;
use certcheck::shown::value as shown;
use clap::{CommandFactory, Parser};
use std::path::PathBuf;

pub(crate) fn run(common: &Common, args: &Tsm) -> Result<End, Failure> {
    let line = tsm::read(&args.words);
    if line.help {
        return help();
    }
    if args.words.is_empty() {
        return Err(Failure::new("the tsm command to check is missing")
            .help("certcheck tsm security external-ssl enable --cert-file server.crt --key-file server.key"));
    }
    let server = server_files(&line.command).filter(|(files, _)| files.certificate.is_some());
    let unopened = tsm::unopened(&line, &args.words, server.is_some());
    let (common, answer) = match server {
        Some((files, saml)) => {
            let cli = parse(common, argv(&line, files, saml))?;
            let Command::Preflight(args) = &cli.command else {
                return Err(Failure::new("certcheck did not understand the command"));
            };
            let answer = preflight::prepare(&cli.common, args)?.run();
            (cli.common, answer)
        }
        None => (
            parse(common, bare(&line))?.common,
            match &line.command {
                TsmCommand::SetConfiguration { key, value } => {
                    configuration(key.as_ref(), value.as_ref())?
                }
                _ => without_server(&line, clock::judged_at(common))?,
            },
        ),
    };
    let idle = server.is_none() && line.opened().is_empty() && line.findings.is_empty();
    if idle && let Some(file) = unopened.first() {
        let what = format!(
            "`{}` names it, and certcheck does not judge such a file",
            line.name
        );
        return Err(Failure::file(std::path::Path::new(file), what)
            .help("certcheck inspect FILE shows what is in it"));
    }
    let effects = line.effects;
    let mut answer = answer
        .joined(line.findings)
        .map(|preflight| TsmResult::new(preflight, effects));
    if !unopened.is_empty() {
        let reason = format!("not opened: {}", unopened.join(", "));
        answer.checks.push(Check::impossible("files", reason));
    }
    let at = clock::judged_at(&common);
    output::report(&common, at, answer, |answer, detail| {
        text::tsm(answer, detail)
    })
    .map_err(unwritten)
}

/// The server that the command would set up, and whether for SAML.
fn server_files(command: &TsmCommand) -> Option<(&ServerFiles, bool)> {
    match command {
        TsmCommand::ExternalSslEnable(files) | TsmCommand::CustomTsmSslEnable(files) => {
            Some((files, false))
        }
        TsmCommand::SamlConfigure(files) => Some((files, true)),
        _ => None,
    }
}

/// The same as a command line of our own.
fn argv(line: &TsmLine, files: &ServerFiles, saml: bool) -> Vec<String> {
    let mut argv: Vec<String> = ["preflight", "--server=tableau"].map(str::to_owned).into();
    for (option, file) in [
        ("--cert-file", &files.certificate),
        ("--key-file", &files.key),
        ("--chain-file", &files.chain),
    ] {
        argv.extend(file.iter().map(|file| format!("{option}={}", file.path)));
    }
    argv.extend(
        files
            .protocols
            .iter()
            .map(|protocols| format!("--protocols={}", protocols.value)),
    );
    if saml {
        argv.push("--saml".to_owned());
    }
    argv.extend(line.ours.iter().cloned());
    argv
}

/// Our own options, around a command that takes them all.
fn bare(line: &TsmLine) -> Vec<String> {
    let mut argv: Vec<String> = ["preflight", "--cert-file=-"].map(str::to_owned).into();
    argv.extend(line.ours.iter().cloned());
    argv
}

fn parse(common: &Common, argv: Vec<String>) -> Result<Cli, Failure> {
    let mut cli = Cli::try_parse_from(std::iter::once("certcheck".to_owned()).chain(argv))
        .map_err(|error| {
            Failure::new(
                error
                    .to_string()
                    .trim_start_matches("error: ")
                    .trim_end()
                    .to_owned(),
            )
        })?;
    cli.common.inherit(common);
    Ok(cli)
}

/// A key of the configuration: one that holds a protocol or cipher string is judged as
/// `protocols` and `ciphers` judge it. What any other does to TLS is not known here.
fn configuration(
    key: Option<&Setting>,
    value: Option<&Setting>,
) -> Result<Answer<PreflightResult>, Failure> {
    let gateway = |_| PreflightResult::of("tableau");
    let unjudged = |reason| {
        let check = Check::impossible("settings", reason);
        Answer::new(gateway(()), vec![], vec![check], [])
    };
    let mut answer = match (key.map(|key| key.value.as_str()), value) {
        (Some("ssl.protocols"), Some(value)) => {
            let given = ProtocolString::parse(Dialect::Tsm, value.value.as_bytes());
            let environment = Environment::default_for(Dialect::Tsm);
            protocols::string(&given, &environment, None, None).map(|_| gateway(()))
        }
        (Some("ssl.ciphersuite"), Some(value)) => {
            // httpd's level where Tableau's OpenSSL is not known to set another.
            let level = SecurityLevel::new(2).ok_or_else(|| Failure::new("no such level"))?;
            ciphers(&value.value, CipherDialect::Apache, level).map(|_| gateway(()))
        }
        (Some(key), _) if TsmCommand::JUDGED_KEYS.contains(&key) => {
            let reason =
                format!("`{key}` gets no value here: certcheck does not judge its default");
            unjudged(reason)
        }
        (Some(key), _) => unjudged(format!("certcheck does not judge the key `{}`", shown(key))),
        (None, _) => unjudged("no key is named".to_owned()),
    };
    for finding in &mut answer.findings {
        if let Some(key) = key {
            finding.subject.source.clone_from(&key.value);
        }
    }
    Ok(answer)
}

/// A command that sets up no server: only the certificates that it names are read.
fn without_server(line: &TsmLine, at: Time) -> Result<Answer<PreflightResult>, Failure> {
    let opened = line.opened();
    let of = |list: bool| {
        let files = opened
            .iter()
            .filter(move |file| (file.role == FileRole::RevocationList) == list);
        files
            .map(|file| PathBuf::from(&file.path))
            .collect::<Vec<_>>()
    };
    let (paths, lists) = (of(false), of(true));
    let none = Check::not_applicable("key-match", "the command sets up no server");
    if opened.is_empty() {
        return Ok(Answer::new(
            PreflightResult::of("tableau"),
            vec![],
            vec![none],
            [],
        ));
    }
    let mut trusted = documents(input::read_all(paths.iter().chain(&lists))?);
    let lists = trusted.split_off(paths.len());
    let server = Profile::named("tableau").ok_or_else(|| Failure::new("no such server"))?;
    let answer = to_be_trusted(&trusted, &lists, server, at);
    Ok(answer.map(|_| PreflightResult::of("tableau")))
}

fn help() -> Result<End, Failure> {
    let mut command = Cli::command();
    command.build();
    let text = command
        .find_subcommand_mut("tsm")
        .map(|tsm| tsm.render_long_help().to_string())
        .unwrap_or_default();
    output::print_bytes(text.as_bytes())
        .map(|()| End::Good)
        .map_err(unwritten)
}
