//! `--smtp HOST`: whether the mail server's certificate leads to the CA that
//! `custom-cert add` would give to Tableau Server.

use crate::args::{Cli, Command, Common};
use crate::clock;
use crate::failure::Failure;
use crate::run::anchors;
use crate::run::preflight::host_names;
use certcheck::answer::Answer;
use certcheck::command::probe::{Probe, ProbeResult};
use certcheck::probe::{Asked, StartTls, Target, probe as ask};
use std::sync::Arc;
use std::time::Duration;

/// The port where TLS begins with the first byte.
const IMPLICIT: u16 = 465;

/// Connects and judges what the mail server presents, with `ca` as the only anchors. `names` are
/// those by which Tableau Server reaches it, if not `host`.
pub(super) fn probe(
    host: &str,
    names: &[String],
    ca: &str,
    common: &Common,
) -> Result<Answer<ProbeResult>, Failure> {
    let refused = |why: String| {
        let host = certcheck::shown::value(host);
        Failure::new(format!("--smtp {host}: {why}")).help("--smtp mail.example.com:587")
    };
    let target: Target = host.parse().map_err(refused)?;
    let argv = [
        "probe".to_owned(),
        "x".to_owned(),
        format!("--anchors={ca}"),
    ];
    let cli: Cli = super::parse(common, &argv)?;
    let Command::Probe(args) = &cli.command else {
        return Err(Failure::new("certcheck did not understand the command"));
    };
    let port = target.port.unwrap_or(StartTls::Smtp.port());
    let mut asked = Asked::of(target.host.as_str(), port);
    asked.starttls = (port != IMPLICIT).then_some(StartTls::Smtp);
    if let Some(name) = names.first() {
        asked.server_name.clone_from(name);
    }
    asked.timeout = Duration::from_secs(args.timeout);
    let anchors = anchors(&args.anchors, None)?.map(Arc::new);
    let seen = ask(&asked).map_err(|why| refused(why.to_string()))?;
    let mut question = Probe::of(&asked, &seen, clock::judged_at(common));
    question.anchors = anchors;
    question.hosts = host_names(names)?;
    Ok(question.judge())
}
