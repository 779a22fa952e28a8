//! Trust anchors as they are given to a question.

use crate::encoding::{Document, SectionKind};
use crate::source::Source;
use pki_types::CertificateDer;

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
    stores: Vec<(String, Vec<CertificateDer<'static>>)>,
    problems: Vec<String>,
}

impl Anchors {
    /// No anchor at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every certificate of a file, PEM or DER.
    pub fn add_file(&mut self, source: Source) {
        self.files.push(Document::read(source));
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
        in_files.chain(in_stores)
    }
}
