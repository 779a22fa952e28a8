//! The certificate of a directory or a container, with its chain.

use crate::chain::arrange::arrange;
use crate::encoding::{Document, to_pem};
use crate::finding::Fingerprint;
use crate::key_match::{self, Pair};
use crate::model::{Certificate, Passphrase, PrivateKey};
use crate::objects::{self, Content, Object, Opened};
use std::collections::BTreeSet;
use std::fmt;

/// Why files do not hold one server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotOne {
    /// They hold no certificate; why not, if that is known.
    Nothing(Option<String>),
    /// They hold several servers' certificates, and no key that says which is meant.
    Several(Vec<String>),
    /// Their private keys belong to none of their certificates; the server's own one.
    OtherKey(String),
}

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing(None) => f.write_str("there is no certificate"),
            Self::Nothing(Some(why)) => write!(f, "there is no certificate ({why})"),
            Self::Several(subjects) => write!(
                f,
                "there are {} end-entity certificates: {}",
                subjects.len(),
                subjects.join(", ")
            ),
            Self::OtherKey(subject) => write!(
                f,
                "the private key there does not belong to the certificate `{subject}`"
            ),
        }
    }
}

impl std::error::Error for NotOne {}

/// The server's own certificate in these files, followed by its chain, as PEM. A private key
/// among the files says which certificate is the server's.
///
/// # Errors
/// If there is none or more than one, or if a private key among the files belongs to another
/// certificate: a server does not start with the two.
pub fn contents_of(
    documents: &[Document],
    passphrase: Option<&Passphrase>,
) -> Result<String, NotOne> {
    let opened: Vec<_> = documents
        .iter()
        .map(|document| Opened::new(document, passphrase))
        .collect();
    let objects: Vec<Object<'_>> = opened.iter().flat_map(Opened::objects).collect();
    let certificates: Vec<Certificate<'_>> = objects
        .iter()
        .filter_map(|object| object.certificate().cloned())
        .collect();
    let mut seen: BTreeSet<Fingerprint> = BTreeSet::new();
    let own: Vec<_> = certificates
        .iter()
        .filter(|certificate| !certificate.is_ca() && seen.insert(certificate.sha256()))
        .collect();
    let keys: Vec<_> = objects.iter().filter_map(Object::private_key).collect();
    let with_key: Vec<_> = own
        .iter()
        .filter(|own| keys.iter().any(|key| objects::belongs(key, own.spki_der())))
        .collect();
    let chosen = match (with_key.as_slice(), own.as_slice()) {
        ([one], _) => Some(**one),
        ([], [one]) => Some(*one),
        ([], []) => None,
        _ => {
            let subjects = own.iter().map(|own| own.subject().to_string());
            return Err(NotOne::Several(subjects.collect()));
        }
    };
    // A key that could not be opened may be the right one.
    let closed = |object: &Object<'_>| matches!(object.content, Content::ClosedKey(_));
    let may_be_there = objects::unopened(&objects).is_some() || objects.iter().any(closed);
    let others = |own: &&Certificate<'_>| {
        let differs = |key: &&PrivateKey| {
            matches!(
                key_match::pair(key, own.spki_der()),
                Ok(Pair::Different { .. })
            )
        };
        !keys.is_empty() && keys.iter().all(differs)
    };
    if let Some(own) = chosen.filter(others).filter(|_| !may_be_there) {
        return Err(NotOne::OtherKey(own.subject().to_string()));
    }
    let key = chosen.map(Certificate::spki_der);
    let arrangement = arrange(&certificates, key);
    let Some(first) = arrangement.end_entity else {
        return Err(NotOne::Nothing(objects::unopened(&objects)));
    };
    let first = chosen.or_else(|| certificates.get(first));
    let rest = arrangement
        .order
        .iter()
        .filter(|place| !arrangement.roots.contains(place))
        .filter_map(|place| certificates.get(*place));
    let rest = rest.filter(|one| first.is_none_or(|first| first.der() != one.der()));
    Ok(first
        .into_iter()
        .chain(rest)
        .map(|one| to_pem("CERTIFICATE", one.der()).to_string())
        .collect())
}
