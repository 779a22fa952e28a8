//! Faults of a whole file, for a reader that expects PEM.

use crate::encoding::{Document, Form, SectionKind};
use crate::objects::{Content, Object};
use crate::rule::{self, EncodingFact};
use crate::server::startup::FileState;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Certificate,
    Key,
}

pub(super) fn is_key(object: &Object<'_>) -> bool {
    matches!(
        object.content,
        Content::PrivateKey(_) | Content::ClosedKey(_)
    )
}

pub(super) fn state(
    document: &Document,
    objects: &[Object<'_>],
    wanted: Wanted,
) -> Option<FileState> {
    state_of(document, &objects.iter().collect::<Vec<_>>(), wanted)
}

/// Faults of a whole file, for a reader that expects PEM.
pub(super) fn state_of(
    document: &Document,
    objects: &[&Object<'_>],
    wanted: Wanted,
) -> Option<FileState> {
    let kind = |kind| {
        document
            .sections()
            .iter()
            .any(|section| section.kind() == kind)
    };
    // No server looks into a container.
    let own = document.sections().as_ptr_range();
    let has = objects
        .iter()
        .filter(|object| own.contains(&std::ptr::from_ref(object.section)))
        .any(|object| match wanted {
            Wanted::Certificate => object.certificate().is_some(),
            Wanted::Key => is_key(object),
        });
    let anomaly = |is: fn(&EncodingFact) -> bool| {
        document.anomalies().iter().any(|anomaly| is(&anomaly.fact))
    };
    match document.form() {
        Form::Empty => return Some(FileState::Empty),
        Form::Der if kind(SectionKind::Pkcs12) => return Some(FileState::Pkcs12),
        Form::Der if kind(SectionKind::Pkcs7) => return Some(FileState::Pkcs7),
        Form::Der if has => return Some(FileState::Der),
        _ => {}
    }
    if !has
        && anomaly(|fact| {
            matches!(
                fact,
                EncodingFact::MissingEnd(rule::encoding::MissingEnd { .. })
            )
        })
    {
        return Some(FileState::Truncated);
    }
    if !has && kind(SectionKind::Pkcs7) {
        return Some(FileState::Pkcs7);
    }
    if !has {
        return Some(FileState::OtherObject);
    }
    anomaly(|fact| {
        matches!(
            fact,
            EncodingFact::ByteOrderMark(rule::encoding::ByteOrderMark {})
        )
    })
    .then_some(FileState::ByteOrderMark)
}
