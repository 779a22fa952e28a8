//! The inputs as objects of the model, each with its place, and what could not be read.

mod deviations;
mod known_bad;
pub(crate) mod loading;
mod opened;
mod problem;
mod serials;

use crate::encoding::{Document, Section, SectionKind};
use crate::finding::{Part, Subject};
use crate::key_match;
use crate::model::{
    Certificate, CertificationRequest, Integrity, KeyProblem, Malformed, PrivateKey, PublicKey,
    RevocationList,
};
use crate::rule::{self, EncodingFact, Evidence, Finding};
pub(crate) use deviations::{deviations, losses, place};
pub(crate) use known_bad::{Keys, Seen};
pub(crate) use opened::{Inside, Opened};
pub(crate) use serials::{Serials, number, repeated};

/// One object of an input.
#[derive(Debug)]
pub(crate) struct Object<'d> {
    pub(crate) document: &'d Document,
    pub(crate) section: &'d Section,
    /// Its place among the objects of the file, counted from 0.
    pub(crate) index: usize,
    /// The place of its section, or of its container's, among the file's sections.
    pub(crate) place: usize,
    /// The index of the container that it is in.
    pub(crate) container: Option<usize>,
    /// The name that the container gives it.
    pub(crate) name: Option<&'d str>,
    /// Whether the reader of the file has already reported it as malformed.
    reported: bool,
    pub(crate) content: Content<'d>,
}

/// What an object turned out to be.
#[derive(Debug)]
pub(crate) enum Content<'d> {
    Certificate(Box<Certificate<'d>>),
    PrivateKey(Box<PrivateKey>),
    /// A private key that could not be read.
    ClosedKey(KeyProblem),
    PublicKey(PublicKey<'d>),
    Csr(Box<CertificationRequest<'d>>),
    Crl(Box<RevocationList<'d>>),
    /// A container; its contents are the objects after it.
    Container(&'d Inside),
    /// Content that is not what its label or its shape promises.
    Malformed(Malformed),
    /// Known by its kind alone, or damaged beyond decoding.
    Other,
}

impl<'d> Object<'d> {
    /// Where it is, as the subject of a finding.
    pub(crate) fn subject(&self) -> Subject {
        Subject {
            source: self.document.source().name().to_owned(),
            part: self.part(),
            index: self.index,
            lines: self.section.lines(),
        }
    }

    fn part(&self) -> Part {
        match self.section.kind() {
            SectionKind::Certificate | SectionKind::TrustedCertificate => Part::Certificate,
            SectionKind::CertificationRequest => Part::Csr,
            SectionKind::Crl => Part::Crl,
            SectionKind::PublicKey | SectionKind::RsaPublicKey => Part::PublicKey,
            kind if kind.is_private_key() => Part::PrivateKey,
            _ => Part::Section,
        }
    }

    /// Whether it may have been a certificate and cannot be read.
    pub(crate) fn is_damaged_certificate(&self) -> bool {
        use SectionKind::{Certificate, TrustedCertificate, Unknown};
        let kind = self.section.kind();
        let may_be = matches!(kind, Certificate | TrustedCertificate | Unknown);
        may_be && (matches!(self.content, Content::Malformed(_)) || self.section.der().is_none())
    }

    /// Whether it is labelled a certificate and has content that certcheck cannot read: a server may
    /// send it anyway.
    pub(crate) fn is_lost_certificate(&self) -> bool {
        let labelled = matches!(
            self.section.kind(),
            SectionKind::Certificate | SectionKind::TrustedCertificate
        );
        labelled && matches!(self.content, Content::Malformed(_))
    }

    /// Which certificate it is, and why it is not read.
    fn lost(&self) -> Option<String> {
        let Content::Malformed(malformed) = &self.content else {
            return None;
        };
        let subject = self.subject();
        let lines = subject.lines.map(|lines| format!(":{}", lines.first));
        let lines = lines.unwrap_or_default();
        Some(format!(
            "the certificate in {}{lines} cannot be read here ({})",
            subject.source, malformed.reason
        ))
    }

    /// Whether it is a private key, open or closed.
    pub(crate) fn is_private_key(&self) -> bool {
        matches!(self.content, Content::PrivateKey(_) | Content::ClosedKey(_))
    }

    pub(crate) fn certificate(&self) -> Option<&Certificate<'d>> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    pub(crate) fn crl(&self) -> Option<&RevocationList<'d>> {
        match &self.content {
            Content::Crl(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) fn private_key(&self) -> Option<&PrivateKey> {
        match &self.content {
            Content::PrivateKey(key) => Some(key),
            _ => None,
        }
    }
}

/// The first certificate among `objects` that cannot be read here, in words.
pub(crate) fn lost<'o, 'd: 'o>(
    objects: impl IntoIterator<Item = &'o Object<'d>>,
) -> Option<String> {
    let mut objects = objects.into_iter();
    objects
        .find(|object| object.is_lost_certificate())
        .and_then(Object::lost)
}

/// Whether the first certificate among `objects`, which is the server's own, is one
/// that cannot be read here.
pub(crate) fn loses_the_first<'o, 'd: 'o>(
    objects: impl IntoIterator<Item = &'o Object<'d>>,
) -> bool {
    let mut objects = objects.into_iter();
    objects
        .find(|object| object.certificate().is_some() || object.is_lost_certificate())
        .is_some_and(Object::is_lost_certificate)
}

/// Those of `objects` that are in `document`.
pub(crate) fn of_document<'o, 'd>(
    objects: &'o [Object<'d>],
    document: &'o Document,
) -> impl Iterator<Item = &'o Object<'d>> {
    objects
        .iter()
        .filter(move |object| std::ptr::eq(object.document, document))
}

/// The object of a section, of all `objects` of its document in their order.
pub(crate) fn of_section<'o, 'd>(
    objects: &[&'o Object<'d>],
    place: usize,
) -> Option<&'o Object<'d>> {
    let at = objects.partition_point(|object| object.place < place);
    objects
        .get(at)
        .copied()
        .filter(|object| object.place == place)
}

/// Whether `key` is proven to be the private half of this SubjectPublicKeyInfo.
pub(crate) fn belongs(key: &PrivateKey, spki: &[u8]) -> bool {
    key_match::pair(key, spki) == Ok(key_match::Pair::Proven)
}

/// Whether a finding says that nothing was found in a file whose keystore was
/// read: that is true for every server, but the keystore's contents were found.
pub(crate) fn is_answered(finding: &Finding, objects: &[Object<'_>]) -> bool {
    let nothing = matches!(
        finding.evidence,
        Evidence::EncodingFact(EncodingFact::NothingFound(
            rule::encoding::NothingFound { .. }
        ))
    );
    nothing
        && objects.iter().any(|object| {
            object.section.kind() == SectionKind::Jks
                && matches!(&object.content, Content::Container(inside) if inside.len() > 0)
        })
}

/// Which parts of the containers among `objects` could not be read.
pub(crate) fn unopened(objects: &[Object<'_>]) -> Option<String> {
    objects.iter().find_map(|object| {
        let Content::Container(inside) = &object.content else {
            return None;
        };
        let reason = match (&inside.problem, inside.closed.as_slice()) {
            (Some(KeyProblem::WrongPassphrase(_)), _) => {
                "the passphrase does not open it".to_owned()
            }
            (Some(problem), _) => problem.to_string(),
            (None, [closed, ..]) if inside.integrity == Integrity::Holds => {
                format!("certcheck cannot decrypt a part of it ({closed})")
            }
            (None, [closed, ..]) => {
                format!("its contents are encrypted ({closed}), but no passphrase was given")
            }
            (None, []) => return None,
        };
        Some(format!("{}: {reason}", object.subject().source))
    })
}
