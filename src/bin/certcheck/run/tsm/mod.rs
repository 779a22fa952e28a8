//! `certcheck tsm …`: the admin's own command line, or a script of them, judged and not run.

mod own;
mod purpose;
mod script;
mod smtp;

use super::{documents, preflight, unwritten};
use crate::args::{Cli, Command, Common, Tsm};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::{clock, input};
use certcheck::answer::{Answer, Check};
use certcheck::cipher::{CipherDialect, SecurityLevel};
use certcheck::command::ciphers::ciphers;
use certcheck::command::protocols;
use certcheck::encoding::Document;
use certcheck::model::Passphrase;
use certcheck::preflight::PreflightResult;
use certcheck::preflight::tsm::{
    self, Beside, FileRole, PassphraseOption, ServerFiles, Setting, TsmCommand, TsmLine, TsmResult,
    judge_files,
};
use certcheck::protocol::{Dialect, Environment, ProtocolString};
use certcheck::report::text;
use certcheck::shown::value as shown;
use clap::{CommandFactory, Parser};
use own::Own;
use std::path::{Path, PathBuf};

pub(crate) fn run(common: &Common, args: &Tsm) -> Result<End, Failure> {
    let words = tsm::one_client_each(&args.words);
    let (mut ours, others) = tsm::own_options(&words);
    let own = Own::take(&mut ours)?;
    if let Some(purpose) = own.purpose {
        return purpose::run(common, purpose, &others, &own, &ours);
    }
    if let Some(source) = script::named(&others) {
        return script::run(common, &source?, &own, &ours);
    }
    let line = tsm::read_in(&words, &own.context());
    if line.help {
        return help(&others);
    }
    if others.is_empty() {
        return Err(Failure::new("the tsm command to check is missing")
            .help("certcheck tsm security external-ssl enable --cert-file server.crt --key-file server.key"));
    }
    own.belongs_to(&line.command)?;
    let mut ours = line.ours.clone();
    Own::take(&mut ours)?;
    let (common, answer) = match judge(common, line, &words, &own, &ours)? {
        Judged::Answer(answer) => *answer,
        Judged::Failure(failure) => return Err(failure),
    };
    let at = clock::judged_at(&common);
    output::report(&common, at, answer, |answer, detail| {
        text::tsm(answer, detail)
    })
    .map_err(unwritten)
}

/// The result of one command.
enum Judged {
    Answer(Box<(Common, Answer<TsmResult>)>),
    /// A file that it names cannot be judged.
    Failure(Failure),
}

/// Judges one command; `ours` are certcheck's options that `preflight` also has.
fn judge<W: AsRef<str>>(
    common: &Common,
    mut line: TsmLine,
    words: &[W],
    own: &Own,
    ours: &[String],
) -> Result<Judged, Failure> {
    let has_server = server_files(&line.command).is_some_and(|files| files.certificate.is_some());
    let unopened = tsm::unopened(&line, words, has_server);
    line.map_paths(&own.paths);
    if let Some(path) = line.windows_path()
        && cfg!(not(windows))
        && Path::new(path).symlink_metadata().is_err()
    {
        let failure = Failure::file(Path::new(path), "this is a Windows path")
            .help("--path-map 'C:\\ssl=./ssl' says where the server's files are here");
        return Ok(Judged::Failure(failure));
    }
    let server = server_files(&line.command).filter(|_| has_server);
    let (common, answer) = match server {
        Some(files) => {
            // An independent gateway is httpd itself, without what Tableau demands of files.
            let gateway = matches!(line.command, TsmCommand::GatewayCertificate { .. });
            let name = if gateway { "apache" } else { "tableau" };
            let cli = parse(common, &argv(ours, name, files))?;
            let Command::Preflight(args) = &cli.command else {
                return Err(Failure::new("certcheck did not understand the command"));
            };
            let prepared = match preflight::prepare(&cli.common, args) {
                Ok(prepared) => prepared,
                Err(failure) => return Ok(Judged::Failure(failure)),
            };
            (cli.common, prepared.run())
        }
        None => {
            let cli = parse(common, &bare(ours))?;
            let answer = match &line.command {
                TsmCommand::SetConfiguration { key, value } => {
                    configuration(key.as_ref(), value.as_ref())?
                }
                _ => match without_server(&line, &cli, own) {
                    Ok(answer) => answer,
                    Err(failure) => return Ok(Judged::Failure(failure)),
                },
            };
            (cli.common, answer)
        }
    };
    let idle = server.is_none() && line.opened().is_empty() && line.findings.is_empty();
    if idle && let Some(file) = unopened.first() {
        let what = format!(
            "`{}` names it, and certcheck does not judge such a file",
            line.name
        );
        let failure =
            Failure::file(Path::new(file), what).help("certcheck inspect FILE shows what is in it");
        return Ok(Judged::Failure(failure));
    }
    let mut effects = line.effects;
    let mut answer = answer;
    tsm::lenient(&mut answer.findings);
    let gateway = matches!(line.command, TsmCommand::GatewayCertificate { .. });
    if server.is_some() && !gateway {
        tsm::before_level_2(&mut answer, own.version);
    }
    if let Some(files) = server.filter(|_| !gateway)
        && (tsm::is_protected(&answer.findings) || has_passphrase(files, ours))
    {
        effects.insert(0, tsm::NOT_FOR_SAML);
        if files.passphrase == PassphraseOption::Absent {
            effects.insert(0, tsm::WANTS_PASSPHRASE);
        }
    }
    let mut answer = answer
        .joined(line.findings)
        .map(|preflight| TsmResult::new(preflight, effects).of_command(&line.name));
    if !unopened.is_empty() {
        let reason = format!("not opened: {}", unopened.join(", "));
        answer.checks.push(Check::impossible("files", reason));
    }
    Ok(Judged::Answer(Box::new((common, answer))))
}

/// Whether the key has a passphrase that certcheck was given: then no finding reports it.
fn has_passphrase(files: &ServerFiles, ours: &[String]) -> bool {
    let given = ours.iter().any(|word| word.starts_with("--passphrase"));
    let Some(key) = files.key.as_ref().filter(|_| given) else {
        return false;
    };
    let path = Path::new(&key.path);
    // A pipe can be read only once.
    path.metadata().is_ok_and(|metadata| metadata.is_file())
        && input::read_secret(path).is_ok_and(|source| tsm::has_passphrase(&Document::read(source)))
}

/// The server that the command would set up.
fn server_files(command: &TsmCommand) -> Option<&ServerFiles> {
    match command {
        TsmCommand::ExternalSslEnable(files)
        | TsmCommand::CustomTsmSslEnable(files)
        | TsmCommand::GatewayCertificate { files, .. } => Some(files),
        _ => None,
    }
}

/// The same as a certcheck command line, for that server.
fn argv(ours: &[String], server: &str, files: &ServerFiles) -> Vec<String> {
    let mut argv = vec!["preflight".to_owned(), format!("--server={server}")];
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
    argv.extend(ours.iter().cloned());
    argv
}

/// certcheck's own options, with a command that accepts all of them.
fn bare(ours: &[String]) -> Vec<String> {
    let mut argv: Vec<String> = ["preflight", "--cert-file=-"].map(str::to_owned).into();
    argv.extend(ours.iter().cloned());
    argv
}

fn parse(common: &Common, argv: &[String]) -> Result<Cli, Failure> {
    let words = std::iter::once("certcheck").chain(argv.iter().map(String::as_str));
    let mut cli = Cli::try_parse_from(words).map_err(|error| {
        let text = error.to_string();
        Failure::new(text.trim_start_matches("error: ").trim_end().to_owned())
    })?;
    cli.common.inherit(common);
    Ok(cli)
}
/// A key of the configuration: one that holds a protocol or cipher string is judged as
/// `protocols` and `ciphers` judge it. How any other key affects TLS is not known here.
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
        (Some(key), Some(value)) if TsmCommand::is_protocol_key(key) => {
            let given = ProtocolString::parse(Dialect::Tsm, value.value.as_bytes());
            let environment = Environment::default_for(Dialect::Tsm);
            protocols::string(&given, &environment, None, None).map(|_| gateway(()))
        }
        (Some(key), Some(value)) if TsmCommand::is_cipher_key(key) => {
            // httpd's level, as Tableau's OpenSSL is not known to set another.
            let level = SecurityLevel::new(2).ok_or_else(|| Failure::new("no such level"))?;
            ciphers(&value.value, CipherDialect::Apache, level).map(|_| gateway(()))
        }
        (Some(key), Some(value)) if TsmCommand::is_switch_key(key) => {
            if value.value == "true" {
                unjudged(format!(
                    "`{key}` switches TLS on with the files that other keys name, which certcheck \
                     did not check"
                ))
            } else {
                Answer::new(gateway(()), vec![], vec![Check::ran("settings")], [])
            }
        }
        (Some(key), _) if TsmCommand::is_judged_key(key) => {
            let reason =
                format!("`{key}` gets no value here: certcheck does not judge its default");
            unjudged(reason)
        }
        (Some(key), _) if TsmCommand::PLAIN_KEYS.contains(&key) => {
            Answer::new(gateway(()), vec![], vec![Check::ran("settings")], [])
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

/// A command that sets up no server: the files that it names are judged by their purpose.
fn without_server(
    line: &TsmLine,
    cli: &Cli,
    own: &Own,
) -> Result<Answer<PreflightResult>, Failure> {
    let files = line.files();
    let mutual = matches!(line.command, TsmCommand::MutualSslConfigure { .. });
    let user = own.user.as_ref().filter(|_| mutual);
    if files.is_empty() && user.is_none() {
        let none = Check::not_applicable("key-match", "the command sets up no server");
        let mut checks = vec![none];
        // What these commands name is judged with the words.
        if matches!(
            line.command,
            TsmCommand::KmsAws { .. } | TsmCommand::SetPorts { .. }
        ) {
            checks.push(Check::ran("settings"));
        }
        let result = PreflightResult::of("tableau");
        return Ok(Answer::new(result, vec![], checks, []));
    }
    let user = user.map(|path| (FileRole::User, path));
    let named = files.iter().map(|file| (file.role, &file.path)).chain(user);
    let (roles, paths): (Vec<FileRole>, Vec<PathBuf>) = named
        .map(|(role, path)| (role, PathBuf::from(path)))
        .unzip();
    let documents = documents(input::read_all(paths.iter())?);
    let documents: Vec<(FileRole, Document)> = roles.into_iter().zip(documents).collect();
    let passphrase = beside(cli, &paths)?;
    let within = match &cli.command {
        Command::Preflight(args) => args.expires_within,
        _ => None,
    };
    let beside = Beside::at(clock::judged_at(&cli.common))
        .passphrase(passphrase.as_ref())
        .expires_within(within)
        .version(own.version);
    let mut answer = judge_files(&line.command, &documents, beside);
    if let (Some(host), TsmCommand::CustomCertAdd { ca: Some(ca) }) = (&own.smtp, &line.command) {
        let names = match &cli.command {
            Command::Preflight(args) => args.host.as_slice(),
            _ => &[],
        };
        let seen = smtp::probe(host, names, &ca.path, &cli.common)?;
        answer = answer.joined(seen.findings);
        answer.checks.extend(seen.checks);
    }
    Ok(answer)
}

/// The passphrase that certcheck's own options name.
fn beside(cli: &Cli, files: &[PathBuf]) -> Result<Option<Passphrase>, Failure> {
    let Command::Preflight(args) = &cli.command else {
        return Ok(None);
    };
    super::passphrase(&args.passphrase, Opens::Keys, files.iter())
}

/// The arguments of a command, or what `certcheck tsm` does.
fn help(words: &[String]) -> Result<End, Failure> {
    let text = tsm::help(words).unwrap_or_else(|| {
        let mut command = Cli::command();
        command.build();
        command
            .find_subcommand_mut("tsm")
            .map(|tsm| tsm.render_long_help().to_string())
            .unwrap_or_default()
    });
    output::print_bytes(text.as_bytes())
        .map(|()| End::Good)
        .map_err(unwritten)
}
