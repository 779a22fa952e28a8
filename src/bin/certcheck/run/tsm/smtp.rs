//! `--smtp HOST`: whether the mail server's certificate leads to the CA that
//! `custom-cert add` would give to Tableau Server.

use crate::args::{Cli, Command, Common};
use crate::failure::Failure;
use crate::run::anchors;
use crate::run::preflight::host_names;
use crate::{clock, input};
use certcheck::Time;
use certcheck::answer::Answer;
use certcheck::client::{Client, Presented, Store, Verdict, judge};
use certcheck::command::probe::{Probe, ProbeResult};
use certcheck::encoding::{Document, SectionKind};
use certcheck::finding::Code;
use certcheck::model::Certificate;
use certcheck::probe::{Asked, StartTls, Target, probe as ask};
use std::path::Path;
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
    let at = clock::judged_at(common);
    let mut question = Probe::of(&asked, &seen, at);
    question.anchors = anchors;
    question.hosts = host_names(names)?;
    let mut answer = question.judge();
    // Tableau Server sends mail from Java, which also ends a path at an anchor that is not a root.
    let chain = seen.handshake.as_ref().map(|seen| &seen.certificates);
    if chain.is_ok_and(|chain| java_accepts(chain, ca, at)) {
        answer
            .findings
            .retain(|finding| finding.code() != Code::ChainUntrustedRoot);
    }
    Ok(answer)
}

fn java_accepts(chain: &[Vec<u8>], ca: &str, at: Time) -> bool {
    let (Ok(source), Some(java)) = (input::read(Path::new(ca)), Client::named("java")) else {
        return false;
    };
    let document = Document::read(source);
    let sections = document.sections().iter();
    let certificates = sections.filter(|section| section.kind() == SectionKind::Certificate);
    let anchors: Vec<Certificate<'_>> = certificates
        .filter_map(|section| Certificate::parse(section.der()?).ok())
        .collect();
    let chain: Result<Vec<Certificate<'_>>, _> =
        chain.iter().map(|der| Certificate::parse(der)).collect();
    let Ok(chain) = chain else { return false };
    let judged = judge(java, &Presented::of(&chain), &Store::of(&anchors), at);
    judged.verdict == Verdict::Accepts
}
