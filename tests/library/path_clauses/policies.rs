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
        .fold(spec, |spec, extension| spec.with(extension.clone()))
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
            // 6.1.3 (e) makes the tree NULL, and (f) minds that only once explicit_policy has
            // reached 0.
            good: || of(&[&[]], &[]),
            bad: || of(&[&[]], &[]).explicit(&[]),
            why,
        },
        Clause {
            clause: "6.1.3 (e)",
            pkits: "4.8.3",
            rule: "a certificate without policies ends them all",
            // The end-entity asserts the policy again; a NULL tree has no node to hang it on.
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
            // Bad: each pair of neighbours has a policy in common, and no policy is in all three.
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
            // Bad: the second CA replaces anyPolicy by ONE, and anyPolicy below stands for no more
            // than that.
            good: || of(&[&[any()], &[any()]], &[any()]).explicit(&[ONE]),
            bad: || of(&[&[any()], &[one()]], &[any()]).explicit(&[TWO]),
            why,
        },
        Clause {
            clause: "6.1.3 (d) (1) (ii)",
            pkits: "4.8.12, 4.8.14",
            rule: "what anyPolicy above stands for",
            // The end-entity's own policy becomes a child of the anyPolicy node.
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
            // A rule about the extension's form, so that it holds although no policy is demanded.
            good: || of(&[&[one()]], &[one()]),
            bad: || of(&[&[one()]], &[policies(&[ONE, ONE])]),
            why: Why::Malformed,
        },
        Clause {
            clause: "6.1.4 (i) (1)",
            pkits: "4.9.1, 4.9.2",
            rule: "requireExplicitPolicy begins after so many certificates",
            // No certificate below ca1 has policies. Counted down by ca2 and in 6.1.5 (a) by the
            // end-entity, 3 is still 1 at the end, and 1 is 0.
            good: || of(&[&[one(), constraints(Some(3), None)], &[]], &[]),
            bad: || of(&[&[one(), constraints(Some(1), None)], &[]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (h) (1)",
            pkits: "4.9.3, 4.9.4",
            rule: "requireExplicitPolicy of 0 holds at once",
            // "At once" is for the certificates below: the value takes effect in 6.1.4 (i), after
            // ca1 itself was processed.
            good: || of(&[&[one(), constraints(Some(0), None)], &[one()]], &[one()]),
            bad: || of(&[&[one(), constraints(Some(0), None)], &[one()]], &[]),
            why,
        },
        Clause {
            clause: "6.1.4 (i) (1)",
            pkits: "4.9.5",
            rule: "a lower CA lowers requireExplicitPolicy, and never raises it",
            // 6.1.4 (i) takes the value only if it is less than the counter: 6 after 5 leaves 4.
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
            // Both chains have three CA certificates; of the first one is ca1's own for another
            // key.
            good: || turned(&[constraints(Some(3), None)], &[], &[], &[]),
            bad: || chain_of_two_counted(),
            why,
        },
        Clause {
            clause: "6.1.5 (b)",
            pkits: "4.9",
            rule: "requireExplicitPolicy of 0 in the end-entity",
            // The only value that 6.1.5 (b) looks at: there is no certificate below for which a
            // larger one could begin.
            good: || of(&[&[one()]], &[one(), constraints(Some(0), None)]),
            bad: || of(&[&[one()]], &[two(), constraints(Some(0), None)]),
            why,
        },
        Clause {
            clause: "6.1.4 (a)",
            pkits: "4.10.7",
            rule: "anyPolicy is not mapped",
            // Mapping anyPolicy would turn every policy of the upper domain into one of the lower.
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
            // The caller of 6.1.1 (c) speaks the anchor's language: TWO exists only below ca1.
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
            // Bad: the second CA maps ONE, which was replaced by TWO one level above.
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
            // 6.1.4 (b) (1), second paragraph: a node for ONE is made below anyPolicy, and then
            // mapped.
            good: || of(&[&[any(), maps(ONE, TWO)]], &[two()]).explicit(&[ONE]),
            bad: || of(&[&[any(), maps(ONE, TWO)]], &[two()]).explicit(&[THREE]),
            why,
        },
        Clause {
            clause: "6.1.4 (b) (2)",
            pkits: "4.11.1",
            rule: "inhibitPolicyMapping of 0 forbids mapping below",
            // Good: a forbidden mapping of a policy that no node has deletes nothing.
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
            // 1 allows the mapping by the next CA, and not by the one after it.
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
            // The third CA maps: 5 and then 1 leave it 1, and 1 counted down by ca2 is 0, which 5
            // does not raise.
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
            // The same place in the chain: the good one is ca1's own certificate, the bad one
            // another CA's.
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
            // 1 lets the next certificate assert anyPolicy, here the end-entity, and not the one
            // after it.
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
            // 6.1.3 (d) (2): a CA that changes its key would otherwise be bound by what it said
            // about the CAs below.
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
