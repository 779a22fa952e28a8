//! What is done to a good chain, each by its name.

use super::{Anchors, FORGER, KEYS, Plan};
use crate::pki::policy::{ANY, ONE, TWO, constraints, inhibit_any, mappings, policies};
use crate::pki::{Spec, basic_constraints, dns_names, extended_key_usage, extension};
use crate::pki::{key_usage, name, name_constraints, oid, seq, tlv};
use crate::random::Random;

fn replace(spec: &mut Spec, number: &str, with: Option<Vec<u8>>) {
    let kind = oid(number);
    spec.extensions.retain(|extension| {
        !extension
            .windows(kind.len())
            .take(8)
            .any(|window| window == kind)
    });
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

pub(super) type Twist = (&'static str, fn(&mut Plan, &mut Random));

pub(super) const TWISTS: &[Twist] = &[
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
