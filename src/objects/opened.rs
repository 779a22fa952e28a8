//! A document with its containers opened: what the objects borrow from.

use super::{Content, Object};
use crate::encoding::{Document, Section, SectionKind};
use crate::model::{
    Certificate, CertificationRequest, Computed, ContainedKind, Container, ContentType, Encryption,
    Integrity, KeyForm, KeyProblem, Malformed, Passphrase, PrivateKey, Protection, PublicKey,
    RevocationList, Shown, Work, empty,
};
use crate::rule::{self, EncodingFact};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most containers of one document that are opened, each of which may cost
/// the whole budget of several key derivations. People put one into a file.
const MOST_CONTAINERS: usize = 16;

/// A document, and the contents of its containers.
pub(crate) struct Opened<'d> {
    document: &'d Document,
    passphrase: Option<&'d Passphrase>,
    /// The opened containers, by section.
    containers: BTreeMap<usize, Inside>,
    /// The SubjectPublicKeyInfo of bare RSA public keys, by section.
    spkis: BTreeMap<usize, Result<Vec<u8>, Malformed>>,
    /// Sections that the reader has already reported as malformed.
    reported: BTreeSet<usize>,
    /// What was computed about the certificates, shared by all questions about them.
    computed: Arc<Computed>,
}

/// The contents of a container, if it could be opened.
#[derive(Debug)]
pub(crate) struct Inside {
    sections: Vec<Section>,
    names: Vec<Option<String>>,
    /// Parts of it that were not opened.
    pub(crate) closed: Vec<Encryption>,
    pub(crate) integrity: Integrity,
    /// Why it was not read, or not all of it.
    pub(crate) problem: Option<KeyProblem>,
    /// Whether the empty passphrase opened it, though none was given.
    empty_passphrase: bool,
    /// The content type of a PKCS#7 container; `None` for other containers.
    pub(crate) content_type: Option<ContentType>,
    /// How a PKCS#12 file is protected.
    pub(crate) protection: Option<Protection>,
}

impl Inside {
    /// How many objects were found in it.
    pub(crate) fn len(&self) -> usize {
        self.sections.len()
    }

    /// Whether it is a message, from which nothing can be extracted.
    pub(crate) fn is_message(&self) -> bool {
        self.content_type
            .is_some_and(|content_type| !content_type.holds_certificates())
    }

    /// Whether there is nothing in it, and nothing that stays closed either.
    pub(crate) fn holds_nothing(&self) -> bool {
        self.sections.is_empty() && self.closed.is_empty() && self.problem.is_none()
    }
}

impl<'d> Opened<'d> {
    /// Opens the containers of a document that the passphrase opens.
    pub(crate) fn new(document: &'d Document, passphrase: Option<&'d Passphrase>) -> Self {
        let mut containers = BTreeMap::new();
        let mut spkis = BTreeMap::new();
        for (place, section) in document.sections().iter().enumerate() {
            let Some(der) = section.der() else { continue };
            match section.kind() {
                kind if kind.is_container() => {
                    // Each container may cost seconds by its iteration count. Those beyond the
                    // limit are reported as not opened; they are not skipped silently.
                    let inside = if containers.len() < MOST_CONTAINERS {
                        open(section, der, passphrase)
                    } else {
                        closed(Malformed::new(
                            "file",
                            format!("more than {MOST_CONTAINERS} containers in one file"),
                        ))
                    };
                    containers.insert(place, inside);
                }
                SectionKind::RsaPublicKey => {
                    spkis.insert(place, PublicKey::spki_of_pkcs1(der));
                }
                _ => {}
            }
        }
        let reported = document
            .anomalies()
            .iter()
            .filter(|anomaly| {
                matches!(
                    anomaly.fact,
                    EncodingFact::MalformedDer(rule::encoding::MalformedDer { .. })
                )
            })
            .filter_map(|anomaly| anomaly.section)
            .collect();
        Self {
            document,
            passphrase,
            containers,
            spkis,
            reported,
            computed: Arc::default(),
        }
    }

    /// The same, sharing what is computed about its certificates.
    pub(crate) fn sharing(mut self, computed: &Arc<Computed>) -> Self {
        self.computed = Arc::clone(computed);
        self
    }

    /// Every object of the document in its order, the contents of a container
    /// after the container.
    pub(crate) fn objects(&self) -> Vec<Object<'_>> {
        // One budget for all keys of a file: a hundred keys that take one second each take as
        // long as one key that takes a hundred.
        let mut budget = Work::OF_A_FILE;
        let mut objects = Vec::with_capacity(self.document.sections().len());
        for (place, section) in self.document.sections().iter().enumerate() {
            let inside = self.containers.get(&place);
            let container = objects.len();
            objects.push(Object {
                document: self.document,
                section,
                index: container,
                place,
                container: None,
                name: None,
                reported: self.reported.contains(&place),
                content: match inside {
                    Some(inside) => Content::Container(inside),
                    None => self.content(place, section, &mut budget),
                },
            });
            let Some(inside) = inside else { continue };
            // If the empty passphrase opened a container, it also opens its keys.
            let passphrase = match self.passphrase {
                None if inside.empty_passphrase => Some(empty()),
                passphrase => passphrase,
            };
            for (section, name) in inside.sections.iter().zip(&inside.names) {
                objects.push(Object {
                    document: self.document,
                    section,
                    index: objects.len(),
                    place,
                    container: Some(container),
                    name: name.as_deref(),
                    reported: false,
                    content: content(section, passphrase, &mut budget, &self.computed),
                });
            }
        }
        objects
    }

    fn content<'o>(&'o self, place: usize, section: &'o Section, budget: &mut Work) -> Content<'o> {
        match self.spkis.get(&place) {
            Some(Ok(spki)) => {
                PublicKey::parse(spki).map_or_else(Content::Malformed, Content::PublicKey)
            }
            Some(Err(malformed)) => Content::Malformed(malformed.clone()),
            None => content(section, self.passphrase, budget, &self.computed),
        }
    }
}

fn open(section: &Section, der: &[u8], passphrase: Option<&Passphrase>) -> Inside {
    let content_type = match section.kind() {
        SectionKind::Pkcs7 => ContentType::of(der),
        _ => None,
    };
    // A CMS message has no certificates to extract. Naming it is more useful than reporting an
    // empty container.
    if content_type.is_some_and(|content_type| !content_type.holds_certificates()) {
        return Inside {
            content_type,
            ..Inside::default()
        };
    }
    let shown = match Container::open(section.kind(), der, passphrase) {
        Some(Ok(shown)) => shown,
        Some(Err(problem)) => return closed(problem),
        None => return Inside::default(),
    };
    let Shown {
        container: read,
        problem,
        empty_passphrase,
    } = shown;
    let (mut sections, mut names) = (Vec::new(), Vec::new());
    for object in read.objects {
        let kind = match object.kind() {
            ContainedKind::Certificate => SectionKind::Certificate,
            ContainedKind::Crl => SectionKind::Crl,
            ContainedKind::PrivateKey(KeyForm::EncryptedPkcs8) => {
                SectionKind::EncryptedPkcs8PrivateKey
            }
            ContainedKind::PrivateKey(_) => SectionKind::Pkcs8PrivateKey,
            ContainedKind::Unknown => SectionKind::Unknown,
        };
        sections.push(Section::contained(kind, object.secret_der(), section));
        names.push(object.friendly_name().map(str::to_owned));
    }
    Inside {
        sections,
        names,
        closed: read.closed,
        integrity: read.integrity,
        problem,
        empty_passphrase,
        content_type,
        protection: read.protection,
    }
}

fn closed(problem: impl Into<KeyProblem>) -> Inside {
    Inside {
        integrity: Integrity::NotChecked,
        problem: Some(problem.into()),
        ..Inside::default()
    }
}

impl Default for Inside {
    fn default() -> Self {
        Self {
            sections: Vec::new(),
            names: Vec::new(),
            closed: Vec::new(),
            integrity: Integrity::Absent,
            problem: None,
            empty_passphrase: false,
            content_type: None,
            protection: None,
        }
    }
}

fn content<'d>(
    section: &'d Section,
    passphrase: Option<&Passphrase>,
    budget: &mut Work,
    computed: &Arc<Computed>,
) -> Content<'d> {
    let Some(der) = section.der() else {
        return Content::Other;
    };
    let kind = section.kind();
    if let Some(form) = form(kind) {
        return match key(form, section, der, passphrase, budget) {
            Ok(key) => Content::PrivateKey(Box::new(key)),
            Err(problem) => Content::ClosedKey(problem),
        };
    }
    let read = match kind {
        SectionKind::Certificate | SectionKind::TrustedCertificate => Certificate::parse(der)
            .map(|read| Content::Certificate(Box::new(read.sharing(Some(computed))))),
        SectionKind::CertificationRequest => {
            CertificationRequest::parse(der).map(|read| Content::Csr(Box::new(read)))
        }
        SectionKind::Crl => RevocationList::parse(der).map(|read| Content::Crl(Box::new(read))),
        SectionKind::PublicKey => PublicKey::parse(der).map(Content::PublicKey),
        _ => return Content::Other,
    };
    read.unwrap_or_else(Content::Malformed)
}

/// Reads a key, unless all keys of the file together would cost more than
/// [`Work::OF_A_FILE`]: an attacker chooses the iteration count of each.
fn key(
    form: KeyForm,
    section: &Section,
    der: &[u8],
    passphrase: Option<&Passphrase>,
    budget: &mut Work,
) -> Result<PrivateKey, KeyProblem> {
    let closed = PrivateKey::read(form, section.headers(), der, None);
    let (Err(KeyProblem::Encrypted(encryption)), Some(_)) = (&closed, passphrase) else {
        return closed;
    };
    // Subtracted before the work is done, so that a refusal costs nothing.
    match budget.less(encryption.work()) {
        Some(left) => *budget = left,
        // A key that is too costly by itself is refused before it costs anything.
        None if encryption.work().is_too_much() => {}
        None => {
            return Err(KeyProblem::TooCostly {
                encryption: encryption.clone(),
                reason: format!(
                    "the encrypted keys of this file add up to more than {} iterations",
                    Work::OF_A_FILE
                ),
            });
        }
    }
    PrivateKey::read(form, section.headers(), der, passphrase)
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
