//! `certcheck diff`, and the old certificate of `preflight --replaces`.

use super::preflight::{client, host_names};
use super::{anchors, lacks, passphrase, unwritten};
use crate::args::{Common, Diff as Args, Wire};
use crate::failure::Failure;
use crate::output::{self, End};
use crate::passphrase::Opens;
use crate::{clock, input, walk};
use certcheck::command::probe::pem;
use certcheck::encoding::{Document, Encoding, Section};
use certcheck::model::Passphrase;
use certcheck::preflight::{NotOne, Preflight, Replacement, contents_of};
use certcheck::probe::{Asked, StartTls, Target, probe};
use certcheck::report::text;
use certcheck::server::Profile;
use certcheck::trust_store::Anchors;
use certcheck::{Source, Time};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn run(common: &Common, args: &Args) -> Result<End, Failure> {
    if args.old.as_os_str() == "-" && args.new.as_os_str() == "-" {
        return Err(Failure::new("-: standard input can be read only once"));
    }
    let at = clock::judged_at(common);
    let files = [&args.old, &args.new].into_iter().chain(&args.store);
    let passphrase = passphrase(&args.passphrase, Opens::Containers, files)?;
    let passphrase = passphrase.as_ref();
    let server = args.server.as_deref();
    let base = preflight(args, at)?;
    let anchors = anchors(&args.anchors, passphrase)?.map(Arc::new);
    let stores = stores(&args.store, passphrase)?;
    let side = |path: &Path| -> Result<Preflight, Failure> {
        let source = source(path, &args.wire, server.is_some(), passphrase)?;
        let side = base.clone().certificate_file(source);
        Ok(match &anchors {
            Some(anchors) => side.anchors(Arc::clone(anchors)),
            None => side,
        })
    };
    let (old, new) = (side(&args.old)?, side(&args.new)?);
    let replacement = stores
        .into_iter()
        .fold(Replacement::of(&old, &new), |all, (name, store)| {
            all.store(name, store)
        });
    output::report(common, at, replacement.judge(), text::diff).map_err(unwritten)
}

/// What both sides have in common.
fn preflight(args: &Args, at: Time) -> Result<Preflight, Failure> {
    let name = args.server.as_deref().unwrap_or("generic");
    let server =
        Profile::named(name).ok_or_else(|| Failure::new(format!("no such server: {name}")))?;
    let mut base = Preflight::new(server, at);
    for host in host_names(&args.host)? {
        base = base.host(host);
    }
    for name in &args.client {
        base = base.client(client(name)?);
    }
    Ok(base)
}

/// The trust stores that the option names.
pub(super) fn stores(
    paths: &[PathBuf],
    passphrase: Option<&Passphrase>,
) -> Result<Vec<(String, Anchors)>, Failure> {
    let mut stores = Vec::new();
    for path in paths {
        let mut anchors = Anchors::new();
        let source = input::read(path)?;
        anchors
            .add_file_with(source, passphrase)
            .map_err(|problem| Failure::file(path, problem))?;
        if anchors.certificates().next().is_none() {
            return Err(Failure::file(path, "holds no certificate"));
        }
        stores.push((path.to_string_lossy().into_owned(), anchors));
    }
    Ok(stores)
}

/// One side: a live server's certificates; the file, as a server reads it; for a directory, or a
/// file that is not PEM, the certificate with its chain.
pub(super) fn source(
    path: &Path,
    wire: &Wire,
    as_is: bool,
    passphrase: Option<&Passphrase>,
) -> Result<Source, Failure> {
    let name = path.to_string_lossy();
    if path.as_os_str() != "-"
        && path.symlink_metadata().is_err()
        && let Ok(Target {
            host,
            port: Some(port),
        }) = name.parse::<Target>()
    {
        return live(&name, &host, port, wire);
    }
    if !path.is_dir() {
        let document = Document::read(input::read(path)?);
        let plain = |section: &Section| {
            !section.kind().is_container() && section.encoding() != Encoding::Der
        };
        if as_is || !document.sections().is_empty() && document.sections().iter().all(plain) {
            return Ok(Source::new(&*name, document.source().bytes().to_vec()));
        }
        let found = contents_of(std::slice::from_ref(&document), passphrase);
        return match found {
            Ok(text) => Ok(Source::new(&*name, text.into_bytes())),
            Err(NotOne::Nothing(None)) => Err(lacks(&document, "holds no certificate to compare")),
            Err(problem) => Err(refused(path, &problem)),
        };
    }
    let walked = walk::through(std::slice::from_ref(&path.to_owned()));
    if let Some(failure) = Failure::together(walked.unread.into_iter().map(|(_, why)| why)) {
        return Err(failure);
    }
    let documents: Vec<_> = input::read_all(&walked.files)?
        .into_iter()
        .map(Document::read)
        .collect();
    let text = contents_of(&documents, passphrase).map_err(|problem| refused(path, &problem))?;
    // The directory does not show which of its files a server loads.
    let alone = |one: &Document| {
        contents_of(std::slice::from_ref(one), passphrase).is_ok_and(|contents| contents == text)
    };
    if as_is && !documents.iter().any(alone) {
        let why = "the server's own certificate and its issuers are in different files, and which of them the server sends is not known";
        return Err(Failure::file(path, why).help("name the file that the server is given"));
    }
    Ok(Source::new(&*name, text.into_bytes()))
}

fn refused(path: &Path, problem: &NotOne) -> Failure {
    let failure = Failure::file(path, problem);
    match problem {
        NotOne::Several(_) => failure.help("name the file with the server's own certificate"),
        _ => failure,
    }
}

/// The certificates that a live server sends.
fn live(name: &str, host: &str, port: u16, wire: &Wire) -> Result<Source, Failure> {
    let mut asked = Asked::of(host, port);
    let starttls = wire.starttls.as_deref();
    asked.starttls = StartTls::ALL
        .into_iter()
        .find(|way| Some(way.as_str()) == starttls);
    asked.timeout = Duration::from_secs(wire.timeout);
    if let Some(name) = &wire.server_name {
        asked.server_name.clone_from(name);
    }
    let failed = |why: &dyn std::fmt::Display| Failure::new(format!("{name}: {why}"));
    let seen = probe(&asked).map_err(|why| failed(&why))?;
    let handshake = seen.handshake.map_err(|why| failed(&why))?;
    if handshake.certificates.is_empty() {
        return Err(failed(&"the server sent no certificate"));
    }
    let text = pem(&handshake.certificates);
    Ok(Source::new(name, text.into_bytes()))
}
