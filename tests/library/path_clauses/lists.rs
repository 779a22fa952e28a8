//! Revocation lists: who signed them, until when, what they hold, and deltas
//! (RFC 5280 5, 6.3).

use crate::path_clauses::case::{
    Case, Clause, LEAF, Why, bare, ca, chain, key, leaf, list, self_issued,
};
use crate::path_clauses::dsa_keys;
use crate::path_clauses::pki::crl::{base_number, distribution, full_name, point, reason};
use crate::path_clauses::pki::{List, Spec, basic_constraints, extension, key_usage, tlv};

/// One CA with the root's empty list, and lists of its own, each with its signer.
fn with(lists: &[(List, u8)]) -> Case {
    chain(&[ca(1)], &leaf(1))
        .lists(&[(list(0), 0)])
        .lists(lists)
}

fn own(list: List) -> Case {
    with(&[(list, 1)])
}

fn until(this_update: &'static str, next_update: &'static str) -> Case {
    own(List {
        this_update,
        next_update,
        ..list(1)
    })
}

/// An end-entity and an entry of these serial numbers, as they are encoded.
fn numbered(serial: &[u8], entry: &[u8]) -> Case {
    let mut last = leaf(1);
    last.serial = serial.to_vec();
    let list = list(1).revoke_number(&tlv(2, entry), &[]);
    chain(&[ca(1)], &last).lists(&[(crate::path_clauses::case::list(0), 0), (list, 1)])
}

fn unknown() -> Vec<u8> {
    extension("1.3.6.1.4.1.99999.9", true, &[5, 0])
}

/// A CA that signs certificates with key 1, and lists with key 8.
fn two_keys(signer: &Spec, list_of_root: List, own: List) -> Case {
    let signs_certificates = bare(1)
        .with(basic_constraints(None))
        .with(key_usage(0x04, 2));
    chain(&[signs_certificates], &leaf(1))
        .beside(signer, 8, 0)
        .lists(&[(list_of_root, 0), (own, 8)])
}

fn signer() -> Spec {
    bare(1).with(key_usage(0x02, 1)).serial(8)
}

/// ca1 changed its key: 1 is the new one, 2 the old, which it vouches for; the
/// end-entity is of the old one, its list of the new one.
fn old_with_new(entry: u8) -> Case {
    let mut case = chain(&[ca(1)], &leaf(1)).beside(&self_issued(1), 2, 1);
    case.leaf = leaf(1).issue(&key(90), &key(2));
    case.lists(&[(list(0), 0), (list(1).revoke(entry, &[]), 1)])
}

/// The same the other way: 1 is the old key, 2 the new one.
fn new_with_old(entry: u8) -> Case {
    let url = full_name("http://x/old");
    let rolled = self_issued(1).with(distribution(std::slice::from_ref(&url)));
    let of_rolled = list(1).with(point(&[url]));
    let mut case = chain(&[ca(1)], &leaf(1)).beside(&rolled, 2, 1);
    case.leaf = leaf(1).issue(&key(90), &key(1));
    case.lists(&[
        (list(0), 0),
        (of_rolled, 1),
        (list(1).revoke(entry, &[]), 2),
    ])
}

/// ca1 issued itself a certificate for a key that signs lists alone.
fn own_crl_key(entry: u8, signed_by_it: bool) -> Case {
    let crl_key = Spec::new("ca1", "ca1").with(key_usage(0x02, 1)).serial(70);
    let mut case = chain(&[ca(1)], &leaf(1)).beside(&crl_key, 2, 1);
    let signer = if signed_by_it { 2 } else { 1 };
    case.leaf = leaf(1).issue(&key(90), &key(signer));
    let flag = vec![0x81, 1, 0xff];
    let own = List {
        this_update: "20260102000000Z",
        ..list(1).with(point(&[flag]))
    };
    case.lists(&[(list(0), 0), (own.revoke(entry, &[]), 2), (list(1), 1)])
}

fn dsa_list(forged: bool) -> Case {
    let keys = [11, 12, 13].map(dsa_keys::key);
    let spki = |place: usize| dsa_keys::spki(&keys[place], place == 0);
    let algorithm = dsa_keys::algorithm();
    let own = &keys[if forged { 2 } else { 1 }];
    let empty = |level: u8, key| list(level).build(&algorithm, |tbs| dsa_keys::sign(key, tbs));
    Case {
        anchor: dsa_keys::issue(&Spec::ca("root", "root"), &spki(0), &keys[0]),
        bag: vec![dsa_keys::issue(&ca(1), &spki(1), &keys[0])],
        leaf: dsa_keys::issue(&leaf(1), &spki(2), &keys[1]),
        lists: Some(vec![empty(0, &keys[0]), empty(1, own)]),
        ..chain(&[], &leaf(0))
    }
}

fn delta(base: u8, number: u8) -> List {
    List::new("ca1", number).with(base_number(base))
}

fn base(number: u8) -> List {
    List::new("ca1", number)
}

fn hit(list: List, code: u8) -> List {
    list.revoke(LEAF, &[reason(code)])
}

fn ended(list: List) -> List {
    List {
        next_update: "20260601000000Z",
        ..list
    }
}

fn key_id(list: List, id: u8) -> List {
    list.with(extension("2.5.29.35", false, &tlv(0x30, &[0x80, 1, id])))
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::*;
    vec![
        Clause {
            clause: "6.3.3",
            pkits: "4.4.1",
            rule: "each certificate has a list, where that is required",
            good: || own(list(1)),
            bad: || with(&[]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (j)",
            pkits: "4.4.3",
            rule: "an end-entity that is on the list",
            good: || own(list(1).revoke(LEAF + 1, &[])),
            bad: || own(list(1).revoke(LEAF, &[])),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (j)",
            pkits: "4.4.2",
            rule: "a CA that is on the list",
            good: || chain(&[ca(1)], &leaf(1)).lists(&[(list(0).revoke(2, &[]), 0), (list(1), 1)]),
            bad: || chain(&[ca(1)], &leaf(1)).lists(&[(list(0).revoke(1, &[]), 0), (list(1), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (g)",
            pkits: "4.4.4",
            rule: "the list's signature",
            // Key 55 is none of the chain's: the list has the right name and was made by someone
            // else. It is not evidence of anything, and so the status is unknown, not revoked.
            good: || own(list(1)),
            bad: || with(&[(list(1), 55)]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (1)",
            pkits: "4.4.5, 4.4.6",
            rule: "the list's issuer is the certificate's",
            // Good: names are compared without case (7.1), in lists as in certificates.
            good: || own(List::new("CA1", 1)),
            bad: || own(List::new("ca9", 1)),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (g)",
            pkits: "4.4.7",
            rule: "a useless list beside a good one does no harm",
            // An attacker can add lists to a directory; they must neither hide a revocation nor
            // invent one.
            good: || with(&[(list(1), 55), (list(1), 1)]),
            bad: || with(&[(list(1), 55), (list(1).revoke(LEAF, &[]), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "5.3",
            pkits: "4.4.8",
            rule: "a critical extension of an entry that nobody knows",
            // The entry is of another certificate. 5.3 demands that the whole list is not used: the
            // unknown extension may change what other entries mean.
            good: || own(list(1).revoke(8, &[reason(1)])),
            bad: || own(list(1).revoke(8, &[unknown()])),
            why: StatusUnknown,
        },
        Clause {
            clause: "5.2",
            pkits: "4.4.9, 4.4.10",
            rule: "a critical extension of a list that nobody knows",
            good: || own(list(1).with(extension("1.3.6.1.4.1.99999.9", false, &[5, 0]))),
            bad: || own(list(1).with(unknown())),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (a)",
            pkits: "4.4.11",
            rule: "nextUpdate is not over",
            // The moment of judgement is 2026-11-22T00:00:00Z: the end itself still counts, a
            // second before it does not.
            good: || until("20260101000000Z", "20261122000000Z"),
            bad: || until("20260101000000Z", "20261121235959Z"),
            why: StatusUnknown,
        },
        Clause {
            clause: "5.1.2.5",
            pkits: "4.4.12, 4.4.13",
            rule: "UTCTime and GeneralizedTime",
            // "99" is 1999 and "97" is 1997 (5.1.2.4: from 50 on the last century), and 2050 has to
            // be GeneralizedTime.
            good: || until("990101000000Z", "20500101000000Z"),
            bad: || until("970101000000Z", "990101000000Z"),
            why: StatusUnknown,
        },
        Clause {
            clause: "5.1.2.4",
            pkits: "4.4",
            rule: "thisUpdate has come",
            good: || until("20261122000000Z", "20300101000000Z"),
            bad: || until("20261122000001Z", "20300101000000Z"),
            why: StatusUnknown,
        },
        Clause {
            clause: "5.1.2.5",
            pkits: "4.4",
            rule: "without nextUpdate a list does not end",
            // 5.1.2.5 demands the field. Lists without it exist, and have nothing that could be
            // over.
            good: || until("20100101000000Z", ""),
            bad: || until("20300101000000Z", ""),
            why: StatusUnknown,
        },
        Clause {
            clause: "4.1.2.2",
            pkits: "4.4.14, 4.4.15",
            rule: "negative serial numbers are others than positive ones",
            // ff is -1, and 00 ff is 255: whoever cuts leading zeros off confuses the two.
            good: || numbered(&[0xff], &[0, 0xff]),
            bad: || numbered(&[0xff], &[0xff]),
            why: Revoked,
        },
        Clause {
            clause: "4.1.2.2",
            pkits: "4.4.16 to 4.4.18",
            rule: "long serial numbers are compared to their ends",
            // 20 bytes are the most that 4.1.2.2 allows. A comparison of 64 or 128 bits would find
            // them equal.
            good: || numbered(&[1; 20], &[[1; 19].as_slice(), &[2]].concat()),
            bad: || numbered(&[1; 20], &[1; 20]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (f)",
            pkits: "4.4.19, 4.4.20",
            rule: "another key of the CA may sign lists",
            good: || two_keys(&signer(), list(0), list(1)),
            bad: || two_keys(&signer(), list(0), list(1).revoke(LEAF, &[])),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (f)",
            pkits: "4.4.21",
            rule: "the signer of lists is not revoked",
            good: || two_keys(&signer(), list(0).revoke(9, &[]), list(1)),
            bad: || two_keys(&signer(), list(0).revoke(8, &[]), list(1)),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (f)",
            pkits: "4.7.4, 4.7.5",
            rule: "keyUsage of the signer has cRLSign",
            // Bad: the signer's keyUsage is digitalSignature alone.
            good: || two_keys(&signer(), list(0), list(1)),
            bad: || {
                two_keys(
                    &bare(1).with(key_usage(0x80, 7)).serial(8),
                    list(0),
                    list(1),
                )
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (f)",
            pkits: "4.4",
            rule: "the signer's path leads to the same anchor",
            // Bad: the certificate of the list's signer is signed by its own key. Anyone can make
            // one with the CA's name.
            good: || two_keys(&signer(), list(0), list(1)),
            bad: || {
                let mut case = two_keys(&signer(), list(0), list(1));
                case.bag[1] = signer().issue(&key(8), &key(8));
                case
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (g)",
            pkits: "4.1.5",
            rule: "lists of a DSA key with inherited parameters",
            // RFC 3279 2.3.2: the CA's key has no p, q and g of its own, and takes those of the
            // root.
            good: || dsa_list(false),
            bad: || dsa_list(true),
            why: StatusUnknown,
        },
        Clause {
            clause: "3.2, 6.3.3 (f)",
            pkits: "4.5.1, 4.5.2",
            rule: "old with new: the old key's certificates on the new key's list",
            good: || old_with_new(LEAF + 1),
            bad: || old_with_new(LEAF),
            why: Revoked,
        },
        Clause {
            clause: "3.2, 6.3.3 (f)",
            pkits: "4.5.3 to 4.5.5",
            rule: "new with old, whose own status is on a list of the old key",
            good: || new_with_old(LEAF + 1),
            bad: || new_with_old(LEAF),
            why: Revoked,
        },
        Clause {
            clause: "3.2, 6.3.3 (f)",
            pkits: "4.5.6, 4.5.7",
            rule: "a key of the CA's own for lists",
            good: || own_crl_key(LEAF + 1, false),
            bad: || own_crl_key(LEAF, false),
            why: Revoked,
        },
        Clause {
            clause: "6.1.4 (n)",
            pkits: "4.5.8",
            rule: "a key for lists issues no certificates",
            good: || own_crl_key(LEAF + 1, false),
            bad: || own_crl_key(LEAF + 1, true),
            why: NotACa,
        },
        Clause {
            clause: "5.2.4",
            pkits: "4.15.1",
            rule: "a delta alone is no list",
            good: || with(&[(base(1), 1), (delta(1, 2), 1)]),
            bad: || own(delta(1, 2)),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (i)",
            pkits: "4.15.2, 4.15.4",
            rule: "what a delta revokes",
            good: || with(&[(base(1), 1), (delta(1, 2), 1)]),
            bad: || with(&[(base(1), 1), (hit(delta(1, 2), 1), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (j)",
            pkits: "4.15.3",
            rule: "what the base revokes is revoked, whatever the delta leaves out",
            good: || with(&[(base(1), 1), (delta(1, 2), 1)]),
            bad: || with(&[(hit(base(1), 1), 1), (delta(1, 2), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (k)",
            pkits: "4.15.5, 4.15.6",
            rule: "a hold is lifted by a delta",
            good: || with(&[(hit(base(1), 6), 1), (hit(delta(1, 2), 8), 1)]),
            bad: || with(&[(hit(base(1), 6), 1), (hit(delta(1, 2), 1), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "5.2.4 (c)",
            pkits: "4.15.8, 4.15.9",
            rule: "a delta continues its base and every later list",
            good: || with(&[(hit(base(3), 6), 1), (hit(delta(1, 5), 8), 1)]),
            bad: || with(&[(hit(base(3), 6), 1), (hit(delta(4, 5), 8), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "5.2.4 (d)",
            pkits: "4.15",
            rule: "a delta follows the list that it continues",
            good: || with(&[(hit(base(3), 6), 1), (hit(delta(1, 4), 8), 1)]),
            bad: || with(&[(hit(base(3), 6), 1), (hit(delta(1, 3), 8), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (a) (1)",
            pkits: "4.15.10",
            rule: "a list that ended, and a delta that continues it",
            good: || with(&[(ended(base(1)), 1), (delta(1, 2), 1)]),
            bad: || with(&[(ended(base(1)), 1), (delta(2, 3), 1)]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (a)",
            pkits: "4.15.10",
            rule: "a delta that ended continues nothing",
            good: || with(&[(hit(base(1), 6), 1), (hit(delta(1, 2), 8), 1)]),
            bad: || with(&[(hit(base(1), 6), 1), (ended(hit(delta(1, 2), 8)), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (c) (3)",
            pkits: "4.15",
            rule: "base and delta name one key",
            good: || {
                with(&[
                    (key_id(hit(base(1), 6), 7), 1),
                    (key_id(hit(delta(1, 2), 8), 7), 1),
                ])
            },
            bad: || {
                with(&[
                    (key_id(hit(base(1), 6), 7), 1),
                    (key_id(hit(delta(1, 2), 8), 9), 1),
                ])
            },
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (c) (2)",
            pkits: "4.15",
            rule: "base and delta have one scope",
            good: || {
                with(&[
                    (hit(base(1), 6).with(users()), 1),
                    (hit(delta(1, 2), 8).with(users()), 1),
                ])
            },
            bad: || with(&[(hit(base(1), 6).with(users()), 1), (hit(delta(1, 2), 8), 1)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (h)",
            pkits: "4.15",
            rule: "base and delta are signed by one key",
            good: || with(&[(hit(base(1), 6), 1), (hit(delta(1, 2), 8), 1)]),
            bad: || with(&[(hit(base(1), 6), 1), (hit(delta(1, 2), 8), 55)]),
            why: Revoked,
        },
        Clause {
            clause: "5.2.3",
            pkits: "4.4.7",
            rule: "of two current lists the newer counts, in any order",
            good: || with(&[(hit(base(1), 6), 1), (newer(base(2)), 1)]),
            bad: || with(&[(base(1), 1), (newer(hit(base(2), 6)), 1)]),
            why: Revoked,
        },
    ]
}

fn users() -> Vec<u8> {
    point(&[vec![0x81, 1, 0xff]])
}

fn newer(list: List) -> List {
    List {
        this_update: "20260301000000Z",
        ..list
    }
}
