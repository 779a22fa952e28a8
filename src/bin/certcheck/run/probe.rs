//! `certcheck probe`.

use super::preflight::{files, host_names, inputs};
use super::{anchors, holds, may_hold_certificates, unwritten};
use crate::args::{Common, Probe as Args};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::parallel::{Next, in_order};
use crate::terminal::Progress;
use crate::write::{self, WriteOptions};
use crate::{clock, input, passphrase};
use certcheck::Source;
use certcheck::command::probe::{Probe, client_identity, pem, several as judge_several};
use certcheck::encoding::Document;
use certcheck::model::Passphrase;
use certcheck::preflight::PreflightResult;
use certcheck::probe::{Asked, ClientIdentity, StartTls, Target, probe};
use certcheck::report::text;
use certcheck::server_name::ServerName;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    let mut targets = targets(args)?;
    if let Some(path) = &args.client_cert {
        let identity = client(path, args)?;
        for asked in &mut targets {
            asked.client = Some(identity.clone());
        }
    }
    let [asked] = targets.as_slice() else {
        return several(common, args, at, &targets);
    };
    // Everything that is wrong with the files is reported before a connection is opened.
    write::refuse_existing(args.save.iter().map(PathBuf::as_path), args.force)?;
    let expected = args.expect.as_ref().map(|path| {
        let document = Document::read(input::read(path)?);
        if holds(&document, may_hold_certificates) {
            Ok(document)
        } else {
            Err(Failure::file(path, "holds no certificate to expect"))
        }
    });
    let expected = expected.transpose()?;
    let mut hosts = host_names(&args.host)?;
    if hosts.is_empty() {
        hosts.extend(asked.server_name.parse::<ServerName>().ok());
    }
    let predicted = predicted(args, at, &hosts)?.map(|found| found.at_port(asked.port));
    let anchors = anchors(&args.anchors, None)?.map(Arc::new);
    let seen = probe(asked)
        .map_err(|why| Failure::new(format!("{}:{}: {why}", asked.host, asked.port)))?;
    let mut question = Probe::of(asked, &seen, at);
    question.hosts = hosts;
    question.anchors = anchors;
    question.expected = expected;
    question.predicted = predicted;
    question.expires_within = args.expires_within;
    let mut answer = question.judge();
    if let Some(path) = &args.save
        && let Ok(handshake) = &seen.handshake
        && !handshake.certificates.is_empty()
    {
        let options = WriteOptions {
            secret: false,
            force: args.force,
        };
        write::write(path, pem(&handshake.certificates).as_bytes(), options)?;
        answer.result.saved = Some(path.to_string_lossy().into_owned());
    }
    output::answer(common, at, "probe", answer, text::probe).map_err(unwritten)
}

/// The certificate to show to servers that ask for one.
fn client(path: &Path, args: &Args) -> Result<ClientIdentity, Failure> {
    let passphrase = args.client_key_passphrase_file.as_deref();
    let passphrase = passphrase.map(passphrase::first_line).transpose()?;
    let passphrase = passphrase.map(|mut line| Passphrase::new(std::mem::take(&mut *line)));
    let certificates = Document::read(input::read(path)?);
    let key = args.client_key.as_deref().map(input::read_secret);
    let key = key.transpose()?.map(Document::read);
    client_identity(&certificates, key.as_ref(), passphrase.as_ref()).map_err(Failure::new)
}

/// Asks several servers at the same time, and answers in their order.
fn several(
    common: &Common,
    args: &Args,
    at: certcheck::Time,
    targets: &[Asked],
) -> Result<End, Failure> {
    let one_alone = [
        ("--save", args.save.is_some()),
        ("--server-name", args.server_name.is_some()),
        (
            "--server",
            args.server.is_some() || args.files.has_settings(),
        ),
    ];
    if let Some((option, _)) = one_alone.iter().find(|(_, given)| *given) {
        return Err(Failure::new(format!("{option} is for a single server")));
    }
    let hosts = host_names(&args.host)?;
    let anchors = anchors(&args.anchors, None)?.map(Arc::new);
    let expected = args.expect.as_ref().map(|path| input::read(path));
    let expected = expected.transpose()?;
    let mut answers = Vec::new();
    let progress = Progress::new();
    in_order(
        usize::from(args.jobs).min(targets.len()),
        |feed| {
            for asked in targets {
                if !feed.give(asked) {
                    break;
                }
            }
        },
        |asked: &Asked, results| {
            let name = name_of(asked);
            let answer = probe(asked).map(|seen| {
                let mut question = Probe::of(asked, &seen, at);
                question.hosts.clone_from(&hosts);
                question.anchors.clone_from(&anchors);
                question.expected = expected.as_ref().map(|source| {
                    let again = Source::new(source.name(), source.bytes().to_vec());
                    Document::read(again)
                });
                question.expires_within = args.expires_within;
                question.judge()
            });
            results.give((name, answer.map_err(|why| why.to_string())));
        },
        |next| {
            if let Next::Result(answer) = next {
                progress.say(&format!(
                    "{} of {} servers",
                    answers.len() + 1,
                    targets.len()
                ));
                answers.push(answer);
            }
            true
        },
    );
    drop(progress);
    if let Some((name, Err(why))) = answers.first()
        && answers.iter().all(|(_, answer)| answer.is_err())
    {
        let more = answers.len() - 1;
        return Err(Failure::new(format!(
            "none of {} servers was reached; the first: {name}: {why}",
            more + 1
        )));
    }
    let answer = judge_several(answers);
    let verbose = common.verbose;
    output::answer(common, at, "probe", answer, |result| {
        text::probes(result, verbose)
    })
    .map_err(unwritten)
}

/// What is asked of each server that was named.
fn targets(args: &Args) -> Result<Vec<Asked>, Failure> {
    let mut all: Vec<Asked> = args
        .targets
        .iter()
        .map(|target| asked(args, target))
        .collect();
    if let Some(path) = &args.hosts {
        let listed = listed(path, |target| asked(args, target))?;
        if all.len() + listed.len() > MOST_TARGETS {
            return Err(too_many(path));
        }
        all.extend(listed);
    }
    Ok(all)
}

/// Host and port of a server.
pub(super) fn name_of(asked: &Asked) -> String {
    match asked.host.contains(':') {
        true => format!("[{}]:{}", asked.host, asked.port),
        false => format!("{}:{}", asked.host, asked.port),
    }
}

/// The servers in a file, one a line.
pub(super) fn listed(path: &Path, asked: impl Fn(&Target) -> Asked) -> Result<Vec<Asked>, Failure> {
    let mut all = Vec::new();
    let source = input::read(path)?;
    let text = String::from_utf8_lossy(source.bytes());
    for (place, line) in text.lines().enumerate() {
        let line = line.split_once('#').map_or(line, |(line, _)| line);
        let mut words = line.split_whitespace();
        let Some(target) = words.next() else { continue };
        let refused = |why: String| {
            let target = certcheck::shown::value(target);
            Failure::file(path, format!("line {}: {target}: {why}", place + 1))
        };
        let mut asked = asked(&target.parse().map_err(refused)?);
        if let Some(name) = words.next() {
            name.clone_into(&mut asked.server_name);
        }
        if words.next().is_some() {
            return Err(refused("more than a server and a name".to_owned()));
        }
        if all.len() >= MOST_TARGETS {
            return Err(too_many(path));
        }
        all.push(asked);
    }
    if all.is_empty() {
        return Err(Failure::file(path, "names no server"));
    }
    Ok(all)
}

fn too_many(path: &Path) -> Failure {
    Failure::file(path, format!("has more than {MOST_TARGETS} servers"))
}

/// The most servers in one run: the answer of each stays in memory until the end.
const MOST_TARGETS: usize = 10_000;

fn asked(args: &Args, target: &Target) -> Asked {
    let starttls = args.starttls.as_deref();
    let starttls = StartTls::ALL
        .into_iter()
        .find(|way| Some(way.as_str()) == starttls);
    let port = target.port.unwrap_or(starttls.map_or(443, StartTls::port));
    let mut asked = Asked::of(target.host.as_str(), port);
    asked.starttls = starttls;
    asked.timeout = Duration::from_secs(args.timeout);
    asked.alpn.clone_from(&args.alpn);
    if let Some(name) = &args.server_name {
        asked.server_name.clone_from(name);
    }
    asked
}

/// What the server would do with the files that the options name; `None` if
/// they name none.
fn predicted(
    args: &Args,
    at: certcheck::Time,
    hosts: &[ServerName],
) -> Result<Option<PreflightResult>, Failure> {
    if inputs(&args.files).next().is_none() && !args.files.has_settings() {
        return Ok(None);
    }
    let sources = input::read_all(inputs(&args.files))?;
    let preflight = files(
        &args.files,
        args.server.as_deref(),
        at,
        sources,
        |mut preflight| {
            for host in hosts {
                preflight = preflight.host(host.clone());
            }
            preflight
        },
    )?;
    Ok(Some(preflight.run().result))
}
