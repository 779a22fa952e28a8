//! `certcheck assemble`.

use super::preflight::{client, host_names};
use super::{anchors, unwritten};
use crate::args::{Assemble as Args, Common, KeystoreType};
use crate::failure::Failure;
use crate::fetch::{self, Fetcher};
use crate::output::{self, End};
use crate::unpacked::unpacked;
use crate::write::{self, New, WriteOptions};
use crate::{clock, input, passphrase, random, walk};
use certcheck::answer::Verdict;
use certcheck::command::assemble::{
    Assemble, AssembleResult, Wanted, missing_issuer, refused_in_path,
};
use certcheck::encoding::Document;
use certcheck::report::text;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    let at = clock::judged_at(common);
    if args.output.as_os_str() == "-" {
        return Err(
            Failure::new("assemble writes files and cannot write to standard output")
                .help("name a directory with -o"),
        );
    }
    let wanted = Wanted::named(&args.server)
        .ok_or_else(|| Failure::new(format!("no such server: {}", args.server)))?;
    if args.keystore_type != KeystoreType::Pkcs12 && !wanted.needs_passphrase() {
        return Err(
            Failure::new(format!("--for {}: writes no keystore", wanted.name()))
                .help("leave out --keystore-type, or ask for a keystore: --for java"),
        );
    }
    let key_passphrase = match &args.key_passphrase_file {
        Some(_) if wanted.name() == "haproxy" => {
            return Err(Failure::new(
                "--for haproxy: HAProxy would ask for the passphrase at every start",
            )
            .help("leave out --key-passphrase-file: the new file is readable only by its owner"));
        }
        Some(path) => {
            let new = passphrase::new(path)?;
            if wanted.needs_passphrase() {
                passphrase::refuse_for_java(path, &new)?;
            }
            Some(new)
        }
        None if wanted.needs_passphrase() => {
            return Err(Failure::new(format!(
                "--for {}: a keystore needs a passphrase",
                wanted.name()
            ))
            .help("give --key-passphrase-file FILE with the new passphrase in its first line"));
        }
        None => None,
    };
    let walked = walk::through(&args.files);
    if let Some(failure) = Failure::together(walked.unread.into_iter().map(|(_, why)| why)) {
        return Err(failure);
    }
    let passphrases = passphrase::candidates(&args.passphrase, walked.files.iter())?;
    let hosts = host_names(&args.host)?;
    let mut documents: Vec<_> = unpacked(input::read_all(&walked.files)?)?
        .into_iter()
        .map(Document::read)
        .collect();
    let fetched = match Fetcher::new(&args.fetch) {
        Some(fetcher) => fetch::issuers(&fetcher, &mut documents, |documents| {
            missing_issuer(documents, &passphrases, &hosts, at)
        }),
        None => Vec::new(),
    };
    let mut question = Assemble::of(wanted, &documents, at);
    question.passphrases = passphrases;
    question.key_passphrase = key_passphrase;
    question.hosts = hosts;
    for name in &args.client {
        question.clients.push(client(name)?);
    }
    question.anchors = anchors(&args.anchors, None)?.map(Arc::new);
    question.seed = random::seed()?;
    question.keystore = args.keystore_type.into();
    let directory = args.output.to_string_lossy();
    let absolute = std::path::absolute(&args.output).unwrap_or_else(|_| args.output.clone());
    if let Some(why) = refused_in_path(wanted, &absolute.to_string_lossy()) {
        return Err(Failure::file(&args.output, why).help("choose another directory"));
    }
    let mut answer = question.make(&directory, &absolute.to_string_lossy());
    answer.result.fetched = fetched;
    if !answer.result.files.is_empty() && answer.verdict() != Verdict::Fail {
        let paths: Vec<PathBuf> = answer
            .result
            .files
            .iter()
            .map(|file| args.output.join(file.name))
            .collect();
        write::refuse_inputs(paths.iter().map(PathBuf::as_path))?;
        write::refuse_existing(paths.iter().map(PathBuf::as_path), args.force)?;
        refuse_rest(&args.output, &answer.result)?;
        let was_there = args.output.is_dir();
        write::folder(&args.output)?;
        let both = paths.iter().zip(&answer.result.files);
        let new: Vec<_> = both
            .map(|(path, file)| New {
                path,
                bytes: &file.bytes,
                options: WriteOptions {
                    secret: file.is_secret,
                    force: args.force,
                },
            })
            .collect();
        if let Err(failure) = write::write_all(&new) {
            if !was_there {
                // certcheck created it, and it is empty.
                let _ = std::fs::remove_dir(&args.output);
            }
            return Err(failure);
        }
        answer.result.directory = Some(directory.into_owned());
    }
    output::report(common, at, answer, text::assembled).map_err(unwritten)
}

/// Refuses to leave a chain of an earlier run next to the new certificate: the settings in use
/// would still name it.
fn refuse_rest(directory: &Path, result: &AssembleResult) -> Result<(), Failure> {
    const CHAIN: &str = "chain.crt";
    let old = directory.join(CHAIN);
    let has_chain = matches!(result.server, "apache" | "tableau" | "rserve");
    let makes = result.files.iter().any(|file| file.name == CHAIN);
    if !has_chain || makes || old.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(Failure::file(
        &old,
        "is from an earlier run, and the new certificate has no chain file; nothing was written",
    )
    .help("remove it, and the setting that names it; or choose another directory"))
}
