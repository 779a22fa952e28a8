//! The fingerprint of every key, and nothing else: enough to match keys across machines without
//! moving one.

use crate::answer::{Answer, Check};
use crate::encoding::Document;
use crate::finding::{Fingerprint, Severity};
use crate::model::{KeyProblem, Passphrase, PublicKey};
use crate::objects::{self, Content, Object, Opened};
use crate::rule::{self, EncodingFact, Evidence, Finding};

/// The keys of the files, in their order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeyIds {
    /// One for every certificate, request, public and private key.
    pub keys: Vec<KeyId>,
}

/// One key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyId {
    /// The file as the user named it.
    pub source: String,
    /// The object's place in its file, counted from 0.
    pub index: usize,
    /// `certificate`, `private-key`, `public-key` or `csr`.
    pub kind: &'static str,
    /// The key's algorithm.
    pub algorithm: String,
    /// SHA-256 of its SubjectPublicKeyInfo, in the form that its algorithm
    /// prescribes, so that it is the same wherever the key is. For a private key, it is computed
    /// from the private part.
    pub spki_sha256: Fingerprint,
}

/// The fingerprints of all keys; a passphrase opens encrypted ones.
///
/// A private key's fingerprint is unknown if its public key is
/// not derived, or its parts contradict one another: that is a check that could
/// not be made, or a finding.
pub fn key_ids(documents: &[Document], passphrase: Option<&Passphrase>) -> Answer<KeyIds> {
    let mut keys = Vec::new();
    let mut findings = Vec::new();
    let mut open = None;
    for document in documents {
        let opened = Opened::new(document, passphrase);
        let objects = opened.objects();
        if let Some(reason) = objects::unopened(&objects) {
            open.get_or_insert(reason);
        }
        let all: Vec<_> = objects.iter().collect();
        let before = (keys.len(), findings.len());
        // How a file is written does not matter here, only what is lost from it.
        let lost = objects::losses(document, &all).into_iter();
        let lost = lost.filter(|finding| finding.severity == Severity::Error);
        findings.extend(lost.filter(|finding| !objects::is_answered(finding, &objects)));
        for object in &objects {
            match fingerprint(object) {
                Known::Key(key) => keys.push(key),
                Known::Unproven(reason) => {
                    let place = object.subject().source;
                    open.get_or_insert(format!("{place}: {reason}"));
                }
                Known::Nothing => {}
            }
            findings.extend(object.problem());
            findings.extend(encrypted(object));
        }
        let mut said = findings.iter().skip(before.1);
        if keys.len() == before.0 && open.is_none() && said.all(says_empty) {
            open = Some(format!(
                "{}: it contains no key, certificate or request",
                document.source().name()
            ));
        }
    }
    let check = match open {
        Some(reason) => Check::impossible("key-id", reason),
        None => Check::ran("key-id"),
    };
    let names: Vec<_> = documents
        .iter()
        .map(|document| document.source().name())
        .collect();
    Answer::new(KeyIds { keys }, findings, vec![check], names)
}

/// Whether the finding says that there is nothing in the file.
fn says_empty(finding: &Finding) -> bool {
    matches!(
        &finding.evidence,
        Evidence::EncodingFact(EncodingFact::NothingFound(
            rule::encoding::NothingFound { .. }
        ))
    )
}

enum Known {
    Key(KeyId),
    /// There is a key, and why its fingerprint is not known.
    Unproven(String),
    Nothing,
}

fn fingerprint(object: &Object<'_>) -> Known {
    let (kind, spki) = match &object.content {
        Content::Certificate(certificate) => ("certificate", certificate.spki_der()),
        Content::Csr(csr) => ("csr", csr.spki_der()),
        Content::PublicKey(key) => ("public-key", key.der()),
        Content::PrivateKey(key) if key.check().is_err() => return Known::Nothing,
        Content::PrivateKey(key) => match key.public_key_der().filter(|_| key.is_proven()) {
            Some(spki) => ("private-key", spki),
            None => {
                return Known::Unproven(format!(
                    "certcheck derives no public key from a private key of type {}",
                    key.algorithm()
                ));
            }
        },
        Content::ClosedKey(_) => return Known::Unproven("a key could not be read".to_owned()),
        _ => return Known::Nothing,
    };
    match PublicKey::parse(spki) {
        Ok(key) => Known::Key(KeyId {
            source: object.subject().source,
            index: object.index,
            kind,
            algorithm: key.algorithm().to_string(),
            spki_sha256: key.canonical_sha256(),
        }),
        Err(malformed) => Known::Unproven(malformed.to_string()),
    }
}

fn encrypted(object: &Object<'_>) -> Option<Finding> {
    let Content::ClosedKey(KeyProblem::Encrypted(encryption)) = &object.content else {
        return None;
    };
    let fact = rule::key::Encrypted {
        scheme: encryption.scheme().to_owned(),
        server_can_ask: true,
        consequence: "without it, the public key cannot be derived".to_owned(),
        opened: false,
        setting: None,
    };
    Some(Finding::new(fact, object.subject()))
}
