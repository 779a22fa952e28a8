//! The keys of objects, tested by what is known of bad ones.

use super::{Content, Object};
use crate::finding::{Fingerprint, Subject};
use crate::known_bad::{Blocklist, Judge, Weakness};
use crate::model::{PublicKey, sha256};
use crate::rule::{self, Finding};
use std::collections::HashMap;

/// Public keys, each once, and where it is.
#[derive(Default)]
pub(crate) struct Keys<'b> {
    judge: Judge<'b>,
    /// Places by SubjectPublicKeyInfo, as it was found and in its canonical form.
    places: HashMap<Fingerprint, usize>,
    known: Vec<Key>,
    found: Vec<(usize, Weakness)>,
}

struct Key {
    subject: Subject,
    algorithm: String,
    private: bool,
}

impl<'b> Keys<'b> {
    pub(crate) fn new(blocklist: Option<&'b Blocklist>) -> Self {
        Self {
            judge: Judge::new(blocklist),
            ..Self::default()
        }
    }

    pub(crate) fn of<'o, 'd: 'o>(
        objects: impl IntoIterator<Item = &'o Object<'d>>,
        blocklist: Option<&'b Blocklist>,
    ) -> Self {
        let mut keys = Self::new(blocklist);
        for object in objects {
            keys.add(object);
        }
        keys
    }

    /// The key of an object; of a pair, the place is the private key's.
    pub(crate) fn add(&mut self, object: &Object<'_>) {
        let (spki, private) = match &object.content {
            Content::Certificate(certificate) => (certificate.spki_der(), false),
            Content::Csr(request) => (request.spki_der(), false),
            Content::PublicKey(key) => (key.der(), false),
            Content::PrivateKey(key) => match key.public_key_der() {
                Some(spki) => (spki, true),
                None => return,
            },
            _ => return,
        };
        let digest = sha256(spki);
        let mut place = self.places.get(&digest).copied();
        if place.is_none() {
            let Ok(key) = PublicKey::parse(spki) else {
                return;
            };
            let next = self.known.len();
            // Two encodings of one key are one key: otherwise it would share both primes with
            // itself.
            let same = *self.places.entry(key.canonical_sha256()).or_insert(next);
            self.places.insert(digest, same);
            place = Some(same);
            if same == next {
                self.found.extend(self.judge.next(&key));
                self.known.push(Key {
                    subject: object.subject(),
                    algorithm: key.algorithm().to_string(),
                    private,
                });
            }
        }
        let known = place.and_then(|place| self.known.get_mut(place));
        // The finding belongs to the private key's file, which has to be replaced.
        if let Some(known) = known.filter(|known| private && !known.private) {
            known.subject = object.subject();
            known.private = true;
        }
    }

    /// What is wrong with them.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let finding = |(place, weakness): &(usize, Weakness)| {
            let key = self.known.get(*place)?;
            let other = match weakness {
                Weakness::SharedPrime { with } => self.known.get(*with),
                _ => None,
            };
            let fact = rule::key::KnownBad {
                algorithm: key.algorithm.clone(),
                weakness: weakness.name().to_owned(),
                reason: weakness.to_string(),
                other: other.map(|key| described(&key.subject)),
            };
            Some(Finding::new(fact, key.subject.clone()))
        };
        self.found.iter().filter_map(finding).collect()
    }

    /// That not all were compared with one another, where that is so.
    pub(crate) fn missed(&self) -> Option<String> {
        let (compared, missed) = self.judge.compared();
        let reason = format!(
            "only the first {compared} of {} RSA keys were compared with one another",
            compared + missed
        );
        (missed > 0).then_some(reason)
    }
}

/// A place in one word.
pub(super) fn described(subject: &Subject) -> String {
    match subject.lines {
        Some(lines) => format!("{}:{}", subject.source, lines.first),
        None => subject.source.clone(),
    }
}
