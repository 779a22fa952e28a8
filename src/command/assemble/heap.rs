//! Certificates and keys from all inputs, each once.

use crate::encoding::Document;
use crate::finding::{Part as Kind, Subject};
use crate::model::{Certificate, KeyProblem, Passphrase, PrivateKey};
use crate::objects::{Content, Object, Opened};

/// The most passphrases that are tried: each may cost seconds with each file.
const MOST_PASSPHRASES: usize = 32;

/// A certificate of the heap.
struct Found {
    der: Vec<u8>,
    subject: Subject,
    name: String,
}

/// Everything that was found.
#[derive(Default)]
pub(super) struct Heap {
    certificates: Vec<Found>,
    keys: Vec<(PrivateKey, Subject)>,
    /// What could not be opened, and why.
    pub(super) closed: Vec<(Subject, KeyProblem)>,
}

impl Heap {
    /// Opens every document with the first passphrases that work; no passphrase counts as one.
    pub(super) fn of(documents: &[Document], passphrases: &[Passphrase]) -> Self {
        let mut heap = Self::default();
        for document in documents {
            let mut closed = heap.take(document, None);
            for passphrase in passphrases.iter().take(MOST_PASSPHRASES) {
                if closed.is_empty() {
                    break;
                }
                // If one file has several keys, each may have its own passphrase.
                let still = heap.take(document, Some(passphrase));
                closed.retain(|(place, _)| still.iter().any(|(other, _)| other == place));
            }
            heap.closed.extend(closed);
        }
        heap
    }

    /// Adds what this passphrase opens. Returns what stays closed.
    fn take(
        &mut self,
        document: &Document,
        passphrase: Option<&Passphrase>,
    ) -> Vec<(Subject, KeyProblem)> {
        let opened = Opened::new(document, passphrase);
        let mut closed = Vec::new();
        for object in opened.objects() {
            let subject = object.subject();
            let object: Object<'_> = object;
            match object.content {
                Content::Certificate(certificate) => self.add(&certificate, subject),
                Content::PrivateKey(key) => {
                    let same = |(known, _): &(PrivateKey, Subject)| {
                        known.public_key_der() == key.public_key_der()
                            && known.is_proven() >= key.is_proven()
                    };
                    if !self.keys.iter().any(same) {
                        self.keys.push((*key, subject));
                    }
                }
                Content::ClosedKey(problem) => closed.push((subject, problem)),
                Content::Container(inside) => {
                    if let Some(problem) = &inside.problem {
                        closed.push((subject, problem.clone()));
                    } else if let Some(encryption) = inside.closed.first() {
                        let problem = KeyProblem::Encrypted(encryption.clone());
                        closed.push((subject, problem));
                    }
                }
                _ => {}
            }
        }
        closed
    }

    fn add(&mut self, certificate: &Certificate<'_>, subject: Subject) {
        let known = |found: &Found| found.der == certificate.der();
        if !self.certificates.iter().any(known) {
            self.certificates.push(Found {
                der: certificate.der().to_vec(),
                subject,
                name: certificate.subject().to_string(),
            });
        }
    }

    /// The certificates, each at its place; those on the heap were parsed before.
    pub(super) fn certificates(&self) -> Vec<Certificate<'_>> {
        let all = self.certificates.iter();
        all.filter_map(|found| Certificate::parse(&found.der).ok())
            .collect()
    }

    pub(super) fn der(&self, place: usize) -> Option<&[u8]> {
        self.certificates
            .get(place)
            .map(|found| found.der.as_slice())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &PrivateKey> {
        self.keys.iter().map(|(key, _)| key)
    }

    pub(super) fn key(&self, place: usize) -> Option<&PrivateKey> {
        self.keys.get(place).map(|(key, _)| key)
    }

    /// Where a key was found.
    pub(super) fn key_subject(&self, place: usize) -> Subject {
        let found = self.keys.get(place);
        found.map_or_else(|| Subject::file(""), |(_, subject)| subject.clone())
    }

    /// Where a certificate was found.
    pub(super) fn subject(&self, place: usize) -> Subject {
        let found = self.certificates.get(place);
        found.map_or_else(
            || Subject::file(""),
            |found| Subject {
                part: Kind::Certificate,
                ..found.subject.clone()
            },
        )
    }

    /// The certificates, each with where it was found and its subject.
    pub(super) fn found(&self) -> impl Iterator<Item = (&Subject, &str)> {
        let all = self.certificates.iter();
        all.map(|found| (&found.subject, found.name.as_str()))
    }

    /// The keys, each with where it was found.
    pub(super) fn found_keys(&self) -> impl Iterator<Item = (&Subject, &PrivateKey)> {
        self.keys.iter().map(|(key, subject)| (subject, key))
    }
}
