//! Any number of keys, certificates and requests, by the key that they hold.

use super::Half;
use crate::finding::Fingerprint;
use crate::model::{Inconsistency, KeyAlgorithm, Malformed, PublicKey};
use std::borrow::Cow;
use std::collections::HashMap;

/// What kind of object a member of a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MemberRole {
    /// A private key.
    PrivateKey,
    /// A public key by itself.
    PublicKey,
    /// A certification request.
    Request,
    /// A certificate.
    Certificate,
}

impl MemberRole {
    /// The name in JSON: `private-key`, `public-key`, `csr`, `certificate`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PrivateKey => "private-key",
            Self::PublicKey => "public-key",
            Self::Request => "csr",
            Self::Certificate => "certificate",
        }
    }
}

/// What belongs together, and what has no match.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Matches<I> {
    /// Things that share a key, in the order of their first members.
    pub groups: Vec<Group<I>>,
    /// Things that share their key with nothing, in their order.
    pub unmatched: Vec<Unmatched<I>>,
}

/// Things that share a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group<I> {
    /// SHA-256 of the key's SubjectPublicKeyInfo in the form that its algorithm
    /// prescribes ([`PublicKey::canonical_der`]).
    pub key_id: Fingerprint,
    /// The key's algorithm.
    pub algorithm: KeyAlgorithm,
    /// Whether every private key of the group was proven; if certcheck does not compute its
    /// algorithm, it is grouped by the public part that it claims.
    pub proven: bool,
    /// The things, in their order.
    pub members: Vec<Member<I>>,
}

/// One thing of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member<I> {
    /// The caller's name for it.
    pub id: I,
    /// What it is.
    pub role: MemberRole,
}

/// A thing that shares its key with nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched<I> {
    /// The caller's name for it.
    pub id: I,
    /// What it is.
    pub role: MemberRole,
    /// SHA-256 of the SubjectPublicKeyInfo that it has or claims.
    pub spki_sha256: Option<Fingerprint>,
    /// Why it matches nothing.
    pub reason: Reason,
}

/// Why something matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing that was given holds the same key.
    NoPartner,
    /// The private key's parts contradict one another.
    Inconsistent(Inconsistency),
    /// The private key's algorithm is not computed here, and the file holds no public part to
    /// compare.
    NoPublicPart,
    /// The SubjectPublicKeyInfo cannot be read.
    Malformed(Malformed),
}

/// Puts together what holds the same key.
///
/// ```
/// use certcheck::key_match::{Half, Reason, group};
/// let spki = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0][..], &[7; 32]].concat();
/// let matches = group([
///     ("server.csr", Half::Request(&spki)),
///     ("server.crt", Half::Certificate(&spki)),
///     ("damaged.crt", Half::Certificate(&spki[1..])),
/// ]);
/// assert_eq!(matches.groups[0].members.len(), 2);
/// assert!(matches!(matches.unmatched[0].reason, Reason::Malformed(_)));
/// ```
pub fn group<'a, I>(candidates: impl IntoIterator<Item = (I, Half<'a>)>) -> Matches<I> {
    let mut buckets: Vec<Bucket<'a, I>> = Vec::new();
    let mut index = Index::default();
    let mut unmatched = Vec::new();
    for (position, (id, half)) in candidates.into_iter().enumerate() {
        let key = match readable_key(&half) {
            Ok(key) => key,
            Err(reason) => {
                // An inconsistent key still claims a public part, which helps to
                // find the file that it was made from.
                let spki_sha256 = match half {
                    Half::Private(key) => key.spki_sha256(),
                    _ => None,
                };
                let role = half.role();
                unmatched.push((
                    position,
                    Unmatched {
                        id,
                        role,
                        spki_sha256,
                        reason,
                    },
                ));
                continue;
            }
        };
        let proven = match half {
            Half::Private(private) => private.is_proven(),
            _ => true,
        };
        let member = (
            position,
            Member {
                id,
                role: half.role(),
            },
        );
        match index
            .find(&key, &buckets)
            .and_then(|at| buckets.get_mut(at))
        {
            Some(bucket) => {
                // One unproven private key makes the whole group a claim, whatever else is in it.
                bucket.proven &= proven;
                bucket.members.push(member);
            }
            None => {
                index.insert(&key, buckets.len());
                buckets.push(Bucket {
                    key,
                    proven,
                    members: vec![member],
                });
            }
        }
    }
    finish(buckets, unmatched)
}

struct Bucket<'a, I> {
    key: PublicKey<'a>,
    proven: bool,
    members: Vec<(usize, Member<I>)>,
}

/// Finds the bucket of a key: by its canonical form, and for DSA, whose parameters may be inherited
/// and then compare equal to any, by its y too.
#[derive(Default)]
struct Index<'a> {
    canonical: HashMap<Cow<'a, [u8]>, usize>,
    dsa: HashMap<&'a [u8], Vec<usize>>,
}

/// How many DSA keys with one y are compared. Honest files hold two at most, one with its
/// parameters and one without; an attacker can make any number.
const MOST_OF_ONE_Y: usize = 16;

impl<'a> Index<'a> {
    fn find<I>(&self, key: &PublicKey<'a>, buckets: &[Bucket<'a, I>]) -> Option<usize> {
        // DSA keys with inherited parameters compare equal to several others, so that the
        // canonical form does not find them.
        if let Some(at) = self.canonical.get(&key.canonical_der()) {
            return Some(*at);
        }
        let same = |at: &&usize| {
            buckets
                .get(**at)
                .is_some_and(|bucket| bucket.key.same_key(key))
        };
        let of_this_y = self.dsa.get(key.dsa_y()?)?;
        of_this_y.iter().take(MOST_OF_ONE_Y).find(same).copied()
    }

    fn insert(&mut self, key: &PublicKey<'a>, at: usize) {
        self.canonical.insert(key.canonical_der(), at);
        if let Some(y) = key.dsa_y() {
            self.dsa.entry(y).or_default().push(at);
        }
    }
}

fn readable_key<'a>(half: &Half<'a>) -> Result<PublicKey<'a>, Reason> {
    // The parts of a private key are checked before its public part is believed: a forged key has
    // the right modulus.
    if let Half::Private(key) = half {
        key.check().map_err(Reason::Inconsistent)?;
    }
    let spki = half.spki().ok_or(Reason::NoPublicPart)?;
    PublicKey::parse(spki).map_err(Reason::Malformed)
}

fn finish<I>(buckets: Vec<Bucket<'_, I>>, mut unmatched: Vec<(usize, Unmatched<I>)>) -> Matches<I> {
    let mut groups = Vec::new();
    for bucket in buckets {
        let mut members = bucket.members;
        if members.len() > 1 {
            groups.push(Group {
                key_id: bucket.key.canonical_sha256(),
                algorithm: bucket.key.algorithm().clone(),
                proven: bucket.proven,
                members: members.into_iter().map(|(_, member)| member).collect(),
            });
        } else if let Some((position, Member { id, role })) = members.pop() {
            let spki_sha256 = Some(bucket.key.spki_sha256());
            let reason = Reason::NoPartner;
            unmatched.push((
                position,
                Unmatched {
                    id,
                    role,
                    spki_sha256,
                    reason,
                },
            ));
        }
    }
    unmatched.sort_by_key(|(position, _)| *position);
    Matches {
        groups,
        unmatched: unmatched.into_iter().map(|(_, one)| one).collect(),
    }
}

impl<I> Group<I> {
    /// The members of one kind.
    pub fn of(&self, role: MemberRole) -> impl Iterator<Item = &Member<I>> {
        self.members
            .iter()
            .filter(move |member| member.role == role)
    }

    /// Whether a private key and a certificate are among them.
    pub fn is_pair(&self) -> bool {
        self.of(MemberRole::PrivateKey).next().is_some()
            && self.of(MemberRole::Certificate).next().is_some()
    }
}

impl<I> Matches<I> {
    /// The groups that a server can use: those with a private key and a
    /// certificate. One with an RSA and an elliptic-curve key may use both.
    pub fn pairs(&self) -> impl Iterator<Item = &Group<I>> {
        self.groups.iter().filter(|group| group.is_pair())
    }

    /// Private keys without a certificate, request or public key, and requests without any match.
    pub fn orphans(&self) -> impl Iterator<Item = (&I, MemberRole)> {
        let alone = self
            .unmatched
            .iter()
            .map(|one| (&one.id, one.role))
            .filter(|(_, role)| matches!(role, MemberRole::PrivateKey | MemberRole::Request));
        // Copies of a private key do not count as a match.
        let copies = self
            .groups
            .iter()
            .filter(|group| group.of(MemberRole::PrivateKey).count() == group.members.len())
            .flat_map(|group| group.members.iter().map(|member| (&member.id, member.role)));
        alone.chain(copies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ed25519(byte: u8) -> Vec<u8> {
        let head: &[u8] = &[
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0,
        ];
        [head, &[byte; 32]].concat()
    }

    #[test]
    fn order_is_that_of_the_first_members() {
        let (a, b, c) = (ed25519(1), ed25519(2), ed25519(3));
        let matches = group([
            (0, Half::Certificate(&c)),
            (1, Half::Certificate(&b)),
            (2, Half::Certificate(&a)),
            (3, Half::Request(&a)),
            (4, Half::Public(&b)),
            (5, Half::Certificate(&[])),
        ]);
        let groups: Vec<Vec<_>> = matches
            .groups
            .iter()
            .map(|group| group.members.iter().map(|member| member.id).collect())
            .collect();
        assert_eq!(groups, [[1, 4], [2, 3]]);
        let alone: Vec<_> = matches.unmatched.iter().map(|one| one.id).collect();
        assert_eq!(alone, [0, 5]);
        assert_eq!(matches.orphans().count(), 0);
        assert_eq!(matches.pairs().count(), 0);
    }

    #[test]
    fn dsa_keys_without_parameters_match_by_y() {
        let y: &[u8] = &[0x03, 0x04, 0x00, 0x02, 0x01, 0x05];
        let inherited = der(&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], y);
        let full = |g| {
            let identifier = [
                &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01][..],
                &[0x30, 0x09, 2, 1, 23, 2, 1, 11, 2, 1, g],
            ];
            der(&identifier.concat(), y)
        };
        let matches = group(
            [
                (0, Half::Certificate(&full(4))),
                (1, Half::Certificate(&full(5))),
                (2, Half::Certificate(&inherited)),
            ]
            .iter()
            .map(|(id, half)| (*id, *half)),
        );
        assert_eq!(matches.groups.len(), 1);
        assert_eq!(matches.groups[0].members.len(), 2);
    }

    fn der(identifier: &[u8], rest: &[u8]) -> Vec<u8> {
        let length = u8::try_from(identifier.len()).unwrap();
        let inner = [&[0x30, length][..], identifier, rest].concat();
        [&[0x30, u8::try_from(inner.len()).unwrap()][..], &inner].concat()
    }
}
