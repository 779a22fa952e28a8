//! `certcheck tsm --for PURPOSE FILE…`: files that no command of `tsm` accepts.

use super::own::Own;
use crate::args::{Command, Common};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::run::preflight::host_names;
use crate::run::{documents, unwritten};
use crate::{clock, input};
use certcheck::encoding::{Document, SectionKind};
use certcheck::preflight::tsm::{Beside, FileRole, Purpose, TsmResult, judge_purpose};
use certcheck::report::text;
use std::path::PathBuf;

pub(super) fn run(
    common: &Common,
    purpose: Purpose,
    words: &[String],
    own: &Own,
    ours: &[String],
) -> Result<End, Failure> {
    let cli = super::parse(common, &super::bare(ours))?;
    let option = words
        .iter()
        .find(|word| word.starts_with('-') && *word != "-");
    if let Some(option) = option {
        return Err(Failure::new(format!("--for: {option} is no file"))
            .help("certcheck tsm --for ldaps FILE"));
    }
    let here = |word: &String| own.paths.here(word).unwrap_or_else(|| word.clone());
    let paths: Vec<PathBuf> = words.iter().map(|word| PathBuf::from(here(word))).collect();
    if paths.is_empty() {
        return Err(Failure::new("--for: the file to check is missing")
            .help("certcheck tsm --for ldaps FILE"));
    }
    let files = documents(input::read_all(paths.iter())?);
    let files: Vec<(FileRole, Document)> = files
        .into_iter()
        .map(|document| (role(purpose, &document), document))
        .collect();
    let passphrase = super::beside(&cli, &paths)?;
    let (within, names) = match &cli.command {
        Command::Preflight(args) => (args.expires_within, args.host.as_slice()),
        _ => (None, &[][..]),
    };
    if !names.is_empty() && purpose != Purpose::Ldaps {
        return Err(Failure::new("--host applies only to --for ldaps"));
    }
    let hosts = host_names(names)?;
    let at = clock::judged_at(&cli.common);
    let beside = Beside::at(at)
        .passphrase(passphrase.as_ref())
        .expires_within(within)
        .hosts(&hosts)
        .version(own.version);
    let answer = judge_purpose(purpose, &files, beside);
    let effects = purpose.effects().to_vec();
    let answer = answer.map(|preflight| TsmResult::new(preflight, effects));
    output::report(&cli.common, at, answer, |answer, detail| {
        text::tsm(answer, detail)
    })
    .map_err(unwritten)
}

/// The role of a file, by its contents.
fn role(purpose: Purpose, document: &Document) -> FileRole {
    let mut kinds = document.sections().iter().map(|section| section.kind());
    let has_key = kinds.any(SectionKind::is_private_key);
    let certificates = document.sections().iter();
    let has_certificate = certificates
        .map(|section| section.kind())
        .any(|kind| kind == SectionKind::Certificate);
    match purpose {
        _ if has_key && !has_certificate => FileRole::Key,
        Purpose::OpenId => FileRole::CaCertificate,
        _ => FileRole::Certificate,
    }
}
