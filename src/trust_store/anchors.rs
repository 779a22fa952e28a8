//! Trust anchors as they are given to a question.

use crate::encoding::{Document, SectionKind};
use crate::model::{ContainedKind, Container};
use crate::source::Source;
use pki_types::CertificateDer;

/// The most sections of one file that are looked at for containers.
const MOST_CONTAINERS: usize = 16;

/// What clients trust: certificates from files and from stores.
///
/// ```
/// use certcheck::trust_store::Anchors;
/// let mut anchors = Anchors::new();
/// anchors.add_store("empty", []);
/// assert_eq!(anchors.certificates().count(), 0);
/// ```
#[derive(Debug, Default)]
pub struct Anchors {
    files: Vec<Document>,
    /// Certificates of containers among the files, as far as no passphrase hides them.
    contained: Vec<Vec<u8>>,
    stores: Vec<(String, Vec<CertificateDer<'static>>)>,
    problems: Vec<String>,
}

impl Anchors {
    /// No anchor at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every certificate of a file: PEM, DER, PKCS#7, and what no passphrase
    /// hides in PKCS#12 and in Java's keystores, such as its `cacerts`.
    pub fn add_file(&mut self, source: Source) {
        let document = Document::read(source);
        for section in document.sections().iter().take(MOST_CONTAINERS) {
            let Some(der) = section.der() else { continue };
            let container = match section.kind() {
                SectionKind::Pkcs7 => Container::pkcs7(der).ok(),
                SectionKind::Pkcs12 => Container::pkcs12(der, None).ok(),
                SectionKind::Jks => Container::jks(der, None).ok(),
                _ => None,
            };
            let objects = container.into_iter().flat_map(|it| it.objects);
            self.contained.extend(
                objects
                    .filter(|object| object.kind() == ContainedKind::Certificate)
                    .map(|object| object.secret_der().to_vec()),
            );
        }
        self.files.push(document);
    }

    /// Adds the certificates of a store called `name`.
    pub fn add_store(
        &mut self,
        name: impl Into<String>,
        certificates: impl IntoIterator<Item = CertificateDer<'static>>,
    ) {
        self.stores
            .push((name.into(), certificates.into_iter().collect()));
    }

    /// Notes that a part of a store could not be read: with it missing, trust
    /// may be denied wrongly.
    pub fn add_problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    /// The files that were given.
    pub fn files(&self) -> &[Document] {
        &self.files
    }

    /// What could not be read.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Every certificate's DER form, files first.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        let in_files = self.files.iter().flat_map(|file| {
            file.sections()
                .iter()
                .filter_map(|section| match section.kind() {
                    SectionKind::Certificate | SectionKind::TrustedCertificate => section.der(),
                    _ => None,
                })
        });
        let in_stores = self
            .stores
            .iter()
            .flat_map(|(_, store)| store.iter().map(|der| der.as_ref()));
        in_files
            .chain(self.contained.iter().map(Vec::as_slice))
            .chain(in_stores)
    }
}
