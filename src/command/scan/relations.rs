//! How the objects relate: copies, shared keys, keys without certificates, missing issuers.

use super::places::{Names, Place};
use super::result::{Copies, Issuer, LoneKey, Scan, SharedKey, Spot};
use super::seen::CertificateTrace;
use crate::finding::{Fingerprint, Subject};
use crate::objects::{Keys, Seen};
use crate::rule::Finding;
use std::collections::{BTreeMap, HashMap};

/// The most rows of each list.
const MOST_ROWS: usize = 1_000;
/// The most places of one row.
const MOST_SPOTS: usize = 20;

/// A key of the tree.
#[derive(Clone, Copy)]
struct KeyFacts {
    /// How many certificates have it, copies not counted.
    certificates: u32,
    /// Where the first of them is.
    first: Place,
}

/// A private key, at its first place.
struct Private {
    key: u32,
    place: Place,
    algorithm: String,
    spki_sha256: Fingerprint,
}

/// A name that issued something, or may do so.
#[derive(Default)]
struct Named {
    is_there: bool,
    certificates: usize,
    /// The name in words, and where its first certificate is.
    first: Option<(String, Place)>,
}

/// Several places of one thing.
struct Several {
    what: Fingerprint,
    words: String,
    count: usize,
    places: Vec<Place>,
}

impl Several {
    fn more(&mut self, place: Place) {
        self.count += 1;
        if self.places.len() < MOST_SPOTS {
            self.places.push(place);
        }
    }

    fn spots(&self, names: &Names) -> Vec<Spot> {
        self.places.iter().map(|place| names.spot(*place)).collect()
    }
}

/// Everything that is compared.
pub(super) struct Relations {
    // The map keys are the first 16 bytes of a SHA-256: half the memory for a tree of millions, and
    // a collision needs some 2^64 certificates.
    /// The number of each certificate, in the order of the tree.
    certificates: HashMap<[u8; 16], u32>,
    places: Vec<Place>,
    copies: BTreeMap<u32, Several>,
    /// Certificates by issuer and serial number.
    numbers: HashMap<[u8; 16], u32>,
    keys: Keys<'static, Place>,
    facts: Vec<KeyFacts>,
    shared: BTreeMap<u32, Several>,
    privates: Vec<Private>,
    named: HashMap<[u8; 16], Named>,
}

impl Default for Relations {
    fn default() -> Self {
        Self {
            certificates: HashMap::new(),
            places: Vec::new(),
            copies: BTreeMap::new(),
            numbers: HashMap::new(),
            keys: Keys::new(None),
            facts: Vec::new(),
            shared: BTreeMap::new(),
            privates: Vec::new(),
            named: HashMap::new(),
        }
    }
}

fn at<T>(rows: &[T], number: u32) -> Option<&T> {
    rows.get(usize::try_from(number).ok()?)
}

impl Relations {
    /// How many certificates are compared.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether a certificate is a copy of one before it.
    pub(super) fn knows(&self, certificate: &CertificateTrace) -> bool {
        self.certificates.contains_key(&certificate.sha256.half())
    }

    /// Adds a certificate. Returns what is wrong with it next to the others, unless it is a copy.
    pub(super) fn certificate(
        &mut self,
        trace: &CertificateTrace,
        place: Place,
        subject: impl FnOnce() -> Subject,
        names: &Names,
    ) -> Option<Finding> {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let same = *self.certificates.entry(trace.sha256.half()).or_insert(next);
        // The entry was there before, so that its number is smaller than the one that would have
        // been given.
        if same < next {
            let first = at(&self.places, same).copied().unwrap_or(place);
            let copies = self.copies.entry(same).or_insert_with(|| Several {
                what: trace.sha256,
                words: trace.words.subject.clone(),
                count: 1,
                places: vec![first],
            });
            copies.more(place);
            return None;
        }
        self.places.push(place);
        if trace.may_issue {
            self.named.entry(trace.subject.half()).or_default().is_there = true;
        }
        // A root names itself as its issuer, so none is missing.
        if !trace.is_self_issued {
            let named = self.named.entry(trace.issuer.half()).or_default();
            named.certificates += 1;
            if named.first.is_none() {
                named.first = Some((trace.words.issuer.clone(), place));
            }
        }
        // RFC 5280 4.1.2.2: a CA uses each serial number once. Two certificates with the same one
        // mean a broken CA, or two CAs with the same name.
        let first = *self.numbers.entry(trace.number.half()).or_insert(next);
        let other = at(&self.places, first).filter(|_| first < next)?;
        let mut fact = trace.words.clone();
        let spot = names.spot(*other);
        fact.other = match spot.line {
            Some(line) => format!("{}:{line}", spot.source),
            None => spot.source,
        };
        Some(Finding::new(fact, subject()))
    }

    /// Adds the key of an object; `certificate`: the object is a new certificate.
    pub(super) fn key(&mut self, seen: Seen, place: Place, certificate: Option<&CertificateTrace>) {
        let (spki_sha256, private) = (seen.canonical, seen.private);
        let algorithm = (private || certificate.is_some()).then(|| seen.algorithm.clone());
        let key = self.keys.take(seen, || place);
        let place_of = usize::try_from(key).unwrap_or(usize::MAX);
        if self.facts.len() <= place_of {
            self.facts.push(KeyFacts {
                certificates: 0,
                first: place,
            });
        }
        let Some(facts) = self.facts.get_mut(place_of) else {
            return;
        };
        if private {
            self.privates.push(Private {
                key,
                place,
                algorithm: algorithm.unwrap_or_default(),
                spki_sha256,
            });
        } else if certificate.is_some() {
            facts.certificates += 1;
            match facts.certificates {
                1 => facts.first = place,
                _ => {
                    let first = facts.first;
                    let shared = self.shared.entry(key).or_insert_with(|| Several {
                        what: spki_sha256,
                        words: algorithm.unwrap_or_default(),
                        count: 1,
                        places: vec![first],
                    });
                    shared.more(place);
                }
            }
        }
    }

    /// In how many places a certificate is.
    pub(super) fn places_of(&self, sha256: Fingerprint) -> usize {
        let number = self.certificates.get(&sha256.half());
        let copies = number.and_then(|number| self.copies.get(number));
        copies.map_or(1, |copies| copies.count)
    }

    /// What is wrong with the keys.
    pub(super) fn key_findings(&self, names: &Names) -> Vec<Finding> {
        self.keys.findings_at(|place| names.subject(*place))
    }

    /// Says so if not all RSA keys were compared with one another.
    pub(super) fn missed(&self) -> Option<String> {
        self.keys.missed()
    }

    /// Writes the lists, the longest rows first.
    pub(super) fn end(self, names: &Names, scan: &mut Scan) {
        let mut copies: Vec<_> = self.copies.into_values().collect();
        copies.sort_by_key(|copies| std::cmp::Reverse(copies.count));
        let mut shared: Vec<_> = self.shared.into_values().collect();
        shared.sort_by_key(|shared| std::cmp::Reverse(shared.count));
        let facts = &self.facts;
        let is_alone =
            |private: &&Private| at(facts, private.key).is_none_or(|facts| facts.certificates == 0);
        let lone: Vec<_> = self.privates.iter().filter(is_alone).collect();
        let missing = self.named.into_values().filter(|named| !named.is_there);
        let mut missing: Vec<_> = missing
            .filter_map(|named| Some((named.certificates, named.first?)))
            .collect();
        missing.sort_by(|(count, (name, _)), (other, (other_name, _))| {
            other.cmp(count).then_with(|| name.cmp(other_name))
        });
        scan.found = [lone.len(), missing.len(), shared.len(), copies.len()];
        let lone = lone.into_iter().take(MOST_ROWS).map(|private| LoneKey {
            spot: names.spot(private.place),
            algorithm: private.algorithm.clone(),
            spki_sha256: private.spki_sha256,
        });
        scan.lone_keys = lone.collect();
        let missing = missing.into_iter().take(MOST_ROWS);
        scan.missing_issuers = missing
            .map(|(certificates, (name, place))| Issuer {
                name,
                certificates,
                spot: names.spot(place),
            })
            .collect();
        let shared = shared.into_iter().take(MOST_ROWS);
        scan.shared_keys = shared
            .map(|shared| SharedKey {
                spki_sha256: shared.what,
                certificates: shared.count,
                spots: shared.spots(names),
                algorithm: shared.words,
            })
            .collect();
        let copies = copies.into_iter().take(MOST_ROWS);
        scan.copies = copies
            .map(|copies| Copies {
                sha256: copies.what,
                places: copies.count,
                spots: copies.spots(names),
                subject: copies.words,
            })
            .collect();
    }
}
