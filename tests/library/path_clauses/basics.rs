//! Signatures, validity, CAs, path lengths, key usages, critical extensions.

use crate::path_clauses::case::{Case, Clause, Why, bare, ca, chain, key, leaf, self_issued};
use crate::path_clauses::dsa_keys;
use crate::path_clauses::pki::{Key, Spec, basic_constraints, extension, key_usage, oid, seq, tlv};

/// A chain with one CA, DSA keys throughout; the CA's parameters inherited or not.
fn dsa(inherited: bool, forged: bool) -> Case {
    let keys = [11, 12, 13].map(dsa_keys::key);
    let spki = |place: usize, own: bool| dsa_keys::spki(&keys[place], own);
    let signer = if forged { &keys[2] } else { &keys[1] };
    Case {
        anchor: dsa_keys::issue(&Spec::ca("root", "root"), &spki(0, true), &keys[0]),
        bag: vec![dsa_keys::issue(&ca(1), &spki(1, !inherited), &keys[0])],
        leaf: dsa_keys::issue(&leaf(1), &spki(2, true), signer),
        ..chain(&[], &leaf(0))
    }
}

/// A P-256 CA's DSA child has nobody to inherit parameters from.
fn dsa_below_another() -> Case {
    let keys = [11, 12].map(dsa_keys::key);
    let root = key(0);
    let id = (vec![1], vec![1]);
    let spki = dsa_keys::spki(&keys[0], false);
    let bag = vec![ca(1).build(&spki, id, &root.algorithm(), |tbs| root.sign(tbs))];
    Case {
        bag,
        leaf: dsa_keys::issue(&leaf(1), &dsa_keys::spki(&keys[1], true), &keys[0]),
        ..chain(&[], &leaf(0))
    }
}

/// The end-entity's certificate, which names one algorithm inside and another outside.
fn two_algorithms() -> Case {
    let (ca_key, own) = (key(1), key(90));
    let inside = seq(&[&oid("1.3.101.113")]);
    let ids = (own.id(), ca_key.id());
    let mut der = leaf(1).build(&own.spki(), ids, &inside, |tbs| ca_key.sign(tbs));
    // The one outside, behind the signed part, is the last.
    let at = der
        .windows(inside.len())
        .rposition(|window| window == inside)
        .unwrap();
    der[at + inside.len() - 1] = 0x70;
    Case {
        leaf: der,
        ..chain(&[ca(1)], &leaf(1))
    }
}

fn forged_leaf() -> Case {
    let forged = leaf(1).issue(&key(90), &Key::fixed(89));
    Case {
        leaf: forged,
        ..chain(&[ca(1)], &leaf(1))
    }
}

fn forged_ca() -> Case {
    let forged = ca(1).issue(&key(1), &Key::fixed(89));
    Case {
        bag: vec![forged],
        ..chain(&[ca(1)], &leaf(1))
    }
}

fn plain() -> Case {
    chain(&[ca(1)], &leaf(1))
}

fn dated(not_before: &'static str, not_after: &'static str) -> Case {
    chain(&[ca(1)], &leaf(1).valid(not_before, not_after))
}

fn limited(length: u8) -> Spec {
    bare(1)
        .with(basic_constraints(Some(length)))
        .with(key_usage(0x06, 1))
}

fn with_basic(contents: &[u8], critical: bool) -> Spec {
    bare(1)
        .with(extension("2.5.29.19", critical, &tlv(0x30, contents)))
        .with(key_usage(0x06, 1))
}

fn usage(bits: u8, unused: u8, critical: bool) -> Case {
    let usage = extension("2.5.29.15", critical, &[3, 2, unused, bits]);
    chain(
        &[bare(1).with(basic_constraints(None)).with(usage)],
        &leaf(1),
    )
}

fn unknown(critical: bool) -> Vec<u8> {
    extension("1.3.6.1.4.1.99999.9", critical, &[5, 0])
}

/// Below ca1 another certificate of ca1 with another key, and the end-entity.
fn rolled(first: Spec, last: Spec) -> Case {
    let mut case = chain(&[first, self_issued(1)], &leaf(1));
    case.leaf = last.issue(&key(90), &key(2));
    case
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::*;
    vec![
        Clause {
            clause: "6.1.3 (a) (1)",
            pkits: "4.1.1, 4.1.3",
            rule: "the end-entity's signature",
            good: plain,
            bad: forged_leaf,
            why: Signature,
        },
        Clause {
            clause: "6.1.3 (a) (1)",
            pkits: "4.1.2",
            rule: "a CA's signature",
            good: || chain(&[ca(1), ca(2)], &leaf(2)),
            bad: forged_ca,
            why: Signature,
        },
        Clause {
            clause: "6.1.3 (a) (1)",
            pkits: "4.1.4, 4.1.6",
            rule: "a DSA signature",
            good: || dsa(false, false),
            bad: || dsa(false, true),
            why: Signature,
        },
        Clause {
            clause: "RFC 3279 2.3.2, 6.1.4 (f)",
            pkits: "4.1.5",
            rule: "DSA parameters are inherited",
            // Bad: the signature is of the wrong key, so that "inherited" does not mean "not looked
            // at".
            good: || dsa(true, false),
            bad: || dsa(true, true),
            why: Signature,
        },
        Clause {
            clause: "6.1.4 (f)",
            pkits: "4.1.5",
            rule: "parameters are inherited from the same algorithm alone",
            // 6.1.4 (f): working_public_key_parameters become null where the algorithm changes.
            good: || dsa(true, false),
            bad: dsa_below_another,
            why: Signature,
        },
        Clause {
            clause: "4.1.1.2",
            pkits: "4.1.3",
            rule: "one algorithm inside and outside",
            // Ed448 inside and Ed25519 outside: only the inner field is signed, and only the outer
            // one says how.
            good: plain,
            bad: two_algorithms,
            why: Signature,
        },
        Clause {
            clause: "6.1.3 (a) (2)",
            pkits: "4.2.2, 4.2.6",
            rule: "the end-entity's validity",
            // 4.1.2.5: both ends are part of the period, here one single second.
            good: || dated("20261122000000Z", "20261122000000Z"),
            bad: || dated("20200101000000Z", "20261121235959Z"),
            why: Validity,
        },
        Clause {
            clause: "6.1.3 (a) (2)",
            pkits: "4.2.1",
            rule: "a CA's validity",
            good: plain,
            bad: || {
                chain(
                    &[ca(1).valid("20270101000000Z", "20400101000000Z")],
                    &leaf(1),
                )
            },
            why: Validity,
        },
        Clause {
            clause: "4.1.2.5.1",
            pkits: "4.2.3, 4.2.7",
            rule: "UTCTime from 50 on is of the 20th century",
            // 1950 to 2049, against 1950 to 1999.
            good: || dated("500101000000Z", "491231235959Z"),
            bad: || dated("500101000000Z", "990101000000Z"),
            why: Validity,
        },
        Clause {
            clause: "4.1.2.5.2",
            pkits: "4.2.4, 4.2.8",
            rule: "GeneralizedTime before and after 2050",
            good: || dated("20020101000000Z", "20500101000000Z"),
            bad: || dated("20500101000000Z", "20600101000000Z"),
            why: Validity,
        },
        Clause {
            clause: "6.1.4 (k)",
            pkits: "4.6.1",
            rule: "a CA has basicConstraints",
            // keyCertSign alone is not enough, although OpenSSL tolerates it outside of strict
            // mode.
            good: plain,
            bad: || chain(&[bare(1).with(key_usage(0x06, 1))], &leaf(1)),
            why: NotACa,
        },
        Clause {
            clause: "6.1.4 (k)",
            pkits: "4.6.2",
            rule: "cA is true, where critical",
            good: || chain(&[with_basic(&[1, 1, 0xff], true)], &leaf(1)),
            bad: || chain(&[with_basic(&[], true)], &leaf(1)),
            why: NotACa,
        },
        Clause {
            clause: "6.1.4 (k)",
            pkits: "4.6.3, 4.6.4",
            rule: "cA is true, where not critical",
            good: || chain(&[with_basic(&[1, 1, 0xff], false)], &leaf(1)),
            bad: || chain(&[with_basic(&[], false)], &leaf(1)),
            why: NotACa,
        },
        Clause {
            clause: "6.1.4 (k)",
            pkits: "4.6",
            rule: "version 1 is no CA, but may be an end-entity",
            // 6.1.4 (k): a CA without the extension must be known by out-of-band means, which no
            // file is.
            good: || {
                let mut old = Spec::new("server", "ca1");
                (old.version, old.key_ids) = (None, false);
                chain(&[ca(1)], &old)
            },
            bad: || {
                let mut old = bare(1);
                (old.version, old.key_ids) = (None, false);
                chain(&[old], &leaf(1))
            },
            why: NotACa,
        },
        Clause {
            clause: "4.1.2.9",
            pkits: "4.16",
            rule: "extensions in version 3 alone",
            // 4.1.2.9. What one parser reads as an extension another one skips.
            good: plain,
            bad: || {
                let mut old = leaf(1);
                old.version = None;
                chain(&[ca(1)], &old)
            },
            why: NotConforming,
        },
        Clause {
            clause: "6.1.4 (l)",
            pkits: "4.6.5, 4.6.7",
            rule: "no CA below a path length of 0",
            good: || chain(&[limited(0)], &leaf(1)),
            bad: || chain(&[limited(0), ca(2)], &leaf(2)),
            why: Length,
        },
        Clause {
            clause: "6.1.4 (l)",
            pkits: "4.6.8",
            rule: "the last certificate is not counted, CA or not",
            // 4.2.1.9: the length is the number of intermediates that may follow, and the last
            // certificate is none.
            good: || chain(&[limited(0)], &ca(2)),
            bad: || chain(&[limited(0), ca(2)], &ca(3)),
            why: Length,
        },
        Clause {
            clause: "6.1.4 (l)",
            pkits: "4.6.9 to 4.6.14",
            rule: "lengths are counted from the top",
            // Below a limit of 2 there may be two more CAs, whatever those say.
            good: || chain(&[limited(2), ca(2), ca(3)], &leaf(3)),
            bad: || chain(&[limited(2), ca(2), ca(3), ca(4)], &leaf(4)),
            why: Length,
        },
        Clause {
            clause: "6.1.4 (m)",
            pkits: "4.6.11, 4.6.12",
            rule: "a lower CA lowers the limit, and never raises it",
            good: || chain(&[limited(3), narrowed(1), ca(3)], &leaf(3)),
            bad: || chain(&[limited(1), narrowed(6), ca(3)], &leaf(3)),
            why: Length,
        },
        Clause {
            clause: "6.1.4 (l)",
            pkits: "4.6.15 to 4.6.17",
            rule: "self-issued certificates are not counted",
            // Bad: another CA follows the self-issued one, and is counted.
            good: || rolled(limited(0), leaf(1)),
            bad: || {
                let mut case = rolled(limited(0), leaf(1)).beside(&ca(2), 3, 2);
                case.leaf = leaf(2).issue(&key(90), &key(3));
                case
            },
            why: Length,
        },
        Clause {
            clause: "6.1 (caller)",
            pkits: "4.6",
            rule: "the caller's depth counts like a path length",
            // Self-issued certificates are free here too.
            good: || Case {
                depth: Some(1),
                ..rolled(ca(1), leaf(1))
            },
            bad: || Case {
                depth: Some(1),
                ..chain(&[ca(1), ca(2)], &leaf(2))
            },
            why: Length,
        },
        Clause {
            clause: "6.1.4 (n)",
            pkits: "4.7.1",
            rule: "keyCertSign, where critical",
            good: || usage(0x04, 2, true),
            bad: || usage(0x02, 1, true),
            why: NotACa,
        },
        Clause {
            clause: "6.1.4 (n)",
            pkits: "4.7.2, 4.7.3",
            rule: "keyCertSign, where not critical",
            good: || usage(0x04, 2, false),
            bad: || usage(0x80, 7, false),
            why: NotACa,
        },
        Clause {
            clause: "4.2.1.3",
            pkits: "4.7.3",
            rule: "without keyUsage every use is allowed",
            // Bad: an extension that is present and has no bit set, which 4.2.1.3 forbids.
            good: || chain(&[bare(1).with(basic_constraints(None))], &leaf(1)),
            bad: || usage(0x00, 7, true),
            why: Malformed,
        },
        Clause {
            clause: "6.1.5 (f)",
            pkits: "4.16.1, 4.16.2",
            rule: "an unknown extension of the end-entity",
            good: || chain(&[ca(1)], &leaf(1).with(unknown(false))),
            bad: || chain(&[ca(1)], &leaf(1).with(unknown(true))),
            why: Critical,
        },
        Clause {
            clause: "6.1.4 (o)",
            pkits: "4.16.1, 4.16.2",
            rule: "an unknown extension of a CA",
            good: || chain(&[ca(1).with(unknown(false))], &leaf(1)),
            bad: || chain(&[ca(1).with(unknown(true))], &leaf(1)),
            why: Critical,
        },
        Clause {
            clause: "4.2",
            pkits: "4.16",
            rule: "no extension stands twice",
            good: plain,
            bad: || chain(&[ca(1)], &leaf(1).with(unknown(false)).with(unknown(false))),
            why: Malformed,
        },
        Clause {
            clause: "4.2",
            pkits: "4.16",
            rule: "what is processed can be read",
            // An OCTET STRING where a SEQUENCE belongs. Not critical, and still refused: who
            // processes an extension must not skip it.
            good: || chain(&[ca(1)], &leaf(1).with(basic_constraints(None))),
            bad: || {
                chain(
                    &[ca(1)],
                    &leaf(1).with(extension("2.5.29.19", false, &[4, 0])),
                )
            },
            why: Malformed,
        },
    ]
}

fn narrowed(length: u8) -> Spec {
    bare(2)
        .with(basic_constraints(Some(length)))
        .with(key_usage(0x06, 1))
}
