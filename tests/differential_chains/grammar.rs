//! Chains from a seed: a good one, and none, one or two twists to it.

mod twists;

use crate::pki::{Key, Spec};
use crate::pki::{oid, seq, tlv};
use crate::random::Random;
use std::sync::LazyLock;
use twists::TWISTS;

pub(crate) struct Chain {
    pub(crate) twists: Vec<&'static str>,
    pub(crate) leaf: Vec<u8>,
    pub(crate) bag: Vec<Vec<u8>>,
    pub(crate) anchors: Vec<Vec<u8>>,
}

/// P-256 mostly, as it is fast; three RSA keys, two of Ed25519; the last is the forger's.
static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let mut keys: Vec<Key> = (0..6).map(|_| Key::new()).collect();
    keys.extend((0..3).map(|_| Key::rsa()));
    keys.extend([Key::fixed(1), Key::fixed(2), Key::new()]);
    keys
});
const FORGER: usize = 11;

/// A chain before it is issued: the root first, the end-entity last.
struct Plan {
    levels: Vec<Level>,
    /// More certificates, to stand among the intermediates.
    more: Vec<Vec<u8>>,
    anchors: Anchors,
    without: Option<usize>,
    shuffled: bool,
    twice: bool,
}

struct Level {
    spec: Spec,
    key: usize,
    /// Signed by somebody else than the level above.
    signer: Option<usize>,
    /// Another identifier of the algorithm inside.
    inside: bool,
}

enum Anchors {
    Root,
    Nobody,
    At(usize),
}

impl Plan {
    fn new(random: &mut Random) -> Self {
        let cas = 1 + random.below(3);
        let named = |level: usize| {
            if level == 0 {
                "Root".to_owned()
            } else {
                format!("CA {level}")
            }
        };
        let mut levels: Vec<_> = (0..=cas)
            .map(|level| Level {
                spec: Spec::ca(&named(level), &named(level.saturating_sub(1)))
                    .serial(level as u32 + 1),
                key: level,
                signer: None,
                inside: false,
            })
            .collect();
        levels.push(Level {
            spec: Spec::server(&named(cas)).serial(1_000),
            key: 5,
            signer: None,
            inside: false,
        });
        Self {
            levels,
            more: Vec::new(),
            anchors: Anchors::Root,
            without: None,
            shuffled: false,
            twice: false,
        }
    }

    fn last(&self) -> usize {
        self.levels.len() - 1
    }

    fn leaf(&mut self) -> &mut Spec {
        let last = self.last();
        &mut self.levels[last].spec
    }

    /// One of the intermediates.
    fn ca(&mut self, random: &mut Random) -> &mut Spec {
        let level = self.middle(random);
        &mut self.levels[level].spec
    }

    fn middle(&self, random: &mut Random) -> usize {
        1 + random.below(self.last() - 1)
    }

    fn issued(&self, level: usize) -> Vec<u8> {
        let it = &self.levels[level];
        let above = &self.levels[level.saturating_sub(1)];
        let signer = &KEYS[it.signer.unwrap_or(above.key)];
        let (subject, claimed) = (&KEYS[it.key], &KEYS[above.key]);
        let mut algorithm = signer.algorithm();
        let outer = algorithm.clone();
        if it.inside {
            algorithm = seq(&[&oid("1.2.840.10045.4.3.3")]);
        }
        let ids = (subject.id(), claimed.id());
        let der = it
            .spec
            .build(&subject.spki(), ids, &algorithm, |tbs| signer.sign(tbs));
        if !it.inside {
            return der;
        }
        // Only the signed part keeps the other identifier.
        let certificate = certcheck::model::Certificate::parse(&der).unwrap();
        let bits = [vec![0], certificate.signature().to_vec()].concat();
        seq(&[certificate.signed_der(), &outer, &tlv(3, &bits)])
    }

    fn finish(self, twists: Vec<&'static str>, random: &mut Random) -> Chain {
        let last = self.last();
        let mut bag: Vec<_> = (1..last)
            .filter(|level| Some(*level) != self.without)
            .map(|level| self.issued(level))
            .collect();
        let anchors = match self.anchors {
            Anchors::Root => vec![self.issued(0)],
            Anchors::Nobody => {
                let other = &KEYS[FORGER];
                vec![Spec::ca("Another Root", "Another Root").issue(other, other)]
            }
            Anchors::At(level) => vec![self.issued(level)],
        };
        if self.twice {
            bag.extend(bag.clone());
        }
        let leaf = self.issued(last);
        bag.extend(self.more);
        if self.shuffled {
            for place in (1..bag.len()).rev() {
                bag.swap(place, random.below(place + 1));
            }
        }
        Chain {
            twists,
            leaf,
            bag,
            anchors,
        }
    }
}

/// The chain of a number: the first ones have each twist alone.
pub(crate) fn chain(number: usize, seed: u64) -> Chain {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number as u64;
    let mut random = Random::new(mixed.wrapping_mul(0xd6e8_feb8_6659_fd93));
    random.below(2);
    let mut plan = Plan::new(&mut random);
    let mut chosen = Vec::new();
    if number < 4 * TWISTS.len() {
        chosen.push(number % TWISTS.len());
    } else {
        for _ in 0..[0, 1, 1, 2, 2, 2][random.below(6)] {
            chosen.push(random.below(TWISTS.len()));
        }
        chosen.dedup();
    }
    let mut twists = Vec::new();
    for place in chosen {
        let (name, twist) = TWISTS[place];
        twist(&mut plan, &mut random);
        twists.push(name);
    }
    plan.finish(twists, &mut random)
}
