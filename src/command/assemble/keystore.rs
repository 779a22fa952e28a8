//! Keystores: from chosen files for `assemble`, from everything in a document for `convert`.

use super::choose::choose;
use super::heap::Heap;
use crate::Time;
use crate::encoding::Document;
use crate::model::{Passphrase, PrivateKey, Seed, jks_of, pkcs12_of};
use crate::rule::Finding;
use crate::source::Source;
use std::fmt;
use zeroize::Zeroizing;

/// The form of a keystore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeystoreKind {
    /// PKCS#12, encrypted with AES-256.
    #[default]
    Pkcs12,
    /// JKS, which Java before 8u301 reads too.
    Jks,
}

/// A PKCS#12 file or JKS keystore, read back.
#[derive(Debug)]
#[non_exhaustive]
pub struct Keystore {
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How many certificates are in it: the key's own, its chain, then all others.
    pub certificates: usize,
    /// How many keys of the document are not in it: a keystore as programs read it has one.
    pub keys_left_out: usize,
}

/// Why there is none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NoKeystore {
    /// The document does not hold one certificate with its key.
    Refused(Box<Finding>),
    /// The key is of a kind that certcheck does not compute, or its parts disagree.
    Key,
    /// What was written does not read back: a defect of certcheck.
    NotProven,
}

impl fmt::Display for NoKeystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(finding) => f.write_str(&finding.message()),
            Self::Key => f.write_str("its private key is not proven to be consistent"),
            Self::NotProven => f.write_str("the result does not read back the same"),
        }
    }
}

impl std::error::Error for NoKeystore {}

/// The certificate with its key, its chain and all other certificates of `document`, encrypted with
/// `passphrase`; `candidates` open its contents.
///
/// # Errors
/// If there is not exactly one certificate with its key.
pub fn keystore(
    kind: KeystoreKind,
    document: &Document,
    candidates: &[Passphrase],
    passphrase: &Passphrase,
    at: Time,
    seed: &Seed,
) -> Result<Keystore, NoKeystore> {
    let heap = Heap::of(std::slice::from_ref(document), candidates);
    let parsed = heap.certificates();
    let chosen = choose(&heap, &parsed, &[], at).map_err(NoKeystore::Refused)?;
    let mut order = vec![chosen.certificate];
    order.extend(chosen.chains.first().into_iter().flatten());
    order.extend(&chosen.roots);
    let rest: Vec<_> = (0..parsed.len())
        .filter(|place| !order.contains(place))
        .collect();
    order.extend(rest);
    let all: Vec<&[u8]> = order.iter().filter_map(|place| heap.der(*place)).collect();
    let key = heap.key(chosen.key).ok_or(NoKeystore::Key)?;
    let bytes = written(kind, key, &all, passphrase, at, seed)?;
    Ok(Keystore {
        certificates: all.len(),
        keys_left_out: heap.keys().count() - 1,
        bytes,
    })
}

/// The keystore of a key, its certificate (the first) and others, read back.
pub(super) fn written(
    kind: KeystoreKind,
    key: &PrivateKey,
    all: &[&[u8]],
    passphrase: &Passphrase,
    at: Time,
    seed: &Seed,
) -> Result<Zeroizing<Vec<u8>>, NoKeystore> {
    const ALIAS: &str = "server";
    let bytes = match kind {
        KeystoreKind::Pkcs12 => pkcs12_of(key, all, ALIAS, passphrase, seed),
        KeystoreKind::Jks => jks_of(key, all, ALIAS, passphrase, at, seed),
    };
    let bytes = bytes.ok_or(NoKeystore::Key)?;
    let again = Document::read(Source::new("", bytes.to_vec()));
    let passphrase = Passphrase::new(passphrase.secret_bytes());
    let back = Heap::of(std::slice::from_ref(&again), &[passphrase]);
    let same = back.certificates().len() == all.len()
        && all
            .iter()
            .enumerate()
            .all(|(at, der)| back.der(at) == Some(der))
        && back.keys().count() == 1
        && back
            .key(0)
            .is_some_and(|one| one.is_proven() && one.public_key_der() == key.public_key_der());
    if !same {
        return Err(NoKeystore::NotProven);
    }
    Ok(bytes)
}
