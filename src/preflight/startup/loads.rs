//! How the server's own loader reads the files. The prediction rests on this, and `inspect
//! --loaders` shows the same answer.

use super::files::{Wanted, is_key, state};
use crate::cipher::SecurityLevel;
use crate::encoding::Document;
use crate::encoding::loader::with_shortest_lengths;
use crate::key_loading::KeyVerdict;
use crate::model::{Certificate, Curve, Encryption, KeyAlgorithm, PublicKey, Relation};
use crate::objects::loading::{key_by_content, object_of, server_key};
use crate::objects::{Content, Object};
use crate::preflight::Preflight;
use crate::protocol::Library;
use crate::server::security::{Objection, Strength, objection};
use crate::server::startup::{Condition, FileState, StartOutcome};
use crate::server::tabpy::dates;
use crate::server::{Loaders, Pairing};
use std::sync::Arc;

/// Whether OpenSSL 3 cannot load a key because of its encryption scheme.
/// That has its own finding.
fn is_too_old_for_openssl3(encryption: &Encryption) -> bool {
    encryption.is_outdated() && !encryption.openssl3_loads()
}

/// Whether OpenSSL loads a certificate, but its extensions leave an error in OpenSSL's queue.
fn has_odd_extensions(der: &[u8]) -> bool {
    let odd = |der: &[u8]| {
        let read = Certificate::parse(der).ok();
        read.map(|certificate| certificate.is_invalid_to_openssl())
    };
    let shorter = || with_shortest_lengths(der).and_then(|shorter| odd(&shorter));
    odd(der).or_else(shorter).unwrap_or_default()
}

/// What keeps a program from loading a file that it reads as ASCII text.
fn text_state(bytes: &[u8]) -> Option<FileState> {
    match std::str::from_utf8(bytes) {
        Err(_) => Some(FileState::NotUtf8),
        Ok(text) => (!text.is_ascii()).then_some(FileState::NotAscii),
    }
}

/// Whether both use the same slot in OpenSSL's table of certificates (`SSL_PKEY_*`).
pub(in crate::preflight) fn is_same_type(one: &KeyAlgorithm, other: &KeyAlgorithm) -> bool {
    matches!((one, other), (KeyAlgorithm::Ec(_), KeyAlgorithm::Ec(_))) || one == other
}

impl Preflight {
    /// What keeps the server from loading the certificates in a file.
    pub(super) fn certificate_state(
        &self,
        document: &Document,
        objects: &[Object<'_>],
    ) -> Option<FileState> {
        let state = state(document, objects, Wanted::Certificate);
        let mark = state.filter(|state| *state == FileState::ByteOrderMark);
        match self.server.load(document) {
            Some(loading) if loading.taken => {
                let odd = || loading.own().is_some_and(has_odd_extensions);
                if self.server.heeds_odd_extensions && odd() {
                    return Some(FileState::Damaged);
                }
                mark
            }
            Some(_) => {
                let text = || text_state(document.source().bytes());
                let text = (self.server.loaders == Loaders::PythonText).then(text);
                let state = state.or(text.flatten());
                Some(self.damaged(state, Condition::Certificate))
            }
            None => state,
        }
    }

    /// What the server requires of the certificates that it loads.
    fn strength(&self) -> Strength {
        match self.level_at_load() {
            Some(level) => Strength::of(level),
            None => Strength {
                level: SecurityLevel::DEBIAN,
                least_rsa_bits: self.server.least_rsa_bits,
            },
        }
    }

    /// Why OpenSSL's security level refuses the certificates that the server
    /// loads from a file: the first is its own, the others are its chain.
    pub(super) fn objections(&self, document: &Document) -> Vec<Condition> {
        let loading = self.server.load(document).filter(|load| load.taken);
        let own = || loading.as_ref().and_then(|loading| loading.own());
        if self.server.loaders == Loaders::PythonText && own().is_some_and(dates::stops_at) {
            return vec![Condition::UnreadableDate];
        }
        let is_newer = self
            .system
            .is_some_and(|system| system.library() >= Library::OpenSsl35);
        let judged = loading
            .iter()
            .flat_map(|loading| loading.secured())
            .enumerate();
        let objections = judged.filter_map(|(place, certificate)| {
            let objection = objection(&certificate, self.strength())?;
            // OpenSSL 3.5 and later load a certificate whatever its own signature is (measured:
            // 3.5.9 and 4.0.3; 3.0.19 says `ca md too weak`).
            if place == 0 && objection == Objection::Hash && is_newer {
                return None;
            }
            Some(match (place, objection) {
                (0, Objection::Key) => Condition::WeakKey,
                (_, Objection::Hash) => Condition::WeakHash,
                (_, Objection::Key) => Condition::WeakChainKey,
            })
        });
        objections.take(1).collect()
    }

    /// What keeps the server from loading the private key in a file.
    pub(super) fn key_state(
        &self,
        document: &Document,
        objects: &[Object<'_>],
    ) -> Option<FileState> {
        let state = state(document, objects, Wanted::Key);
        let Some(loading) = server_key(self.server, document, objects) else {
            return state;
        };
        if !matches!(loading.verdict, KeyVerdict::Refused { .. }) {
            return state.filter(|state| *state == FileState::ByteOrderMark);
        }
        let object = loading
            .section
            .and_then(|place| object_of(objects, place))
            .map(|object| &object.content);
        let has_own_finding = match object {
            // Its certificate is refused first, for the key's size.
            Some(Content::PrivateKey(key)) => {
                let least = self.server.least_bits(key.algorithm());
                let weak = key
                    .bits()
                    .zip(least)
                    .is_some_and(|(bits, least)| u64::from(bits) < least);
                weak || key.encryption().is_some_and(is_too_old_for_openssl3)
            }
            Some(Content::ClosedKey(problem)) => {
                problem.encryption().is_some_and(is_too_old_for_openssl3)
            }
            _ => false,
        };
        (!has_own_finding).then(|| self.damaged(state, Condition::Key))
    }

    /// What is wrong with a file that the server refuses: its state, if that alone
    /// stops this server.
    fn damaged(&self, state: Option<FileState>, of: fn(FileState) -> Condition) -> FileState {
        let stops =
            |state: &FileState| self.server.startup(&[of(*state)]).outcome != StartOutcome::Serves;
        state.filter(stops).unwrap_or(FileState::Damaged)
    }

    /// Whether the first certificate that the server loads from a file belongs to
    /// a key other than the one loaded with it and, if so, whether that key
    /// is of another type: OpenSSL keeps a pair for each type, and only checks
    /// whether a certificate and a key of the same type match.
    fn mismatch(&self, certificates: &Document, key: (&Document, &[Object<'_>])) -> Option<bool> {
        let own = self.server.load(certificates)?;
        let spki = own.public_key()?;
        let loading = server_key(self.server, key.0, key.1);
        let object = loading
            .and_then(|loading| loading.section)
            .and_then(|place| object_of(key.1, place));
        let read;
        let private = match object.and_then(Object::private_key) {
            Some(private) => private,
            None => {
                read = key_by_content(self.server, key.0)?;
                &read
            }
        };
        let public = PublicKey::parse(spki).ok()?;
        // Only the public key that the private key claims is compared.
        let Some(claimed) = private.public_key_der() else {
            let wrong = private.check().err()?.relation;
            return (wrong == Relation::SecretRange).then_some(false);
        };
        let claimed = PublicKey::parse(claimed).ok()?;
        // A curve that is written out may be the named one.
        let explicit = |key: &PublicKey<'_>| *key.algorithm() == KeyAlgorithm::Ec(Curve::Explicit);
        if explicit(&claimed) || explicit(&public) {
            return None;
        }
        let differs = !claimed.same_key(&public);
        let same_type = is_same_type(private.algorithm(), public.algorithm());
        differs.then_some(!same_type)
    }

    /// The documents in which the server looks for the private key, in the
    /// order of the certificates' files. HAProxy uses the key in the certificate's file, and the
    /// key file if there is none.
    pub(super) fn key_documents<'o, 'd>(
        &'o self,
        certificates: &'o [Vec<Object<'d>>],
        keys: &'o [Vec<Object<'d>>],
    ) -> Vec<(&'o Arc<Document>, &'o [Object<'d>])> {
        let of = |documents: &'o [Arc<Document>], objects: &'o [Vec<Object<'d>>]| {
            documents
                .iter()
                .zip(objects.iter().map(Vec::as_slice))
                .collect::<Vec<_>>()
        };
        let own = of(&self.certificate_files, certificates);
        let beside = of(&self.key_files, keys);
        let holds = |document: &(&Arc<Document>, &[Object<'_>])| document.1.iter().any(is_key);
        let loads = |document: &(&Arc<Document>, &[Object<'_>])| {
            server_key(self.server, document.0, document.1)
                .is_some_and(|document| document.is_read || document.verdict.reason().is_none())
        };
        if !self.server.key_in_certificate_file() {
            return beside;
        }
        if self.server.combined_files {
            let single = beside.len() == own.len() || beside.len() == 1;
            let for_file = |(index, it): (usize, (&'o Arc<Document>, &'o [Object<'d>]))| {
                if loads(&it) || !single || beside.is_empty() {
                    return holds(&it).then_some(it);
                }
                beside.get(index).or(beside.first()).copied()
            };
            return own.into_iter().enumerate().filter_map(for_file).collect();
        }
        if beside.is_empty() {
            return own.into_iter().filter(holds).collect();
        }
        let inside = own.len() - self.keyless_files();
        beside
            .into_iter()
            .chain(own.into_iter().skip(inside))
            .collect()
    }

    /// What is wrong with the private keys, in the order in which the server looks for them.
    pub(super) fn key_conditions(
        &self,
        certificates: &[Vec<Object<'_>>],
        keys: &[Vec<Object<'_>>],
    ) -> Vec<Condition> {
        let documents = self.key_documents(certificates, keys);
        let states: Vec<_> = documents
            .iter()
            .map(|(document, objects)| self.key_state(document, objects))
            .collect();
        let mut found = Vec::new();
        if !(self.server.loads_each_alone && states.contains(&None)) {
            found.extend(states.into_iter().flatten().map(Condition::Key));
        }
        let paired = documents.len() == self.certificate_files.len();
        let mismatch = self
            .certificate_files
            .iter()
            .zip(&documents)
            .find_map(|(own, key)| {
                let key = (key.0.as_ref(), key.1);
                let of_other_type = self.mismatch(own, key)?;
                // A key of another type is paired with the certificate of that type.
                let fits_another_certificate = of_other_type
                    && self.server.pairing == Pairing::Slots
                    && self.certificate_files.iter().any(|other| {
                        !Arc::ptr_eq(other, own) && self.mismatch(other, key).is_none()
                    });
                (!fits_another_certificate).then_some(of_other_type)
            });
        if paired && let Some(other_type) = mismatch {
            found.push(Condition::KeyMismatch);
            found.extend(other_type.then_some(Condition::KeyOfOtherType));
        }
        found
    }
}
