//! The inputs as objects of the model, each with its place, and what went
//! wrong on the way.

use crate::encoding::{Anomaly, Document, Section, SectionKind};
use crate::finding::{EncodingFact, Finding, KeyFact, Part, Severity, Subject};
use crate::key_match;
use crate::model::{
    Certificate, CertificationRequest, KeyForm, KeyProblem, Malformed, Passphrase, PrivateKey,
    PublicKey, RevocationList,
};
use crate::server::Loaders;

/// One object of an input.
#[derive(Debug)]
pub(crate) struct Object<'d> {
    pub(crate) document: &'d Document,
    pub(crate) section: &'d Section,
    /// The section's place in its file, counted from 0.
    pub(crate) index: usize,
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
    /// Content that is not what its label or its shape promises.
    Malformed(Malformed),
    /// Known by its kind alone, or damaged beyond decoding.
    Other,
}

impl<'d> Object<'d> {
    /// Where it stands, as the subject of a finding.
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

    /// What is wrong with the object itself, whoever will load it.
    pub(crate) fn problem(&self) -> Option<Finding> {
        match &self.content {
            Content::Malformed(malformed) => Some(Finding::new(
                EncodingFact::MalformedDer {
                    expected: malformed.expected.to_owned(),
                    reason: malformed.reason.clone(),
                },
                self.subject(),
            )),
            Content::PrivateKey(key) => key.check().err().map(|inconsistency| {
                Finding::new(
                    KeyFact::Inconsistent {
                        algorithm: inconsistency.algorithm.to_string(),
                        reason: inconsistency.relation.to_string(),
                    },
                    self.subject(),
                )
            }),
            Content::ClosedKey(problem) => self.closed(problem),
            _ => None,
        }
    }

    /// A key that is only locked is for the caller to judge: some servers can
    /// be given the passphrase.
    fn closed(&self, problem: &KeyProblem) -> Option<Finding> {
        let fact = match problem {
            KeyProblem::Encrypted(_) => return None,
            KeyProblem::Malformed(malformed) => {
                return Some(Finding::new(
                    EncodingFact::MalformedDer {
                        expected: malformed.expected.to_owned(),
                        reason: malformed.reason.clone(),
                    },
                    self.subject(),
                ));
            }
            KeyProblem::WrongPassphrase(encryption) => KeyFact::WrongPassphrase {
                scheme: encryption.to_string(),
            },
            KeyProblem::NotDecryptable(encryption) => KeyFact::LegacyEncryption {
                scheme: encryption.to_string(),
                openssl3_loads: encryption.openssl3_loads(),
            },
            problem => KeyFact::Unknown {
                algorithm: self.section.kind().words().to_owned(),
                reason: problem.to_string(),
            },
        };
        Some(Finding::new(fact, self.subject()))
    }
}

/// Every object of a document, in its order.
pub(crate) fn of<'d>(document: &'d Document, passphrase: Option<&Passphrase>) -> Vec<Object<'d>> {
    document
        .sections()
        .iter()
        .enumerate()
        .map(|(index, section)| Object {
            document,
            section,
            index,
            content: content(section, passphrase),
        })
        .collect()
}

/// Those of `objects` that stand in `document`.
pub(crate) fn of_document<'o, 'd>(
    objects: &'o [Object<'d>],
    document: &'o Document,
) -> impl Iterator<Item = &'o Object<'d>> {
    objects
        .iter()
        .filter(move |object| std::ptr::eq(object.document, document))
}

/// Every deviation of a document, as serious as these readers make it.
pub(crate) fn deviations(
    document: &Document,
    objects: &[&Object<'_>],
    loaders: Loaders,
) -> Vec<Finding> {
    document
        .anomalies()
        .iter()
        .zip(loaders.hurt_in(document))
        .map(|(anomaly, hurt)| {
            let finding = Finding::new(anomaly.fact.clone(), place(document, objects, anomaly));
            if hurt {
                finding.with_severity(Severity::Error)
            } else {
                finding
            }
        })
        .collect()
}

/// What an anomaly is about: an object, or the whole file.
pub(crate) fn place(document: &Document, objects: &[&Object<'_>], anomaly: &Anomaly) -> Subject {
    let object = anomaly.section.and_then(|index| objects.get(index));
    let whole = || Subject::file(document.source().name());
    let mut subject = object.map_or_else(whole, |object| object.subject());
    subject.lines = anomaly.lines.or(subject.lines);
    subject
}

fn content<'d>(section: &'d Section, passphrase: Option<&Passphrase>) -> Content<'d> {
    let Some(der) = section.der() else {
        return Content::Other;
    };
    let kind = section.kind();
    if let Some(form) = form(kind) {
        return match PrivateKey::read(form, section.headers(), der, passphrase) {
            Ok(key) => Content::PrivateKey(Box::new(key)),
            Err(problem) => Content::ClosedKey(problem),
        };
    }
    let read = match kind {
        SectionKind::Certificate | SectionKind::TrustedCertificate => {
            Certificate::parse(der).map(|read| Content::Certificate(Box::new(read)))
        }
        SectionKind::CertificationRequest => {
            CertificationRequest::parse(der).map(|read| Content::Csr(Box::new(read)))
        }
        SectionKind::Crl => RevocationList::parse(der).map(|read| Content::Crl(Box::new(read))),
        SectionKind::PublicKey => PublicKey::parse(der).map(Content::PublicKey),
        _ => return Content::Other,
    };
    read.unwrap_or_else(Content::Malformed)
}

fn form(kind: SectionKind) -> Option<KeyForm> {
    Some(match kind {
        SectionKind::Pkcs8PrivateKey => KeyForm::Pkcs8,
        SectionKind::EncryptedPkcs8PrivateKey => KeyForm::EncryptedPkcs8,
        SectionKind::RsaPrivateKey => KeyForm::Pkcs1,
        SectionKind::EcPrivateKey => KeyForm::Sec1,
        SectionKind::DsaPrivateKey => KeyForm::TraditionalDsa,
        _ => return None,
    })
}

/// Whether `key` is proven to be the private half of this SubjectPublicKeyInfo.
pub(crate) fn belongs(key: &PrivateKey, spki: &[u8]) -> bool {
    key_match::pair(key, spki) == Ok(key_match::Pair::Proven)
}

/// The containers among `objects`, whose contents are not looked at.
pub(crate) fn closed_containers(objects: &[Object<'_>]) -> Option<String> {
    let container = objects.iter().find(|object| {
        matches!(
            object.section.kind(),
            SectionKind::Pkcs7 | SectionKind::Pkcs12 | SectionKind::Jks
        )
    })?;
    let kind = container.section.kind().words();
    Some(format!(
        "{}: what is in a {kind} is not looked at",
        container.subject().source
    ))
}
