//! One file per command: options into arguments of the library, nothing more.

pub(crate) mod chain;
pub(crate) mod convert;
pub(crate) mod inspect;
pub(crate) mod key_id;
pub(crate) mod matching;
pub(crate) mod preflight;
pub(crate) mod probe;
pub(crate) mod protocols;
pub(crate) mod reference;
mod settings;
pub(crate) mod trust;
pub(crate) mod tsm;
pub(crate) mod verify;

use crate::args::Anchors as Given;
use crate::failure::Failure;
use crate::input;
use certcheck::Source;
use certcheck::answer::{Answer, Outcome};
use certcheck::encoding::{Document, SectionKind};
use certcheck::model::Passphrase;
use certcheck::trust_store::{Anchors, mozilla, native};
use std::path::Path;

/// The anchors that the options name; nothing where none were asked for.
fn anchors(given: &Given) -> Result<Option<Anchors>, Failure> {
    if given.anchors.is_empty() {
        return Ok(None);
    }
    let mut anchors = Anchors::new();
    for name in &given.anchors {
        match name.as_str() {
            "mozilla" => anchors.add_store("mozilla", mozilla::roots()),
            "native" => {
                let store = native::load();
                store
                    .problems
                    .iter()
                    .for_each(|problem| anchors.add_problem(problem.as_str()));
                anchors.add_store("native", store.certificates);
            }
            file => {
                let path = Path::new(file);
                anchors.add_file(input::read(path)?);
                if anchors
                    .files()
                    .last()
                    .is_some_and(|it| !holds(it, may_hold_certificates))
                {
                    return Err(Failure::file(path, "holds no certificate to trust"));
                }
            }
        }
    }
    Ok(Some(anchors))
}

/// The passphrase that the options name.
fn passphrase(given: &crate::args::PassphraseSource) -> Result<Option<Passphrase>, Failure> {
    Ok(crate::passphrase::read(given)?.map(|bytes| Passphrase::new(bytes.to_vec())))
}

fn documents(sources: Vec<Source>) -> Vec<Document> {
    sources.into_iter().map(Document::read).collect()
}

/// The answer, unless nothing was checked and nothing found: then there was
/// nothing to check in these files, and why is said of all of them.
fn checked<T>(answer: Answer<T>, documents: &[Document]) -> Result<Answer<T>, Failure> {
    let ran = answer
        .checks
        .iter()
        .any(|check| check.outcome == Outcome::Ran);
    let reason = answer.checks.iter().find_map(|check| match &check.outcome {
        Outcome::NotRun { reason, .. } => Some(reason),
        _ => None,
    });
    match reason {
        Some(reason) if !ran && answer.findings.is_empty() => {
            let names: Vec<_> = documents
                .iter()
                .map(|document| document.source().name())
                .collect();
            Err(Failure::new(format!("{}: {reason}", names.join(", "))))
        }
        _ => Ok(answer),
    }
}

/// What could not be written to standard output.
fn unwritten(error: std::io::Error) -> Failure {
    Failure::new(format!("standard output: {error}"))
}

/// Whether a file has an object of such a kind, damaged or not.
fn holds(document: &Document, kind: impl Fn(SectionKind) -> bool) -> bool {
    document
        .sections()
        .iter()
        .any(|section| kind(section.kind()))
}

/// A certificate, or a container that may hold some.
fn may_hold_certificates(kind: SectionKind) -> bool {
    matches!(
        kind,
        SectionKind::Certificate
            | SectionKind::TrustedCertificate
            | SectionKind::Pkcs7
            | SectionKind::Pkcs12
            | SectionKind::Jks
    )
}
