//! One file per command: options into arguments of the library, nothing more.

pub(crate) mod assemble;
mod blocklist;
pub(crate) mod chain;
pub(crate) mod ciphers;
pub(crate) mod config;
pub(crate) mod convert;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod gate;
pub(crate) mod handshake;
pub(crate) mod inspect;
pub(crate) mod key_id;
pub(crate) mod matching;
pub(crate) mod preflight;
pub(crate) mod probe;
pub(crate) mod protocols;
pub(crate) mod reference;
pub(crate) mod scan;
mod settings;
mod several;
pub(crate) mod stream;
pub(crate) mod targets;
pub(crate) mod trust;
pub(crate) mod tsm;
pub(crate) mod verify;
pub(crate) mod watch;

pub(crate) use settings::sets_openssl;

use crate::args::Anchors as Given;
use crate::failure::Failure;
use crate::passphrase::Opens;
use crate::{input, ledger};
use certcheck::Source;
use certcheck::command::convert::contents;
use certcheck::command::gate::State;
use certcheck::encoding::convert::{Conversion, ConversionProblem};
use certcheck::encoding::{Document, SectionKind};
use certcheck::finding::Subject;
use certcheck::model::{KeyProblem, Passphrase};
use certcheck::rule::{self, EncodingFact, Finding};
use certcheck::trust_store::{Anchors, mozilla, native};
use std::path::{Path, PathBuf};

/// The anchors that the options name; `None` where none were asked for.
fn anchors(given: &Given, passphrase: Option<&Passphrase>) -> Result<Option<Anchors>, Failure> {
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
                ledger::note("native", None, || {
                    State::of_store(store.certificates.iter().map(AsRef::as_ref))
                });
                anchors.add_store("native", store.certificates);
            }
            file => {
                let source = input::read(Path::new(file))?;
                anchors
                    .add_file_with(source, passphrase)
                    .map_err(|problem| closed(file, passphrase, &problem))?;
                if let Some(given) = anchors.files().last()
                    && !holds(given, may_hold_certificates)
                {
                    return Err(lacks(given, "holds no certificate to trust"));
                }
            }
        }
    }
    Ok(Some(anchors))
}

/// The failure of a container of anchors that stays closed.
fn closed(file: &str, passphrase: Option<&Passphrase>, problem: &KeyProblem) -> Failure {
    let failure = |what: &str| Failure::new(format!("{file}: {what}"));
    match problem {
        KeyProblem::Encrypted(_) if passphrase.is_none() => {
            failure("its certificates are encrypted, but no passphrase was given")
                .help("extract the certificates: certcheck convert --to pem --passphrase-file FILE")
        }
        KeyProblem::Encrypted(_) | KeyProblem::WrongPassphrase(_) => {
            failure("its certificates are encrypted, and the passphrase does not open them")
        }
        problem => failure(&problem.to_string()),
    }
}

/// The passphrase that the options name, for these files.
fn passphrase<'p>(
    given: &crate::args::PassphraseSource,
    opens: Opens,
    files: impl Iterator<Item = &'p PathBuf> + Clone,
) -> Result<Option<Passphrase>, Failure> {
    let read = crate::passphrase::read(given, opens, files)?;
    Ok(read.map(|mut bytes| Passphrase::new(std::mem::take(&mut *bytes))))
}

fn documents(sources: Vec<Source>) -> Vec<Document> {
    sources.into_iter().map(Document::read).collect()
}

/// The documents, with each container replaced by the contents that the passphrase opens.
fn taken_out(
    documents: Vec<Document>,
    passphrase: Option<&Passphrase>,
) -> Result<Vec<Document>, Failure> {
    let Some(passphrase) = passphrase else {
        return Ok(documents);
    };
    let mut opened = Vec::new();
    for document in documents {
        let refused = |problem: ConversionProblem| {
            Failure::new(format!("{}: {problem}", document.source().name()))
        };
        let Some(taken) = contents(&document, Some(passphrase)).map_err(refused)? else {
            opened.push(document);
            continue;
        };
        // As DER, which has no lines: a line number in this PEM would belong to no file.
        let plan = Conversion::to_der()
            .split(true)
            .plan(&taken.document)
            .map_err(refused)?;
        let parts = plan.outputs.iter().map(|output| output.bytes.as_slice());
        let bytes = parts.collect::<Vec<_>>().concat();
        opened.push(Document::read(Source::new(document.source().name(), bytes)));
    }
    Ok(opened)
}

/// What could not be written to standard output.
fn unwritten(error: std::io::Error) -> Failure {
    Failure::new(format!("standard output: {error}"))
}

/// What a file without any object is ("this is an HTML page"), or how its objects are
/// damaged.
fn looks_like(document: &Document) -> Option<String> {
    let facts = || document.anomalies().iter().map(|anomaly| &anomaly.fact);
    let named = facts().find_map(|fact| match fact {
        EncodingFact::NothingFound(rule::encoding::NothingFound { looks_like, .. }) => {
            looks_like.as_deref()
        }
        _ => None,
    });
    if let Some(words) = named {
        return Some(format!("this is {words}"));
    }
    let damage = facts().find(|fact| {
        !matches!(
            fact,
            EncodingFact::NothingFound(rule::encoding::NothingFound { .. })
        )
    })?;
    let subject = Subject::file(document.source().name());
    Some(Finding::new(damage.clone(), subject).message())
}

/// Whether a file has more than is ever read.
fn not_all_read(document: &Document) -> bool {
    document.anomalies().iter().any(|anomaly| {
        matches!(
            anomaly.fact,
            EncodingFact::TooLarge(rule::encoding::TooLarge { .. })
        )
    })
}

/// The failure of a file that lacks what was asked about; it says what the file is instead.
fn lacks(document: &Document, what: &str) -> Failure {
    let name = document.source().name();
    match looks_like(document) {
        Some(words) => Failure::new(format!("{name}: {what}: {words}")),
        None => Failure::new(format!("{name}: {what}")),
    }
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
