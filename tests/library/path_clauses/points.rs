//! Distribution points, scopes, reasons, indirect lists (RFC 5280 4.2.1.13,
//! 5.2.5, 6.3.3 (b), (d)).

use crate::path_clauses::case::{Case, Clause, LEAF, Why, ca, chain, leaf, list};
use crate::path_clauses::names::dn;
use crate::path_clauses::pki::crl::{distribution, entry_issuer, full_name, point, reason};
use crate::path_clauses::pki::{List, Spec, key_usage, name, oid, seq, tlv};

const CN: &str = "2.5.4.3";

/// The field `distributionPoint` with one directory name.
fn full(name: &[u8]) -> Vec<u8> {
    tlv(0xa0, &tlv(0xa0, &tlv(0xa4, name)))
}

/// The same with a name relative to the issuer of the list.
fn relative(text: &str) -> Vec<u8> {
    tlv(
        0xa0,
        &tlv(0xa1, &seq(&[&oid(CN), &tlv(0x0c, text.as_bytes())])),
    )
}

fn below(issuer: &str, text: &str) -> Vec<u8> {
    dn(&[(CN, 0x0c, issuer.as_bytes()), (CN, 0x0c, text.as_bytes())])
}

/// The field cRLIssuer.
fn issued_by(issuer: &str) -> Vec<u8> {
    tlv(0xa2, &tlv(0xa4, &name(issuer)))
}

fn reasons(bits: &[u8], tag: u8) -> Vec<u8> {
    tlv(tag, bits)
}

/// keyCompromise and cACompromise; every other reason.
const STOLEN: &[u8] = &[5, 0x60];
const OTHERS: &[u8] = &[7, 0x1f, 0x80];

/// An end-entity with such points, and lists of its CA with such scopes.
fn of(points: &[&[Vec<u8>]], lists: &[(&[Vec<u8>], &[(u8, u8)])]) -> Case {
    let points: Vec<u8> = points
        .iter()
        .flat_map(|fields| tlv(0x30, &fields.concat()))
        .collect();
    let last = match points.as_slice() {
        [] => leaf(1),
        some => leaf(1).with(crate::path_clauses::pki::extension(
            "2.5.29.31",
            false,
            &tlv(0x30, some),
        )),
    };
    with(&last, lists)
}

fn with(last: &Spec, lists: &[(&[Vec<u8>], &[(u8, u8)])]) -> Case {
    let made = lists.iter().map(|(scope, entries)| {
        let empty = match scope {
            [] => list(1),
            scope => list(1).with(point(scope)),
        };
        let add = |list: List, (serial, code): &(u8, u8)| list.revoke(*serial, &[reason(*code)]);
        (entries.iter().fold(empty, add), 1)
    });
    let made: Vec<_> = made.collect();
    chain(&[ca(1)], last).lists(&[(list(0), 0)]).lists(&made)
}

fn flag(number: u8) -> Vec<u8> {
    vec![0x80 | number, 1, 0xff]
}

const URL: &str = "http://x/1";

fn url() -> Vec<u8> {
    full_name(URL)
}

/// The end-entity's list is `lists`', whose certificate the root issued, or ca1.
fn indirect(
    points: &[Vec<u8>],
    scope: &[Vec<u8>],
    entries: &[(u8, Option<&str>)],
    below_ca: bool,
) -> Case {
    let last = leaf(1).with(distribution(points));
    let (above, issuer) = if below_ca { ("ca1", 1) } else { ("root", 0) };
    let mut signer = Spec::new("lists", above).with(key_usage(0x02, 1)).serial(8);
    if below_ca {
        signer = signer.with(distribution(points));
    }
    let add = |list: List, (serial, issuer): &(u8, Option<&str>)| {
        let issuer = issuer.map(|issuer| entry_issuer(&name(issuer)));
        list.revoke(*serial, issuer.as_slice())
    };
    let own = entries
        .iter()
        .fold(List::new("lists", 1).with(point(scope)), add);
    chain(&[ca(1)], &last)
        .beside(&signer, 8, issuer)
        .lists(&[(list(0), 0), (own, 8)])
}

fn plain_indirect(entries: &[(u8, Option<&str>)]) -> Case {
    indirect(
        &[url(), issued_by("lists")],
        &[url(), flag(4)],
        entries,
        false,
    )
}

/// The CA's own list, which is an indirect one.
fn own_indirect(entries: &[(u8, Option<&str>)]) -> Case {
    let add = |list: List, (serial, issuer): &(u8, Option<&str>)| {
        let issuer = issuer.map(|issuer| entry_issuer(&name(issuer)));
        list.revoke(*serial, issuer.as_slice())
    };
    let own = entries.iter().fold(list(1).with(point(&[flag(4)])), add);
    chain(&[ca(1)], &leaf(1)).lists(&[(list(0), 0), (own, 1)])
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::*;
    vec![
        Clause {
            clause: "6.3.3 (b) (2) (i)",
            pkits: "4.14.1 to 4.14.3",
            rule: "a full name that both have",
            // The names are compared as names are (7.1): `p` and `P` are one.
            good: || {
                of(
                    &[&[full(&below("ca1", "p"))]],
                    &[(&[full(&below("ca1", "P"))], &[])],
                )
            },
            bad: || {
                of(
                    &[&[full(&below("ca1", "p"))]],
                    &[(&[full(&below("ca1", "q"))], &[])],
                )
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (j)",
            pkits: "4.14.2",
            rule: "revoked by the list of its point",
            good: || of(&[&[url()]], &[(&[url()], &[(LEAF + 1, 1)])]),
            bad: || of(&[&[url()]], &[(&[url()], &[(LEAF, 1)])]),
            why: Revoked,
        },
        Clause {
            clause: "4.2.1.13",
            pkits: "4.14.4, 4.14.6",
            rule: "a name relative to the issuer, in the certificate",
            // 5.2.5 and 4.2.1.13: the RDN is put behind the name of the list's issuer.
            good: || of(&[&[relative("p")]], &[(&[full(&below("ca1", "p"))], &[])]),
            bad: || of(&[&[relative("p")]], &[(&[full(&below("ca2", "p"))], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "5.2.5",
            pkits: "4.14.5, 4.14.7 to 4.14.9",
            rule: "a name relative to the issuer, in the list",
            good: || of(&[&[full(&below("ca1", "p"))]], &[(&[relative("p")], &[])]),
            bad: || of(&[&[full(&below("ca1", "p"))]], &[(&[relative("q")], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (2) (i)",
            pkits: "4.14.10",
            rule: "a list without a scope is of every point",
            // A complete list covers the points as well; a verifier that insists on the point's
            // name would miss the entry.
            good: || of(&[&[url()]], &[(&[], &[])]),
            bad: || of(&[&[url()]], &[(&[], &[(LEAF, 1)])]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (b) (2) (iii)",
            pkits: "4.14.11",
            rule: "onlyContainsUserCerts",
            good: || of(&[], &[(&[flag(1)], &[])]),
            bad: || with(&ca(2), &[(&[flag(1)], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (2) (iv)",
            pkits: "4.14.12, 4.14.13",
            rule: "onlyContainsCACerts",
            good: || with(&ca(2), &[(&[flag(2)], &[])]),
            bad: || of(&[], &[(&[flag(2)], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (2) (v)",
            pkits: "4.14.14",
            rule: "onlyContainsAttributeCerts",
            // Such a list says nothing about any public-key certificate; a second list does.
            good: || of(&[], &[(&[flag(5)], &[]), (&[], &[])]),
            bad: || of(&[], &[(&[flag(5)], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (d), (e)",
            pkits: "4.14.15, 4.14.18",
            rule: "lists of some reasons, which together are all",
            // 6.3.3 (l): until all reasons are covered the status is not "good".
            good: || {
                of(
                    &[],
                    &[
                        (&[reasons(STOLEN, 0x83)], &[]),
                        (&[reasons(OTHERS, 0x83)], &[]),
                    ],
                )
            },
            bad: || {
                of(
                    &[],
                    &[
                        (&[reasons(STOLEN, 0x83)], &[]),
                        (&[reasons(OTHERS, 0x83)], &[(LEAF, 6)]),
                    ],
                )
            },
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (l)",
            pkits: "4.14.17",
            rule: "lists of some reasons, of which one is missing",
            good: || {
                of(
                    &[],
                    &[
                        (&[reasons(STOLEN, 0x83)], &[]),
                        (&[reasons(OTHERS, 0x83)], &[(LEAF + 1, 4)]),
                    ],
                )
            },
            bad: || of(&[], &[(&[reasons(STOLEN, 0x83)], &[])]),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (d) (1)",
            pkits: "4.14.19 to 4.14.21",
            rule: "points of some reasons, each with its list",
            // Bad: both points are for the same reasons, so that the second list covers nothing
            // that is asked.
            good: || {
                of(
                    &[
                        &[full_name("http://x/1"), reasons(STOLEN, 0x81)],
                        &[full_name("http://x/2"), reasons(OTHERS, 0x81)],
                    ],
                    &[
                        (&[full_name("http://x/1"), reasons(STOLEN, 0x83)], &[]),
                        (&[full_name("http://x/2"), reasons(OTHERS, 0x83)], &[]),
                    ],
                )
            },
            bad: || {
                of(
                    &[
                        &[full_name("http://x/1"), reasons(STOLEN, 0x81)],
                        &[full_name("http://x/2"), reasons(STOLEN, 0x81)],
                    ],
                    &[
                        (&[full_name("http://x/1"), reasons(STOLEN, 0x83)], &[]),
                        (&[full_name("http://x/2"), reasons(OTHERS, 0x83)], &[]),
                    ],
                )
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "5.2.5 indirectCRL",
            pkits: "4.14.22, 4.14.23",
            rule: "the CA's own list may be indirect",
            good: || own_indirect(&[(LEAF + 1, None)]),
            bad: || own_indirect(&[(LEAF, None)]),
            why: Revoked,
        },
        Clause {
            clause: "5.3.3",
            pkits: "4.14.25",
            rule: "entries of another issuer are not the CA's own",
            // A serial number alone does not name a certificate: `ca2` has one of the same number.
            good: || own_indirect(&[(LEAF, Some("ca2"))]),
            bad: || own_indirect(&[(LEAF, Some("ca1"))]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (b) (1)",
            pkits: "4.14.24, 4.14.28",
            rule: "cRLIssuer names who signs the list",
            // Without certificateIssuer the entry is of the list's own issuer, which did not issue
            // the end-entity.
            good: || plain_indirect(&[(LEAF, None)]),
            bad: || plain_indirect(&[(LEAF, Some("ca1"))]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (b) (1)",
            pkits: "4.14.27",
            rule: "the list is of the cRLIssuer",
            good: || plain_indirect(&[]),
            bad: || indirect(&[url(), issued_by("others")], &[url(), flag(4)], &[], false),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (1)",
            pkits: "4.14.26",
            rule: "a list of another issuer says that it is indirect",
            // Otherwise any CA below the anchor could revoke, or keep valid, what others issued.
            good: || plain_indirect(&[]),
            bad: || indirect(&[url(), issued_by("lists")], &[url()], &[], false),
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (b) (2) (ii)",
            pkits: "4.14.26",
            rule: "without a name of its own the point's is the cRLIssuer's",
            good: || {
                indirect(
                    &[issued_by("lists")],
                    &[full(&name("lists")), flag(4)],
                    &[],
                    false,
                )
            },
            bad: || {
                indirect(
                    &[issued_by("lists")],
                    &[full(&name("list")), flag(4)],
                    &[],
                    false,
                )
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "4.2.1.13",
            pkits: "4.14.29",
            rule: "a name relative to the cRLIssuer",
            good: || {
                indirect(
                    &[relative("p"), issued_by("lists")],
                    &[full(&below("lists", "p")), flag(4)],
                    &[],
                    false,
                )
            },
            bad: || {
                indirect(
                    &[relative("p"), issued_by("lists")],
                    &[full(&below("ca1", "p")), flag(4)],
                    &[],
                    false,
                )
            },
            why: StatusUnknown,
        },
        Clause {
            clause: "6.3.3 (f)",
            pkits: "4.14.30",
            rule: "a list that covers its own signer's certificate",
            good: || {
                indirect(
                    &[url(), issued_by("lists")],
                    &[url(), flag(4)],
                    &[(9, Some("ca1"))],
                    true,
                )
            },
            bad: || {
                indirect(
                    &[url(), issued_by("lists")],
                    &[url(), flag(4)],
                    &[(LEAF, Some("ca1"))],
                    true,
                )
            },
            why: Revoked,
        },
        Clause {
            clause: "5.3.3",
            pkits: "4.14.31 to 4.14.33",
            rule: "certificateIssuer holds for the entries behind it",
            // 5.3.3: until the next one. The last entry has none, and is of whom the second names.
            good: || plain_indirect(&[(1, Some("ca1")), (2, Some("ca2")), (LEAF, None)]),
            bad: || plain_indirect(&[(1, Some("ca2")), (2, Some("ca1")), (LEAF, None)]),
            why: Revoked,
        },
        Clause {
            clause: "6.3.3 (b) (2) (i)",
            pkits: "4.14.34, 4.14.35",
            rule: "one of several names of the list's point",
            good: || of(&[&[full_name("http://x/2")]], &[(&[several()], &[])]),
            bad: || of(&[&[full_name("http://x/4")]], &[(&[several()], &[])]),
            why: StatusUnknown,
        },
    ]
}

fn several() -> Vec<u8> {
    let names = ["http://x/1", "http://x/2", "http://x/3"];
    let names: Vec<u8> = names
        .iter()
        .flat_map(|url| tlv(0x86, url.as_bytes()))
        .collect();
    tlv(0xa0, &tlv(0xa0, &names))
}
