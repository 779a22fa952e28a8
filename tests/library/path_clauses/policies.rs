//! Certificate policies (RFC 5280 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j),
//! 6.1.5 (a), (b), (g)), with the graph of RFC 9618.

use crate::path_clauses::case::{Case, Clause, Why, ca, chain, key, leaf, self_issued};
use crate::path_clauses::pki::policy::{
    ANY, ONE, THREE, TWO, constraints, inhibit_any, mappings, policies,
};
use crate::path_clauses::pki::{Spec, extension, oid, seq, tlv};

fn with(spec: Spec, extensions: &[Vec<u8>]) -> Spec {
    extensions
        .iter()
        .fold(spec, |spec, it| spec.with(it.clone()))
}

/// A chain of CAs, each with its extensions, and an end-entity.
fn of(cas: &[&[Vec<u8>]], last: &[Vec<u8>]) -> Case {
    let levels = cas.iter().zip(1_u8..);
    let cas: Vec<_> = levels.map(|(all, level)| with(ca(level), all)).collect();
    chain(&cas, &with(leaf(cas.len() as u8), last))
}

/// The same, but that the second certificate is ca1's own for another key, and
/// the third of ca2, below ca1.
fn turned(first: &[Vec<u8>], own: &[Vec<u8>], third: &[Vec<u8>], last: &[Vec<u8>]) -> Case {
    let mut case = chain(&[with(ca(1), first), with(self_issued(1), own)], &leaf(1));
    case.bag.push(with(ca(2), third).issue(&key(3), &key(2)));
    case.leaf = with(leaf(2), last).issue(&key(90), &key(3));
    case
}

fn one() -> Vec<u8> {
    policies(&[ONE])
}

fn two() -> Vec<u8> {
    policies(&[TWO])
}

fn any() -> Vec<u8> {
    policies(&[ANY])
}

fn maps(from: &str, to: &str) -> Vec<u8> {
    mappings(&[(from, to)])
}

/// A policy with a CPS pointer and a user notice of 300 characters.
fn qualified(policy: &str) -> Vec<u8> {
    let pointer = seq(&[&oid("1.3.6.1.5.5.7.2.1"), &tlv(0x16, b"http://cps.test/")]);
    let notice = seq(&[&oid("1.3.6.1.5.5.7.2.2"), &seq(&[&tlv(0x0c, &[b'x'; 300])])]);
    let information = seq(&[&oid(policy), &seq(&[&pointer, &notice])]);
    extension("2.5.29.32", false, &tlv(0x30, &information))
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::Policy as why;
    vec![
        Clause {
            clause: "6.1.5 (g)",
            pkits: "4.8.1",
            rule: "one policy along the whole path",
            good: || of(&[&[one()], &[one()]], &[one()]).explicit(&[ONE, TWO]),
            bad: || of(&[&[one()], &[one()]], &[one()]).explicit(&[TWO]),
            why,
        },
        Clause {
            clause: "6.1.3 (e), (f)",
            pkits: "4.8.2",
            rule: "no policies, where none is demanded",
            good: || of(&[&[]], &[]),
            bad: || of(&[&[]], &[]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.3 (e)",
            pkits: "4.8.3",
            rule: "a certificate without policies ends them all",
            good: || of(&[&[one()], &[]], &[one()]),
            bad: || of(&[&[one()], &[]], &[one()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.3 (d) (1)",
            pkits: "4.8.3 to 4.8.5",
            rule: "a policy continues the same one above",
            good: || of(&[&[policies(&[ONE, TWO])]], &[two()]).explicit(&[]),
            bad: || of(&[&[one()]], &[two()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.3 (d) (1)",
            pkits: "4.8.6 to 4.8.9",
            rule: "overlapping policies leave what all have",
            good: || {
                of(
                    &[&[policies(&[ONE, TWO])], &[policies(&[ONE, THREE])]],
                    &[one()],
                )
                .explicit(&[ONE])
            },
            bad: || {
                of(
                    &[&[policies(&[ONE, TWO])], &[policies(&[TWO, THREE])]],
                    &[policies(&[ONE, THREE])],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.5 (g) (iii)",
            pkits: "4.8.10, 4.8.13",
            rule: "one acceptable policy of several is enough",
            good: || {
                of(&[&[policies(&[ONE, TWO])]], &[policies(&[ONE, TWO])]).explicit(&[TWO, THREE])
            },
            bad: || of(&[&[policies(&[ONE, TWO])]], &[policies(&[ONE, TWO])]).explicit(&[THREE]),
            why,
        },
        Clause {
            clause: "6.1.3 (d) (2)",
            pkits: "4.8.11",
            rule: "anyPolicy stands for every policy",
            good: || of(&[&[any()], &[any()]], &[any()]).explicit(&[ONE]),
            bad: || of(&[&[any()], &[one()]], &[any()]).explicit(&[TWO]),
            why,
        },
        Clause {
            clause: "6.1.3 (d) (1) (ii)",
            pkits: "4.8.12, 4.8.14",
            rule: "what anyPolicy above stands for",
            good: || of(&[&[any()]], &[one()]).explicit(&[ONE]),
            bad: || of(&[&[any()]], &[one()]).explicit(&[TWO]),
            why,
        },
        Clause {
            clause: "4.2.1.4",
            pkits: "4.8.15 to 4.8.20",
            rule: "qualifiers change nothing",
            good: || of(&[&[qualified(ONE)]], &[qualified(ONE)]).explicit(&[ONE]),
            bad: || of(&[&[qualified(ONE)]], &[qualified(TWO)]).explicit(&[ONE]),
            why,
        },
        Clause {
            clause: "4.2.1.4",
            pkits: "4.8",
            rule: "no policy is listed twice",
            good: || of(&[&[one()]], &[one()]),
            bad: || of(&[&[one()]], &[policies(&[ONE, ONE])]),
            why: Why::Malformed,
        },
        Clause {
            clause: "6.1.4 (i) (1)",
            pkits: "4.9.1, 4.9.2",
            rule: "requireExplicitPolicy begins after so many certificates",
            good: || of(&[&[one(), constraints(Some(3), None)], &[]], &[]),
            bad: || of(&[&[one(), constraints(Some(1), None)], &[]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (h) (1)",
            pkits: "4.9.3, 4.9.4",
            rule: "requireExplicitPolicy of 0 holds at once",
            good: || of(&[&[one(), constraints(Some(0), None)], &[one()]], &[one()]),
            bad: || of(&[&[one(), constraints(Some(0), None)], &[one()]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (i) (1)",
            pkits: "4.9.5",
            rule: "a lower CA lowers requireExplicitPolicy, and never raises it",
            good: || {
                of(
                    &[&[constraints(Some(5), None)], &[constraints(Some(6), None)]],
                    &[],
                )
            },
            bad: || {
                of(
                    &[&[constraints(Some(5), None)], &[constraints(Some(0), None)]],
                    &[],
                )
            },
            why,
        },
        Clause {
            clause: "6.1.4 (h) (1)",
            pkits: "4.9.6 to 4.9.8",
            rule: "self-issued certificates do not count for requireExplicitPolicy",
            good: || turned(&[constraints(Some(3), None)], &[], &[], &[]),
            bad: || chain_of_two_counted(),
            why,
        },
        Clause {
            clause: "6.1.5 (b)",
            pkits: "4.9",
            rule: "requireExplicitPolicy of 0 in the end-entity",
            good: || of(&[&[one()]], &[one(), constraints(Some(0), None)]),
            bad: || of(&[&[one()]], &[two(), constraints(Some(0), None)]),
            why,
        },
        Clause {
            clause: "6.1.4 (a)",
            pkits: "4.10.7",
            rule: "anyPolicy is not mapped",
            good: || of(&[&[policies(&[ONE, ANY]), maps(ONE, TWO)]], &[]),
            bad: || of(&[&[policies(&[ONE, ANY]), maps(ANY, ONE)]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (a)",
            pkits: "4.10.8",
            rule: "nothing is mapped to anyPolicy",
            good: || of(&[&[policies(&[ONE, ANY]), maps(ONE, THREE)]], &[]),
            bad: || of(&[&[policies(&[ONE, ANY]), maps(ONE, ANY)]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (b) (1)",
            pkits: "4.10.1 to 4.10.3",
            rule: "a mapped policy continues as the other",
            good: || of(&[&[one(), maps(ONE, TWO)]], &[two()]).explicit(&[ONE]),
            bad: || of(&[&[one(), maps(ONE, TWO)]], &[one()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.5 (g)",
            pkits: "4.10.1, 4.10.4",
            rule: "what is acceptable is the policy of the upper domain",
            good: || of(&[&[one(), maps(ONE, TWO)]], &[two()]).explicit(&[ONE]),
            bad: || of(&[&[one(), maps(ONE, TWO)]], &[two()]).explicit(&[TWO]),
            why,
        },
        Clause {
            clause: "6.1.4 (b) (1)",
            pkits: "4.10.5, 4.10.6",
            rule: "one policy may be mapped to several",
            good: || {
                of(
                    &[&[one(), mappings(&[(ONE, TWO), (ONE, THREE)])]],
                    &[policies(&[THREE])],
                )
                .explicit(&[ONE])
            },
            bad: || {
                of(
                    &[&[one(), mappings(&[(TWO, ONE), (TWO, THREE)])]],
                    &[policies(&[THREE])],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.4 (b) (1)",
            pkits: "4.10.9 to 4.10.11",
            rule: "mappings follow one another",
            good: || {
                of(
                    &[&[one(), maps(ONE, TWO)], &[two(), maps(TWO, THREE)]],
                    &[policies(&[THREE])],
                )
                .explicit(&[ONE])
            },
            bad: || {
                of(
                    &[&[one(), maps(ONE, TWO)], &[two(), maps(ONE, THREE)]],
                    &[policies(&[THREE])],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.4 (b) (1)",
            pkits: "4.10.12 to 4.10.14",
            rule: "what only anyPolicy stands for is mapped too",
            good: || of(&[&[any(), maps(ONE, TWO)]], &[two()]).explicit(&[ONE]),
            bad: || of(&[&[any(), maps(ONE, TWO)]], &[two()]).explicit(&[THREE]),
            why,
        },
        Clause {
            clause: "6.1.4 (b) (2)",
            pkits: "4.11.1",
            rule: "inhibitPolicyMapping of 0 forbids mapping below",
            good: || {
                of(
                    &[
                        &[one(), constraints(None, Some(0))],
                        &[one(), maps(TWO, THREE)],
                    ],
                    &[one()],
                )
                .explicit(&[])
            },
            bad: || {
                of(
                    &[
                        &[one(), constraints(None, Some(0))],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.4 (h) (2), (i) (2)",
            pkits: "4.11.2 to 4.11.4",
            rule: "inhibitPolicyMapping begins after so many certificates",
            good: || {
                of(
                    &[
                        &[one(), constraints(None, Some(1))],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            bad: || {
                of(
                    &[
                        &[one(), constraints(None, Some(1))],
                        &[one()],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.4 (i) (2)",
            pkits: "4.11.5, 4.11.6",
            rule: "a lower CA lowers inhibitPolicyMapping, and never raises it",
            good: || {
                of(
                    &[
                        &[one(), constraints(None, Some(5))],
                        &[one(), constraints(None, Some(1))],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            bad: || {
                of(
                    &[
                        &[one(), constraints(None, Some(1))],
                        &[one(), constraints(None, Some(5))],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.4 (h) (2)",
            pkits: "4.11.7 to 4.11.11",
            rule: "self-issued certificates do not count for inhibitPolicyMapping",
            good: || {
                turned(
                    &[one(), constraints(None, Some(1))],
                    &[one()],
                    &[one(), maps(ONE, TWO)],
                    &[two()],
                )
                .explicit(&[])
            },
            bad: || {
                of(
                    &[
                        &[one(), constraints(None, Some(1))],
                        &[one()],
                        &[one(), maps(ONE, TWO)],
                    ],
                    &[two()],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.1 (e)",
            pkits: "4.11",
            rule: "initial-policy-mapping-inhibit",
            good: || of(&[&[one(), maps(ONE, TWO)]], &[two()]).explicit(&[]),
            bad: || {
                let mut case = of(&[&[one(), maps(ONE, TWO)]], &[two()]).explicit(&[]);
                case.inputs.inhibit_mapping = true;
                case
            },
            why,
        },
        Clause {
            clause: "6.1.3 (d) (2)",
            pkits: "4.12.1",
            rule: "inhibitAnyPolicy of 0 ends what anyPolicy stands for",
            good: || of(&[&[one(), inhibit_any(0)]], &[one()]).explicit(&[]),
            bad: || of(&[&[one(), inhibit_any(0)]], &[any()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.4 (h) (3), (j)",
            pkits: "4.12.2 to 4.12.4",
            rule: "inhibitAnyPolicy begins after so many certificates",
            good: || of(&[&[one(), inhibit_any(1)]], &[any()]).explicit(&[]),
            bad: || of(&[&[one(), inhibit_any(1)], &[any()]], &[any()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.4 (j)",
            pkits: "4.12.5, 4.12.6",
            rule: "a lower CA lowers inhibitAnyPolicy, and never raises it",
            good: || {
                of(
                    &[&[one(), inhibit_any(2)], &[one(), inhibit_any(5)]],
                    &[any()],
                )
                .explicit(&[])
            },
            bad: || {
                of(
                    &[&[one(), inhibit_any(5)], &[one(), inhibit_any(0)]],
                    &[any()],
                )
                .explicit(&[])
            },
            why,
        },
        Clause {
            clause: "6.1.3 (d) (2)",
            pkits: "4.12.7 to 4.12.10",
            rule: "in self-issued certificates above the last anyPolicy counts still",
            good: || turned(&[one(), inhibit_any(0)], &[any()], &[one()], &[one()]).explicit(&[]),
            bad: || turned(&[one(), inhibit_any(0)], &[one()], &[any()], &[one()]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.1 (g)",
            pkits: "4.12",
            rule: "initial-any-policy-inhibit",
            good: || of(&[&[any()]], &[any()]).explicit(&[]),
            bad: || {
                let mut case = of(&[&[any()]], &[any()]).explicit(&[]);
                case.inputs.inhibit_any = true;
                case
            },
            why,
        },
    ]
}

/// What the self-issued certificate does not count for, another one does.
fn chain_of_two_counted() -> Case {
    of(&[&[constraints(Some(3), None)], &[], &[]], &[])
}

/// What holds for the path is what RFC 9618 calls so.
#[test]
fn the_policies_that_hold() {
    type Row = (
        fn() -> Case,
        &'static [&'static str],
        &'static [&'static str],
    );
    let rows: &[Row] = &[
        (
            || of(&[&[policies(&[ONE, TWO])]], &[policies(&[ONE, TWO])]),
            &[ONE, TWO],
            &[ONE, TWO],
        ),
        (
            || of(&[&[policies(&[ONE, TWO])]], &[policies(&[ONE, TWO])]).accepting(&[TWO]),
            &[TWO],
            &[ONE, TWO],
        ),
        (
            || of(&[&[policies(&[ONE, TWO])]], &[policies(&[ONE, TWO])]).accepting(&[THREE]),
            &[],
            &[ONE, TWO],
        ),
        (|| of(&[&[any()]], &[any()]), &[ANY], &[ANY]),
        (
            || of(&[&[any()]], &[any()]).accepting(&[ONE]),
            &[ONE],
            &[ANY],
        ),
        (|| of(&[&[any()]], &[one()]), &[ONE], &[ONE]),
        (|| of(&[&[one(), maps(ONE, TWO)]], &[two()]), &[ONE], &[ONE]),
        (
            || of(&[&[any(), maps(ONE, TWO)]], &[two()]).accepting(&[ONE]),
            &[ONE],
            &[ONE],
        ),
        (|| of(&[&[one()]], &[]), &[], &[]),
    ];
    for (row, (case, user, authority)) in rows.iter().enumerate() {
        let found = case().judge();
        assert!(found.valid, "row {row}: {:?}", found.reasons);
        assert_eq!(
            (&*found.policies, &*found.authority_policies),
            (
                &*user.iter().map(ToString::to_string).collect::<Vec<_>>(),
                &*authority
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>(),
            ),
            "row {row}"
        );
    }
}
