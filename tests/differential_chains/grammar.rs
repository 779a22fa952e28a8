//! Chains from a seed: a good one, and none, one or two twists to it.

use crate::pki::policy::{ANY, ONE, TWO, constraints, inhibit_any, mappings, policies};
use crate::pki::{Key, Spec, basic_constraints, dns_names, extended_key_usage, extension};
use crate::pki::{key_usage, name, name_constraints, oid, seq, tlv};
use crate::random::Random;
use std::sync::LazyLock;

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

fn replace(spec: &mut Spec, number: &str, with: Option<Vec<u8>>) {
    let kind = oid(number);
    spec.extensions
        .retain(|extension| !extension.windows(kind.len()).take(8).any(|it| it == kind));
    spec.extensions.extend(with);
}

const BASIC: &str = "2.5.29.19";
const USAGE: &str = "2.5.29.15";
const PURPOSES: &str = "2.5.29.37";
const NAMES: &str = "2.5.29.17";
const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const ANY_PURPOSE: &str = "2.5.29.37.0";
const UNKNOWN: &str = "1.3.6.1.4.1.99999.9";

fn dns(text: &str) -> Vec<u8> {
    tlv(0x82, text.as_bytes())
}

fn limit(plan: &mut Plan, random: &mut Random, length: u8) {
    replace(
        plan.ca(random),
        BASIC,
        Some(basic_constraints(Some(length))),
    );
}

fn constrain(plan: &mut Plan, random: &mut Random, permitted: &[Vec<u8>], excluded: &[Vec<u8>]) {
    let extension = name_constraints(permitted, excluded);
    plan.ca(random).extensions.push(extension);
}

fn alternative(plan: &mut Plan, critical: bool, names: &[Vec<u8>]) {
    let names = extension(NAMES, critical, &tlv(0x30, &names.concat()));
    replace(plan.leaf(), NAMES, Some(names));
}

fn everywhere(plan: &mut Plan, extension: &[u8]) {
    for level in &mut plan.levels[1..] {
        level.spec.extensions.push(extension.to_vec());
    }
}

type Twist = (&'static str, fn(&mut Plan, &mut Random));

const TWISTS: &[Twist] = &[
    ("shuffled", |plan, _| plan.shuffled = true),
    ("every intermediate twice", |plan, _| plan.twice = true),
    ("unrelated certificates", |plan, random| {
        for number in 0..1 + random.below(4) {
            let (it, other) = (&KEYS[number], &KEYS[FORGER]);
            plan.more
                .push(Spec::ca(&format!("Stranger {number}"), "Stranger").issue(it, other));
        }
        plan.shuffled = true;
    }),
    ("RSA", |plan, random| {
        let level = random.below(plan.levels.len());
        plan.levels[level].key = 6 + random.below(3);
    }),
    ("Ed25519", |plan, random| {
        let level = random.below(plan.levels.len());
        plan.levels[level].key = 9 + random.below(2);
    }),
    ("no key identifiers", |plan, random| {
        plan.ca(random).key_ids = false
    }),
    ("another authority key identifier", |plan, _| {
        plan.leaf().key_ids = false;
        let identifier = seq(&[&tlv(0x80, &[7; 20])]);
        plan.leaf()
            .extensions
            .push(extension("2.5.29.35", false, &identifier));
    }),
    ("issuer in capitals", |plan, random| {
        let level = plan.middle(random);
        let issuer = if level == 1 {
            "ROOT".to_owned()
        } else {
            format!("cA {}", level - 1)
        };
        plan.levels[level].spec.issuer = name(&issuer);
    }),
    ("issuer as PrintableString", |plan, random| {
        let level = plan.middle(random);
        let issuer = if level == 1 {
            "Root".to_owned()
        } else {
            format!("CA {}", level - 1)
        };
        let attribute = seq(&[&oid("2.5.4.3"), &tlv(0x13, issuer.as_bytes())]);
        plan.levels[level].spec.issuer = seq(&[&tlv(0x31, &attribute)]);
    }),
    ("no keyUsage", |plan, random| {
        replace(plan.ca(random), USAGE, None)
    }),
    ("keyUsage without keyCertSign", |plan, random| {
        replace(plan.ca(random), USAGE, Some(key_usage(0x02, 1)))
    }),
    ("serial number 0", |plan, random| {
        plan.ca(random).serial = vec![0]
    }),
    ("negative serial number", |plan, _| {
        plan.leaf().serial = vec![0x85]
    }),
    ("serial number of 21 bytes", |plan, _| {
        plan.leaf().serial = vec![1; 21]
    }),
    ("end-entity expired", |plan, _| {
        plan.leaf().not_after = "20210101000000Z";
    }),
    ("CA expired", |plan, random| {
        plan.ca(random).not_after = "20210101000000Z";
    }),
    ("CA not yet valid", |plan, random| {
        plan.ca(random).not_before = "20390101000000Z";
    }),
    ("anchor expired", |plan, _| {
        plan.levels[0].spec.not_after = "20210101000000Z"
    }),
    ("UTCTime", |plan, _| {
        plan.leaf().not_before = "200101000000Z";
        plan.leaf().not_after = "491231235959Z";
    }),
    ("path length 0", |plan, random| limit(plan, random, 0)),
    ("path length 1", |plan, random| limit(plan, random, 1)),
    ("path length 2", |plan, random| limit(plan, random, 2)),
    ("anchor's path length 0", |plan, _| {
        replace(
            &mut plan.levels[0].spec,
            BASIC,
            Some(basic_constraints(Some(0))),
        )
    }),
    ("no basicConstraints", |plan, random| {
        replace(plan.ca(random), BASIC, None)
    }),
    ("cA is false", |plan, random| {
        replace(
            plan.ca(random),
            BASIC,
            Some(extension(BASIC, true, &[0x30, 0])),
        )
    }),
    ("basicConstraints not critical", |plan, random| {
        replace(
            plan.ca(random),
            BASIC,
            Some(extension(BASIC, false, &[0x30, 3, 1, 1, 0xff])),
        );
    }),
    ("anchor is no CA", |plan, _| {
        replace(&mut plan.levels[0].spec, BASIC, None)
    }),
    ("end-entity is a CA", |plan, _| {
        plan.leaf().extensions.push(basic_constraints(None))
    }),
    ("end-entity with a path length", |plan, _| {
        plan.leaf()
            .extensions
            .push(extension(BASIC, true, &[0x30, 3, 2, 1, 0]))
    }),
    ("forged end-entity", |plan, _| {
        let last = plan.last();
        plan.levels[last].signer = Some(FORGER);
    }),
    ("forged CA", |plan, random| {
        let level = plan.middle(random);
        plan.levels[level].signer = Some(FORGER);
    }),
    ("anchor's own signature is forged", |plan, _| {
        plan.levels[0].signer = Some(FORGER)
    }),
    ("two algorithms", |plan, _| {
        let last = plan.last();
        plan.levels[last].inside = true;
    }),
    ("missing intermediate", |plan, random| {
        plan.without = Some(plan.middle(random))
    }),
    ("another root", |plan, _| plan.anchors = Anchors::Nobody),
    ("an intermediate is the anchor", |plan, random| {
        plan.anchors = Anchors::At(plan.middle(random))
    }),
    ("the end-entity is the anchor", |plan, _| {
        plan.anchors = Anchors::At(plan.last())
    }),
    ("cross-signed, the other expired", |plan, random| {
        let level = plan.middle(random);
        let mut other = plan.levels[level].spec.clone();
        other.not_after = "20210101000000Z";
        let (subject, issuer) = (plan.levels[level].key, plan.levels[level - 1].key);
        plan.more
            .push(other.serial(77).issue(&KEYS[subject], &KEYS[issuer]));
        plan.shuffled = true;
    }),
    (
        "cross-signed by a root that is not trusted",
        |plan, random| {
            let level = plan.middle(random);
            let mut other = plan.levels[level].spec.clone();
            other.issuer = name("Another Root");
            let root = &KEYS[FORGER];
            plan.more
                .push(other.serial(77).issue(&KEYS[plan.levels[level].key], root));
            plan.more
                .push(Spec::ca("Another Root", "Another Root").issue(root, root));
            plan.shuffled = true;
        },
    ),
    ("two keys of one name", |plan, random| {
        let level = plan.middle(random);
        let other = plan.levels[level].spec.clone();
        plan.more.push(
            other
                .serial(77)
                .issue(&KEYS[FORGER], &KEYS[plan.levels[level - 1].key]),
        );
        plan.shuffled = true;
    }),
    ("self-issued CA between", |plan, random| {
        let level = plan.middle(random);
        let (mut rolled, old) = (plan.levels[level].spec.clone(), plan.levels[level].key);
        rolled.issuer.clone_from(&rolled.subject);
        replace(&mut rolled, BASIC, Some(basic_constraints(None)));
        plan.more
            .push(rolled.serial(78).issue(&KEYS[4], &KEYS[old]));
        // What stands below is of the new key.
        let below = level + 1;
        plan.levels[below].signer = Some(4);
        plan.levels[below].spec.key_ids = false;
    }),
    ("unknown critical extension of the end-entity", |plan, _| {
        plan.leaf()
            .extensions
            .push(extension(UNKNOWN, true, &[5, 0]))
    }),
    ("unknown critical extension of a CA", |plan, random| {
        plan.ca(random)
            .extensions
            .push(extension(UNKNOWN, true, &[5, 0]))
    }),
    ("unknown critical extension of the anchor", |plan, _| {
        plan.levels[0]
            .spec
            .extensions
            .push(extension(UNKNOWN, true, &[5, 0]))
    }),
    ("unknown extension", |plan, random| {
        plan.ca(random)
            .extensions
            .push(extension(UNKNOWN, false, &[5, 0]))
    }),
    ("an extension twice", |plan, _| {
        plan.leaf().extensions.extend([
            extension(UNKNOWN, false, &[5, 0]),
            extension(UNKNOWN, false, &[5, 0]),
        ])
    }),
    ("version 1 CA", |plan, random| {
        let it = plan.ca(random);
        it.version = None;
        it.key_ids = false;
        it.extensions.clear();
    }),
    ("version 1 end-entity", |plan, _| {
        let it = plan.leaf();
        it.version = None;
        it.key_ids = false;
        it.extensions.clear();
    }),
    ("extensions in version 1", |plan, _| {
        plan.leaf().version = None
    }),
    ("no subject", |plan, _| {
        plan.leaf().subject = tlv(0x30, &[]);
        alternative(plan, true, &[dns("example.com")]);
    }),
    ("no subject, subjectAltName not critical", |plan, _| {
        plan.leaf().subject = tlv(0x30, &[])
    }),
    ("no subjectAltName", |plan, _| {
        replace(plan.leaf(), NAMES, None)
    }),
    ("no extKeyUsage", |plan, _| {
        replace(plan.leaf(), PURPOSES, None)
    }),
    ("extKeyUsage of a client", |plan, _| {
        replace(plan.leaf(), PURPOSES, Some(extended_key_usage(&[CLIENT])))
    }),
    ("anyExtendedKeyUsage", |plan, _| {
        replace(
            plan.leaf(),
            PURPOSES,
            Some(extended_key_usage(&[ANY_PURPOSE])),
        )
    }),
    ("a CA's extKeyUsage of servers", |plan, random| {
        plan.ca(random)
            .extensions
            .push(extended_key_usage(&[SERVER, CLIENT]))
    }),
    ("a CA's extKeyUsage of clients", |plan, random| {
        plan.ca(random)
            .extensions
            .push(extended_key_usage(&[CLIENT]))
    }),
    ("the anchor's extKeyUsage of clients", |plan, _| {
        plan.levels[0]
            .spec
            .extensions
            .push(extended_key_usage(&[CLIENT]))
    }),
    ("keyUsage of an end-entity: keyAgreement", |plan, _| {
        plan.leaf().extensions.push(key_usage(0x08, 3))
    }),
    ("keyUsage of an end-entity: cRLSign", |plan, _| {
        plan.leaf().extensions.push(key_usage(0x02, 1))
    }),
    ("permitted dNSName", |plan, random| {
        constrain(plan, random, &[dns("example.com")], &[])
    }),
    ("permitted dNSName of others", |plan, random| {
        constrain(plan, random, &[dns("example.org")], &[])
    }),
    ("permitted dNSName of a part of a label", |plan, random| {
        constrain(plan, random, &[dns("ample.com")], &[])
    }),
    ("excluded dNSName", |plan, random| {
        constrain(plan, random, &[], &[dns("com")])
    }),
    ("excluded dNSName of others", |plan, random| {
        constrain(plan, random, &[], &[dns("www.example.com")])
    }),
    ("dNSName with a period in front", |plan, random| {
        constrain(plan, random, &[dns(".example.com")], &[])
    }),
    ("the anchor's name constraints", |plan, _| {
        plan.levels[0]
            .spec
            .extensions
            .push(name_constraints(&[dns("example.org")], &[]))
    }),
    ("permitted iPAddress, and one within", |plan, random| {
        constrain(
            plan,
            random,
            &[tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])],
            &[],
        );
        alternative(
            plan,
            false,
            &[dns("example.com"), tlv(0x87, &[10, 1, 1, 1])],
        );
    }),
    ("permitted iPAddress, and one outside", |plan, random| {
        constrain(
            plan,
            random,
            &[tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])],
            &[],
        );
        alternative(
            plan,
            false,
            &[dns("example.com"), tlv(0x87, &[11, 1, 1, 1])],
        );
    }),
    ("permitted directoryName", |plan, random| {
        constrain(plan, random, &[tlv(0xa4, &tlv(0x30, &[]))], &[])
    }),
    ("excluded directoryName", |plan, random| {
        constrain(plan, random, &[], &[tlv(0xa4, &name("SERVER"))])
    }),
    ("excluded directoryName of others", |plan, random| {
        constrain(plan, random, &[], &[tlv(0xa4, &name("another"))])
    }),
    ("permitted e-mail, and one outside", |plan, random| {
        constrain(plan, random, &[tlv(0x81, b"example.com")], &[]);
        alternative(
            plan,
            false,
            &[dns("example.com"), tlv(0x81, b"x@example.org")],
        );
    }),
    ("permitted URI, and one within", |plan, random| {
        constrain(plan, random, &[tlv(0x86, b".example.com")], &[]);
        alternative(
            plan,
            false,
            &[dns("example.com"), tlv(0x86, b"https://www.example.com/")],
        );
    }),
    ("permitted URI, and one outside", |plan, random| {
        constrain(plan, random, &[tlv(0x86, b"example.com")], &[]);
        alternative(
            plan,
            false,
            &[dns("example.com"), tlv(0x86, b"https://www.example.com/")],
        );
    }),
    ("name constraints not critical", |plan, random| {
        let tree = tlv(0xa0, &seq(&[&dns("example.org")]));
        plan.ca(random)
            .extensions
            .push(extension("2.5.29.30", false, &tlv(0x30, &tree)));
    }),
    ("name constraints of an end-entity", |plan, _| {
        plan.leaf()
            .extensions
            .push(name_constraints(&[dns("example.org")], &[]))
    }),
    ("wildcard in an excluded domain", |plan, random| {
        constrain(plan, random, &[], &[dns("www.example.com")]);
        alternative(plan, false, &[dns("*.example.com")]);
    }),
    ("malformed subjectAltName", |plan, _| {
        alternative(plan, false, &[tlv(0x87, &[1, 2, 3, 4, 5])])
    }),
    ("malformed basicConstraints", |plan, random| {
        replace(
            plan.ca(random),
            BASIC,
            Some(extension(BASIC, true, &[0x30, 2, 1, 1])),
        )
    }),
    ("empty keyUsage", |plan, random| {
        replace(plan.ca(random), USAGE, Some(key_usage(0, 0)))
    }),
    ("policies along the path", |plan, _| {
        everywhere(plan, &policies(&[ONE]))
    }),
    ("a policy demanded, and none there", |plan, random| {
        plan.ca(random).extensions.push(constraints(Some(0), None))
    }),
    ("a policy demanded, and one there", |plan, _| {
        everywhere(plan, &policies(&[ONE]));
        plan.levels[1]
            .spec
            .extensions
            .push(constraints(Some(0), None));
    }),
    ("a policy demanded, and another there", |plan, _| {
        plan.levels[1]
            .spec
            .extensions
            .extend([policies(&[ONE]), constraints(Some(0), None)]);
        for level in &mut plan.levels[2..] {
            level.spec.extensions.push(policies(&[TWO]));
        }
    }),
    (
        "a policy demanded after ten certificates",
        |plan, random| plan.ca(random).extensions.push(constraints(Some(10), None)),
    ),
    ("a policy demanded, and mapped", |plan, _| {
        let first = [
            policies(&[ONE]),
            constraints(Some(0), None),
            mappings(&[(ONE, TWO)]),
        ];
        plan.levels[1].spec.extensions.extend(first);
        for level in &mut plan.levels[2..] {
            level.spec.extensions.push(policies(&[TWO]));
        }
    }),
    ("anyPolicy mapped", |plan, _| {
        plan.levels[1]
            .spec
            .extensions
            .extend([policies(&[ONE, ANY]), mappings(&[(ANY, TWO)])]);
    }),
    ("anyPolicy, where it is inhibited", |plan, _| {
        let first = [policies(&[ONE]), constraints(Some(0), None), inhibit_any(0)];
        plan.levels[1].spec.extensions.extend(first);
        for level in &mut plan.levels[2..] {
            level.spec.extensions.push(policies(&[ANY]));
        }
    }),
    ("policies listed twice", |plan, random| {
        plan.ca(random).extensions.push(policies(&[ONE, ONE]))
    }),
    ("two names", |plan, _| {
        replace(
            plan.leaf(),
            NAMES,
            Some(dns_names(&["example.com", "www.example.org"])),
        )
    }),
];

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
