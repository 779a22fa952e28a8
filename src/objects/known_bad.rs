//! Tests the keys of objects against what is known about bad keys.

use super::{Content, Object};
use crate::finding::{Fingerprint, Subject};
use crate::known_bad::{Alone, Blocklist, Judge, Weakness, alone};
use crate::model::{PublicKey, sha256};
use crate::rule::{self, Finding};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Public keys, each once, with its place, whose type the caller chooses.
pub(crate) struct Keys<'b, P = Subject> {
    blocklist: Option<&'b Blocklist>,
    judge: Judge<'b>,
    /// Places by SubjectPublicKeyInfo, as it was found and in its canonical form.
    places: HashMap<[u8; 16], u32>,
    known: Vec<Key<P>>,
    found: Vec<(usize, Weakness)>,
    /// Names of algorithms, each once.
    algorithms: HashSet<Arc<str>>,
}

struct Key<P> {
    place: P,
    algorithm: Arc<str>,
    private: bool,
}

/// The key of an object, tested by itself.
pub(crate) struct Seen {
    /// SHA-256 of its SubjectPublicKeyInfo as it was found.
    digest: Fingerprint,
    /// The same of its canonical form. Two encodings of one key count as one key, which would
    /// otherwise share both primes with itself.
    pub(crate) canonical: Fingerprint,
    pub(crate) algorithm: String,
    /// Whether it belongs to a private key.
    pub(crate) private: bool,
    alone: Alone,
}

/// The public key of an object in DER, and whether the object is the private key.
fn spki<'o>(object: &'o Object<'_>) -> Option<(&'o [u8], bool)> {
    Some(match &object.content {
        Content::Certificate(certificate) => (certificate.spki_der(), false),
        Content::Csr(request) => (request.spki_der(), false),
        Content::PublicKey(key) => (key.der(), false),
        Content::PrivateKey(key) => (key.public_key_der()?, true),
        _ => return None,
    })
}

impl Seen {
    /// The key of an object; `None` if it has no readable key.
    pub(crate) fn of(object: &Object<'_>, blocklist: Option<&Blocklist>) -> Option<Self> {
        let (spki, private) = spki(object)?;
        Self::read(spki, sha256(spki), private, blocklist)
    }

    fn read(
        spki: &[u8],
        digest: Fingerprint,
        private: bool,
        blocklist: Option<&Blocklist>,
    ) -> Option<Self> {
        let key = PublicKey::parse(spki).ok()?;
        Some(Self {
            digest,
            canonical: key.canonical_sha256(),
            algorithm: key.algorithm().to_string(),
            private,
            alone: alone(&key, blocklist),
        })
    }
}

impl<'b> Keys<'b> {
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

    /// Adds the key of an object; for a pair, the place is the private key's.
    pub(crate) fn add(&mut self, object: &Object<'_>) {
        let Some((spki, private)) = spki(object) else {
            return;
        };
        let digest = sha256(spki);
        // A key that is known is not tested again.
        match self.places.get(&digest.half()) {
            Some(&place) => self.again(place, private, || object.subject()),
            None => {
                if let Some(seen) = Seen::read(spki, digest, private, self.blocklist) {
                    self.take(seen, || object.subject());
                }
            }
        }
    }

    /// What is wrong with the keys.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.findings_at(Subject::clone)
    }
}

impl<'b, P> Keys<'b, P> {
    pub(crate) fn new(blocklist: Option<&'b Blocklist>) -> Self {
        Self {
            blocklist,
            judge: Judge::new(blocklist),
            places: HashMap::new(),
            known: Vec::new(),
            found: Vec::new(),
            algorithms: HashSet::new(),
        }
    }

    /// Adds a key; returns its number among the known keys.
    pub(crate) fn take(&mut self, seen: Seen, at: impl FnOnce() -> P) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let same = *self.places.entry(seen.canonical.half()).or_insert(next);
        self.places.insert(seen.digest.half(), same);
        if same < next {
            self.again(same, seen.private, at);
            return same;
        }
        self.found.extend(self.judge.compare(seen.alone));
        let algorithm = Arc::from(seen.algorithm.as_str());
        let algorithm = match self.algorithms.get(&algorithm) {
            Some(known) => Arc::clone(known),
            None => {
                self.algorithms.insert(Arc::clone(&algorithm));
                algorithm
            }
        };
        self.known.push(Key {
            place: at(),
            algorithm,
            private: seen.private,
        });
        next
    }

    fn again(&mut self, place: u32, private: bool, at: impl FnOnce() -> P) {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let known = self.known.get_mut(place);
        // The finding belongs to the private key's file, which has to be replaced.
        if let Some(known) = known.filter(|known| private && !known.private) {
            known.place = at();
            known.private = true;
        }
    }

    /// What is wrong with the keys, each at the subject of its place.
    pub(crate) fn findings_at(&self, subject: impl Fn(&P) -> Subject) -> Vec<Finding> {
        let finding = |(place, weakness): &(usize, Weakness)| {
            let key = self.known.get(*place)?;
            let other = match weakness {
                Weakness::SharedPrime { with } => self.known.get(*with),
                _ => None,
            };
            let fact = rule::key::KnownBad {
                algorithm: key.algorithm.to_string(),
                weakness: weakness.name().to_owned(),
                reason: weakness.to_string(),
                other: other.map(|key| described(&subject(&key.place))),
            };
            Some(Finding::new(fact, subject(&key.place)))
        };
        self.found.iter().filter_map(finding).collect()
    }

    /// Says so if not all keys were compared with one another.
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
