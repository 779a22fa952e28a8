//! `certcheck verify`.

use super::blocklist::blocklist;
use super::several::nothing_to_check;
use super::{
    anchors, documents, holds, lacks, may_hold_certificates, passphrase, taken_out, unwritten,
};
use crate::args::{Common, RevocationMode, Verify};
use crate::failure::Failure;
use crate::fetch::{self, Fetcher};
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::{clock, input};
use certcheck::chain::{PathProfile, PolicyInputs, Purpose, Revocation};
use certcheck::command::issuers::missing_issuers;
use certcheck::command::proof::proven_path;
use certcheck::command::verify::VerifyRequest;
use certcheck::encoding::{Document, SectionKind};
use certcheck::model::oid_contents;
use certcheck::report::text;

pub(crate) fn run(common: &Common, args: &Verify) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    let path = args.leaf.as_ref().ok_or_else(|| {
        Failure::new("no certificate to verify: LEAF is missing")
            .help("certcheck verify [OPTIONS] <LEAF>; `certcheck verify --help` has examples")
    })?;
    let files = std::iter::once(path).chain(&args.intermediates);
    let passphrase = passphrase(&args.passphrase, Opens::Containers, files)?;
    let sources = input::read_all(
        std::iter::once(path)
            .chain(&args.intermediates)
            .chain(&args.crl),
    )?;
    let documents = documents(sources);
    let mut documents = taken_out(documents, passphrase.as_ref())?;
    let crls = documents.split_off(1 + args.intermediates.len());
    let intermediates = documents.split_off(1);
    let leaf = documents
        .pop()
        .ok_or_else(|| Failure::new("there is no file to verify"))?;
    if !holds(&leaf, may_hold_certificates) {
        return Err(lacks(&leaf, "holds no certificate to verify"));
    }
    for list in &crls {
        if !holds(list, |kind| {
            matches!(kind, SectionKind::Crl | SectionKind::Pkcs7)
        }) {
            return Err(lacks(list, "holds no revocation list"));
        }
    }
    let purpose = Purpose::named(&args.purpose).ok_or_else(|| {
        Failure::new(format!("--purpose: `{}` is not a purpose", args.purpose))
            .help("server, client, any, or an object identifier such as 1.3.6.1.5.5.7.3.4")
    })?;
    let profile = PathProfile::named(&args.profile)
        .ok_or_else(|| Failure::new(format!("no such profile: {}", args.profile)))?;
    let question = VerifyRequest {
        leaf,
        intermediates,
        anchors: anchors(&args.anchors, passphrase.as_ref())?.unwrap_or_default(),
        names: args.name.clone(),
        purpose,
        profile,
        max_depth: args.max_depth,
        policies: policies(args)?,
        blocklist: blocklist(&args.blocklists)?,
        revocation: revocation(args, &crls),
        crls,
        at,
    };
    let mut answer = question.ask();
    if answer.result.path.is_empty()
        && let Some(failure) =
            nothing_to_check(&answer, &[question.leaf.source().name().to_owned()])
    {
        return Err(failure);
    }
    if let Some(fetcher) = Fetcher::new(&args.fetch) {
        let files = std::iter::once(&question.leaf).chain(&question.intermediates);
        let missing = missing_issuers(&answer.findings, files.clone());
        let (fetched, report) = fetch::upwards(&fetcher, missing);
        let trusted: Vec<_> = question.anchors.certificates().collect();
        answer = fetched
            .noted(answer, files, &trusted)
            .having_fetched(report);
        answer = proven_path(question, &fetched, answer);
    }
    output::answer(common, at, "verify", answer, |verification| {
        text::verification(verification, output::detail(common))
    })
    .map_err(unwritten)
}

fn revocation(args: &Verify, crls: &[Document]) -> Revocation {
    match args.revocation {
        Some(RevocationMode::Off) => Revocation::Off,
        Some(RevocationMode::Available) => Revocation::Available,
        Some(RevocationMode::Required) => Revocation::Required,
        None if crls.is_empty() => Revocation::Off,
        None => Revocation::Available,
    }
}

fn policies(args: &Verify) -> Result<PolicyInputs, Failure> {
    let mut inputs = PolicyInputs::default();
    for policy in &args.policy {
        let contents = oid_contents(policy)
            .ok_or_else(|| Failure::new(format!("--policy {policy}: not an object identifier")))?;
        inputs.initial.push(contents);
    }
    inputs.require_explicit = args.explicit_policy;
    inputs.inhibit_mapping = args.inhibit_mapping;
    inputs.inhibit_any = args.inhibit_any_policy;
    Ok(inputs)
}
