//! Trust anchors, as callers give them.

use crate::encoding::{Document, SectionKind};
use crate::finding::{Fingerprint, Subject};
use crate::model::{
    ContainedKind, Container, KeyProblem, Passphrase, Protection, TrustSetting, sha256,
};
use crate::rule::Finding;
use crate::rule::trust::EmptyStore;
use crate::source::Source;
use pki_types::CertificateDer;

/// The most sections of one file that are checked for containers.
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
    /// Certificates of containers among the files that no passphrase hides.
    contained: Vec<Vec<u8>>,
    stores: Vec<(String, Vec<CertificateDer<'static>>)>,
    problems: Vec<String>,
    /// PKCS#12 files in which Java finds no entries, and how many certificates each has.
    unmarked: Vec<(String, usize)>,
}

impl Anchors {
    /// No anchor at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every certificate of a file: PEM, DER, PKCS#7, and what no passphrase
    /// hides in PKCS#12 and in Java's keystores, such as its `cacerts`.
    pub fn add_file(&mut self, source: Source) {
        if let Err(problem) = self.add_file_with(source, None) {
            let name = self.files.last().map_or("", |file| file.source().name());
            let problem = format!("{name}: {problem}");
            self.add_problem(problem);
        }
    }

    /// The same; if a container shows no certificate without a passphrase, also what this one
    /// opens.
    ///
    /// # Errors
    /// If a container shows none, and stays closed; the file's other certificates were added.
    pub fn add_file_with(
        &mut self,
        source: Source,
        passphrase: Option<&Passphrase>,
    ) -> Result<(), KeyProblem> {
        let document = Document::read(source);
        let mut first = Ok(());
        for section in document.sections().iter().take(MOST_CONTAINERS) {
            let Some(der) = section.der() else { continue };
            let open = |passphrase| Container::open(section.kind(), der, passphrase);
            // First without the passphrase: Java's `cacerts` shows its certificates to everyone,
            // and the passphrase given may belong to another file.
            let opened = match open(None) {
                Some(Ok(shown)) if shows_nothing(&shown.container) && passphrase.is_some() => {
                    open(passphrase)
                }
                opened => opened,
            };
            let shown = match opened {
                None => continue,
                Some(Ok(shown)) => shown,
                Some(Err(problem)) => {
                    // The first problem is kept and reading continues: one closed container must
                    // not hide the certificates of the next.
                    first = first.and(Err(problem));
                    continue;
                }
            };
            if shows_nothing(&shown.container) {
                let closed = shown.container.closed.first();
                let closed = closed.map(|encryption| KeyProblem::Encrypted(encryption.clone()));
                first = first.and(shown.problem.or(closed).map_or(Ok(()), Err));
            }
            let container = &shown.container;
            let objects = container.objects.iter();
            let count = objects
                .filter(|object| object.kind() == ContainedKind::Certificate)
                .count();
            let protection = container.protection.as_ref();
            if count > 0 && protection.is_some_and(Protection::has_no_java_entry) {
                let name = document.source().name().to_owned();
                self.unmarked.push((name, count));
            }
            self.contained.extend(
                shown
                    .container
                    .objects
                    .iter()
                    .filter(|object| object.kind() == ContainedKind::Certificate)
                    .map(|object| object.secret_der().to_vec()),
            );
        }
        self.files.push(document);
        first
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

    /// Records that a part of a store could not be read: without it, trust may be denied wrongly.
    pub fn add_problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    /// A finding for each file that is an empty store for Java, although it has certificates.
    pub fn empty_stores(&self) -> Vec<Finding> {
        let one = |(name, count): &(String, usize)| {
            let fact = EmptyStore {
                problem: "no-trusted-entry".to_owned(),
                unseen: *count as u64,
                clients: vec!["java".to_owned()],
            };
            Finding::new(fact, Subject::file(name))
        };
        self.unmarked.iter().map(one).collect()
    }

    /// The files that were given.
    pub fn files(&self) -> &[Document] {
        &self.files
    }

    /// What could not be read.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// What OpenSSL's own settings say about certificates that are given as
    /// `TRUSTED CERTIFICATE` sections; where a certificate is given twice, the
    /// first counts for OpenSSL.
    pub fn trust_settings(&self) -> Vec<(Fingerprint, TrustSetting)> {
        let mut seen = std::collections::HashSet::new();
        let sections = self.files.iter().flat_map(Document::sections);
        let is_trusted = |kind| kind == SectionKind::TrustedCertificate;
        if !sections.clone().any(|section| is_trusted(section.kind())) {
            return Vec::new();
        }
        sections
            .filter(|section| {
                is_trusted(section.kind()) || section.kind() == SectionKind::Certificate
            })
            .filter_map(|section| Some((section, sha256(section.der()?))))
            // OpenSSL finds the first of two equal certificates, whatever the second says.
            .filter(|(_, digest)| seen.insert(*digest))
            .filter(|(section, _)| is_trusted(section.kind()))
            .map(|(section, digest)| (digest, TrustSetting::for_servers(section.behind())))
            .collect()
    }

    /// The name of the store that a certificate is in, if it did not come from a file.
    pub fn store_of(&self, der: &[u8]) -> Option<&str> {
        let holds = |(_, store): &&(String, Vec<CertificateDer<'static>>)| {
            store.iter().any(|store| store.as_ref() == der)
        };
        self.stores
            .iter()
            .find(holds)
            .map(|(name, _)| name.as_str())
    }

    /// The certificates of containers and stores, which are not files of text.
    pub(crate) fn beside_files(&self) -> impl Iterator<Item = &[u8]> {
        let stores = self.stores.iter();
        let in_stores = stores.flat_map(|(_, store)| store.iter().map(|der| der.as_ref()));
        self.contained.iter().map(Vec::as_slice).chain(in_stores)
    }

    /// Every certificate's DER form, files first.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        let in_files = self
            .files
            .iter()
            .flat_map(|file| file.certificates().map(|(_, der)| der));
        in_files.chain(self.beside_files())
    }
}

/// Whether a container shows no certificate, and part of it is closed.
fn shows_nothing(container: &Container) -> bool {
    let is_certificate = |kind| kind == ContainedKind::Certificate;
    !container.closed.is_empty()
        && !container
            .objects
            .iter()
            .any(|object| is_certificate(object.kind()))
}
