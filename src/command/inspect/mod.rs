//! What is in any file.

mod alone;
mod describe;
mod loaders;
mod object;
mod ssh;

pub use alone::Dates;
pub(super) use describe::names;
pub use loaders::{Loaded, LoadedKey, Loads, Served};
pub use object::{
    CertificateDetails, ContainerDetails, CrlDetails, CsrDetails, Details, KeyDetails, Object,
};

use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::known_bad::Blocklist;
use crate::model::{Integrity, KeyProblem, Passphrase};
use crate::objects::{self, Content, Keys, Opened, Serials};
use crate::rule::Finding;
use crate::server::Loaders;
use describe::{nothing, one};
use std::borrow::Borrow;

/// What is in the files, in their order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Inspection {
    /// Every object found, known or not.
    pub objects: Vec<Object>,
    /// How each loader, and each server, reads each file, if that was asked for.
    pub loads: Loads,
}

/// Says what is in the documents, and what is wrong with each certificate by itself;
/// a passphrase opens encrypted keys.
///
/// Documents may be given one by one: each is dropped before the next is requested, so that
/// thousands of files are not held at once.
pub fn inspect<D: Borrow<Document>>(
    documents: impl IntoIterator<Item = D>,
    passphrase: Option<&Passphrase>,
    dates: impl Into<Dates>,
) -> Answer<Inspection> {
    let mut objects = Vec::new();
    let mut answer = inspect_each(documents, passphrase, dates, |object| objects.push(object));
    answer.result.objects = objects;
    answer
}

/// As [`inspect_each_with`], without a blocklist.
pub fn inspect_each<D: Borrow<Document>>(
    documents: impl IntoIterator<Item = D>,
    passphrase: Option<&Passphrase>,
    dates: impl Into<Dates>,
    tell: impl FnMut(Object),
) -> Answer<Inspection> {
    inspect_each_with(documents, passphrase, None, dates, tell)
}

/// As [`inspect`], but each object is passed to `tell` as soon as it is known, and not kept: for
/// thousands of files, only the findings are held to the end.
pub fn inspect_each_with<D: Borrow<Document>>(
    documents: impl IntoIterator<Item = D>,
    passphrase: Option<&Passphrase>,
    blocklist: Option<&Blocklist>,
    dates: impl Into<Dates>,
    mut tell: impl FnMut(Object),
) -> Answer<Inspection> {
    let dates = dates.into();
    let mut findings = Vec::new();
    let mut checks = vec![Check::ran("encoding")];
    let mut names = Vec::new();
    let mut keys = Keys::new(blocklist);
    let mut serials = Serials::default();
    for document in documents {
        let document = document.borrow();
        names.push(document.source().name().to_owned());
        let opened = Opened::new(document, passphrase);
        let objects = opened.objects();
        let unopened = objects::unopened(&objects).or_else(|| unproven(&objects));
        checks.extend(unopened.map(|reason| match passphrase {
            Some(_) => Check::impossible("containers", reason),
            None => Check::not_asked("containers", reason),
        }));
        checks.extend(unlooked(&objects).map(|reason| Check::not_asked("keys", reason)));
        findings.extend(faults(document, &objects, dates));
        objects.iter().for_each(|object| keys.add(object));
        objects.iter().for_each(|object| serials.add(object));
        if objects.is_empty() {
            tell(nothing(document));
        }
        // Each object that is shown replaces one that was read, so memory does not grow.
        for object in objects {
            tell(one(&object));
        }
    }
    let names = names.iter().map(String::as_str);
    findings.extend(keys.findings());
    findings.extend(serials.findings());
    checks.extend(
        keys.missed()
            .map(|reason| Check::not_asked("shared-primes", reason)),
    );
    Answer::new(Inspection::default(), findings, checks, names)
}

/// An object in words.
#[cfg(feature = "scan")]
pub(super) fn described(object: &objects::Object<'_>) -> Object {
    one(object)
}

/// What is wrong with a document, and with each of its objects by itself.
pub(super) fn faults(
    document: &Document,
    objects: &[objects::Object<'_>],
    dates: Dates,
) -> Vec<Finding> {
    let all: Vec<_> = objects.iter().collect();
    let mut findings = objects::deviations(document, &all, Loaders::Mainstream);
    findings.retain(|finding| !objects::is_answered(finding, objects));
    findings.extend(objects.iter().filter_map(objects::Object::problem));
    findings.extend(objects.iter().filter_map(objects::Object::cannot_open));
    findings.extend(objects.iter().flat_map(|object| dates.judge(object)));
    findings
}

/// A container whose contents are open, but whose authentication code could not
/// be computed for lack of a passphrase.
fn unproven(objects: &[objects::Object<'_>]) -> Option<String> {
    let object = objects.iter().find(|object| {
        matches!(&object.content, Content::Container(inside)
            if inside.integrity == Integrity::NotChecked && inside.problem.is_none())
    })?;
    Some(format!(
        "{}: its integrity was not checked, because no passphrase was given",
        object.subject().source
    ))
}

/// Private keys that stay locked.
fn unlooked(objects: &[objects::Object<'_>]) -> Option<String> {
    let is_locked = |object: &&objects::Object<'_>| {
        matches!(
            &object.content,
            Content::ClosedKey(KeyProblem::Encrypted(_))
        )
    };
    let first = objects.iter().find(is_locked)?;
    let what = match objects.iter().filter(is_locked).count() {
        1 => "the private key in it is encrypted".to_owned(),
        several => format!("{several} private keys in it are encrypted"),
    };
    Some(format!(
        "{}: {what}, but no passphrase was given",
        first.subject().source
    ))
}
