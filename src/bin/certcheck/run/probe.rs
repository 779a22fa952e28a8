//! `certcheck probe`.

use super::preflight::{files, host_names, inputs};
use super::{anchors, holds, may_hold_certificates, unwritten};
use crate::args::{Common, Probe as Args};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::write::{self, WriteOptions};
use crate::{clock, input};
use certcheck::command::probe::{Probe, pem};
use certcheck::encoding::Document;
use certcheck::preflight::PreflightResult;
use certcheck::probe::{Asked, StartTls, probe};
use certcheck::report::text;
use certcheck::server_name::ServerName;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    let asked = asked(args);
    // Errors in the files are reported before certcheck connects.
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
    let anchors = anchors(&args.anchors, None)?;
    let seen = probe(&asked)
        .map_err(|why| Failure::new(format!("{}:{}: {why}", asked.host, asked.port)))?;
    let mut question = Probe::of(&asked, &seen, at);
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

fn asked(args: &Args) -> Asked {
    let starttls = args.starttls.as_deref();
    let starttls = StartTls::ALL
        .into_iter()
        .find(|way| Some(way.as_str()) == starttls);
    let port = args
        .target
        .port
        .unwrap_or(starttls.map_or(443, StartTls::port));
    let mut asked = Asked::of(args.target.host.as_str(), port);
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
