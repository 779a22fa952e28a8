//! Which certificate was issued by which.

use super::{Gap, RejectedIssuer, Unchecked};
use crate::chain::index::Index;
use crate::chain::signatures::Signatures;
use crate::finding::hex;
use crate::model::{Certificate, Name};
use crate::signature;
use std::collections::{BTreeMap, HashMap};

/// A chain of ten with ten rivals of the same name each needs a hundred; ten
/// thousand certificates of one name and different keys stop here, after 50 ms
/// of RSA-2048.
const MOST_SIGNATURES: u64 = 1_000;

/// The most pairs of a certificate and one with its issuer's name that are checked: ten thousand
/// certificates with one name and one key would make 10^8.
const MOST_STEPS: usize = 200_000;

/// The links found so far, upwards from the end-entity.
pub(super) struct Links<'c, 'a> {
    certificates: &'c [Certificate<'a>],
    /// Pairs of a certificate and the place of its first copy.
    duplicates: Vec<(usize, usize)>,
    unique: Vec<usize>,
    subjects: Index,
    signatures: Signatures<'a>,
    spent: bool,
    steps: usize,
    /// Issuers of each certificate that was followed; itself if self-signed.
    issuers: BTreeMap<usize, Vec<usize>>,
    rejected: HashMap<usize, Vec<RejectedIssuer>>,
    order: Vec<usize>,
    unchecked: Vec<Unchecked>,
}

fn looks_like_ca(certificate: &Certificate<'_>) -> bool {
    certificate.is_ca()
        || certificate
            .key_usage()
            .is_some_and(|usage| usage.key_cert_sign())
}

impl<'c, 'a> Links<'c, 'a> {
    pub(super) fn new(certificates: &'c [Certificate<'a>]) -> Self {
        let mut first = HashMap::new();
        let (mut duplicates, mut unique) = (Vec::new(), Vec::new());
        for (place, certificate) in certificates.iter().enumerate() {
            // Compared by its bytes: two certificates with one subject and key are a renewal, not
            // a copy, and which of them is sent matters.
            match first.get(certificate.der()) {
                Some(&earlier) => duplicates.push((place, earlier)),
                None => {
                    first.insert(certificate.der(), place);
                    unique.push(place);
                }
            }
        }
        Self {
            certificates,
            subjects: Index::new(
                unique
                    .iter()
                    .filter_map(|place| Some((certificates.get(*place)?.subject().hash(), *place))),
            ),
            duplicates,
            unique,
            signatures: Signatures::new(MOST_SIGNATURES),
            spent: false,
            steps: 0,
            issuers: BTreeMap::new(),
            rejected: HashMap::new(),
            order: Vec::new(),
            unchecked: Vec::new(),
        }
    }

    fn get(&self, place: usize) -> Option<&'c Certificate<'a>> {
        self.certificates.get(place)
    }

    /// Places of the certificates that were issued to `name`.
    fn named<'s>(&'s self, name: Name<'s>) -> impl Iterator<Item = usize> + use<'s, 'c, 'a> {
        self.subjects.get(name.hash()).filter(move |place| {
            self.get(*place)
                .is_some_and(|certificate| certificate.subject().matches(&name))
        })
    }

    /// The server's own certificate: the one with its key; otherwise the first
    /// that is not a CA's; otherwise the first whose name issued no other.
    pub(super) fn end_entity(&self, key: Option<&[u8]>) -> Option<usize> {
        let find = |wanted: &dyn Fn(&Certificate<'_>) -> bool| {
            let mut places = self.unique.iter().copied();
            places.find(|place| self.get(*place).is_some_and(wanted))
        };
        let has_key =
            |certificate: &Certificate<'_>| key.is_some_and(|key| certificate.spki_der() == key);
        // A self-issued certificate names itself as its issuer. Counted, every root would have
        // issued something and so could never be the end-entity of a file that holds a root alone.
        let issuers: std::collections::HashSet<u64> = self
            .unique
            .iter()
            .filter_map(|place| self.get(*place))
            .filter(|certificate| !certificate.is_self_issued())
            .map(|certificate| certificate.issuer().hash())
            .collect();
        let issued =
            |certificate: &Certificate<'_>| issuers.contains(&certificate.subject().hash());
        // A test CA often signs its server's certificate with the server's own key. Two
        // certificates then have that key, and the server needs the one that is not a CA's.
        find(&|certificate| has_key(certificate) && !looks_like_ca(certificate))
            .or_else(|| find(&has_key))
            // A CA of version 1 has no basicConstraints: its name identifies it.
            .or_else(|| find(&|certificate| !looks_like_ca(certificate) && !issued(certificate)))
            .or_else(|| find(&|certificate| !looks_like_ca(certificate)))
            .or_else(|| find(&|certificate| !issued(certificate)))
            .or_else(|| self.unique.first().copied())
    }

    /// Whether that place holds an end-entity certificate, or one with the server's key.
    pub(super) fn is_end_entity(&self, place: usize, key: Option<&[u8]>) -> bool {
        self.get(place).is_some_and(|certificate| {
            key.is_some_and(|key| certificate.spki_der() == key) || !looks_like_ca(certificate)
        })
    }

    /// Finds the issuers of `start`, theirs, and so on.
    pub(super) fn follow(&mut self, start: usize) {
        let mut waiting = std::collections::VecDeque::from([start]);
        while let Some(place) = waiting.pop_front() {
            if self.issuers.contains_key(&place) || self.spent {
                continue;
            }
            let found = self.find_issuers(place);
            waiting.extend(found.iter().copied());
            self.issuers.insert(place, found);
            self.order.push(place);
        }
    }

    fn find_issuers(&mut self, place: usize) -> Vec<usize> {
        let Some(certificate) = self.get(place) else {
            return Vec::new();
        };
        // Names are compared first because RFC 5280 6.1.3 (a) (4) requires that they chain. The key
        // identifier only sorts the candidates (RFC 5280 4.2.1.1).
        let wanted = certificate.authority_key_id().and_then(|id| id.key_id);
        let mut candidates: Vec<_> = self
            .named(certificate.issuer())
            .filter_map(|candidate| {
                let id = self.get(candidate)?.subject_key_id();
                // The right key identifier first, a wrong one last: it is a
                // hint, and some CAs get it wrong.
                let distance = match (wanted, id) {
                    (Some(wanted), Some(id)) if wanted == id => 0,
                    (Some(_), Some(_)) => 2,
                    _ => 1,
                };
                // The certificate itself comes before all others: if its own key signed it, there
                // is nothing to look for above it.
                Some((candidate != place, distance, candidate))
            })
            .collect();
        candidates.sort_unstable();
        self.steps = self.steps.saturating_add(candidates.len());
        self.spent |= self.steps > MOST_STEPS;
        let mut found = Vec::new();
        for (_, distance, candidate) in candidates {
            if self.spent {
                break;
            }
            match self.signed(place, candidate) {
                Some(Ok(())) => {
                    found.push(candidate);
                    if candidate == place {
                        // Signed by its own key: nothing is above it.
                        break;
                    }
                }
                // Nothing shows that another key signed it, so the evidence of names and identifiers counts.
                // Without a verdict on the signature, equal key identifiers are the next best
                // evidence. Different ones are evidence against, so this link is dropped.
                Some(Err(problem)) if problem.is_not_computed() && distance != 2 => {
                    found.push(candidate);
                    self.unchecked.push(Unchecked {
                        of: place,
                        issuer: candidate,
                        reason: problem.to_string(),
                    });
                    if candidate == place {
                        break;
                    }
                }
                // A certificate that did not sign itself is not a candidate that failed. Every
                // self-issued intermediate would otherwise be reported as its own wrong issuer.
                Some(Err(problem)) if candidate != place => {
                    let reason = self.describe(place, candidate, distance, &problem);
                    let rejected = self.rejected.entry(place).or_default();
                    rejected.push(RejectedIssuer {
                        place: candidate,
                        reason,
                    });
                }
                _ => {}
            }
        }
        found
    }

    fn signed(
        &mut self,
        place: usize,
        candidate: usize,
    ) -> Option<Result<(), signature::SignatureProblem>> {
        let (certificate, issuer) = (self.get(place)?, self.get(candidate)?);
        // A DSA key may leave its parameters to the certificates above (RFC 3279 2.3.2), so the key
        // alone does not decide: the origin of the parameters is part of the question.
        let inherited = self.inherited(candidate);
        let answer = self.signatures.check(issuer, certificate, place, inherited);
        // An error here is a spent budget, not a bad signature: the two must not be mixed, or a
        // large bundle would look forged.
        self.spent |= answer.is_err();
        answer.ok()
    }

    /// The parameters of a DSA key that has none, from the nearest DSA
    /// certificate above it (RFC 3279 2.3.2).
    fn inherited(&self, place: usize) -> Option<(usize, &'a [u8])> {
        let mut current = self.get(place)?;
        if !signature::is_dsa(current.key_info())
            || signature::dsa_parameters(current.key_info()).is_some()
        {
            return None;
        }
        // No known CA inherits over more steps; PKITS 4.1.5 has one.
        for _ in 0..8 {
            let mut above = self.named(current.issuer());
            let next = above.find(|place| {
                // Names alone are enough to look for parameters: wrong ones make the signature
                // fail, and nothing is trusted because of them.
                self.get(*place)
                    .is_some_and(|issuer| signature::is_dsa(issuer.key_info()))
            })?;
            current = self.get(next)?;
            if let Some(parameters) = signature::dsa_parameters(current.key_info()) {
                return Some((next, parameters));
            }
        }
        None
    }

    fn describe(
        &self,
        place: usize,
        candidate: usize,
        distance: u8,
        problem: &signature::SignatureProblem,
    ) -> String {
        let subject = self
            .get(candidate)
            .map(|issuer| issuer.subject().to_string());
        let subject = subject.unwrap_or_default();
        let id = |bytes: Option<&[u8]>| bytes.map_or_else(String::new, hex);
        // With different key identifiers the certificate is an older or newer one of the same CA:
        // saying so tells the administrator which file to fetch.
        if distance == 2 {
            let has = id(self.get(candidate).and_then(Certificate::subject_key_id));
            let wanted = self.get(place).and_then(Certificate::authority_key_id);
            let wanted = id(wanted.and_then(|id| id.key_id));
            format!("`{subject}` has another key (identifier {has}, wanted {wanted})")
        } else {
            format!("`{subject}` has that name, but {problem}")
        }
    }

    pub(super) fn issuers(&self, place: usize) -> &[usize] {
        self.issuers.get(&place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_self_signed(&self, place: usize) -> bool {
        self.issuers(place).contains(&place)
    }

    pub(super) fn is_ca(&self, place: usize) -> bool {
        self.get(place).is_some_and(Certificate::is_ca)
    }

    /// Certificates with a part in the chain, nearest to the end-entity first.
    pub(super) fn reached(&self) -> Vec<usize> {
        self.order.clone()
    }

    pub(super) fn unreached(&self) -> Vec<usize> {
        let places = self.unique.iter().copied();
        places
            .filter(|place| !self.issuers.contains_key(place))
            .collect()
    }

    pub(super) fn duplicates(&self) -> Vec<(usize, usize)> {
        self.duplicates.clone()
    }

    pub(super) fn unchecked(&self) -> Vec<Unchecked> {
        self.unchecked.clone()
    }

    pub(super) fn signatures(&self) -> u64 {
        self.signatures.computed()
    }

    pub(super) fn exhausted(&self) -> Option<u64> {
        self.spent.then(|| self.signatures.limit())
    }

    pub(super) fn gap(&self, path: &[usize], unrelated: &[usize]) -> Option<Gap> {
        let last = *path.last()?;
        let certificate = self.get(last)?;
        // The organisation is a guess, used to phrase a finding and never to link: CAs of one
        // organisation usually share it, and unrelated certificates in the bundle do not.
        let organisation = certificate.issuer().organisation();
        // One that is in the path is present for another reason.
        let rejected = self.rejected.get(&last).into_iter().flatten();
        let rejected = rejected
            .filter(|rejection| !path.contains(&rejection.place))
            .cloned();
        let beyond = |place: &&usize| {
            self.get(**place).is_some_and(|other| {
                other.is_ca()
                    && organisation.is_some()
                    && other.subject().organisation() == organisation
                    // The same CA with another key is next to the path, not above it.
                    && !path.iter().any(|own| {
                        self.get(*own).is_some_and(|own| own.subject().matches(&other.subject()))
                    })
            })
        };
        Some(Gap {
            of: last,
            sha256: certificate.sha256(),
            subject: certificate.subject().to_string(),
            issuer_name: certificate.issuer().to_string(),
            authority_key_id: certificate
                .authority_key_id()
                .and_then(|id| id.key_id)
                .map(<[u8]>::to_vec),
            ca_issuers: certificate
                .ca_issuers()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            rejected: rejected.collect(),
            beyond: unrelated.iter().filter(beyond).copied().collect(),
        })
    }
}
