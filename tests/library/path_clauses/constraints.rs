//! Name constraints (RFC 5280 4.2.1.10, 6.1.3 (b), (c), 6.1.4 (g)).

use crate::path_clauses::case::{Case, Clause, Why, ca, chain, key, leaf, self_issued};
use crate::path_clauses::names::dn;
use crate::path_clauses::pki::{Spec, extension, name_constraints, oid, seq, tlv};

const EMAIL: &str = "1.2.840.113549.1.9.1";

fn dns(text: &str) -> Vec<u8> {
    tlv(0x82, text.as_bytes())
}

fn mail(text: &str) -> Vec<u8> {
    tlv(0x81, text.as_bytes())
}

fn uri(text: &str) -> Vec<u8> {
    tlv(0x86, text.as_bytes())
}

fn ip(bytes: &[u8]) -> Vec<u8> {
    tlv(0x87, bytes)
}

fn directory(name: &[u8]) -> Vec<u8> {
    tlv(0xa4, name)
}

fn other(text: &str) -> Vec<u8> {
    tlv(
        0xa0,
        &[
            oid("1.3.6.1.4.1.99999.8"),
            tlv(0xa0, &tlv(0x0c, text.as_bytes())),
        ]
        .concat(),
    )
}

fn alternative(names: &[Vec<u8>]) -> Vec<u8> {
    extension("2.5.29.17", false, &tlv(0x30, &names.concat()))
}

/// An end-entity with a subject and these names, or without any.
fn named(subject: &[u8], names: &[Vec<u8>]) -> Spec {
    let mut spec = Spec::new("x", "ca1").serial(100);
    spec.subject = subject.to_vec();
    match names {
        [] => spec,
        names => spec.with(alternative(names)),
    }
}

fn unit(text: &str) -> Vec<u8> {
    dn(&[
        ("2.5.4.10", 0x13, b"Test"),
        ("2.5.4.11", 0x13, text.as_bytes()),
    ])
}

fn within(text: &str, common: &str) -> Vec<u8> {
    dn(&[
        ("2.5.4.10", 0x0c, b"TEST"),
        ("2.5.4.11", 0x0c, text.as_bytes()),
        ("2.5.4.3", 0x0c, common.as_bytes()),
    ])
}

fn only(permitted: &[Vec<u8>], excluded: &[Vec<u8>], names: &[Vec<u8>]) -> Case {
    let nobody = tlv(0x30, &[]);
    chain(
        &[ca(1).with(name_constraints(permitted, excluded))],
        &named(&nobody, names),
    )
}

fn subject_only(permitted: &[Vec<u8>], excluded: &[Vec<u8>], subject: &[u8]) -> Case {
    chain(
        &[ca(1).with(name_constraints(permitted, excluded))],
        &named(subject, &[]),
    )
}

/// ca1 is constrained; below it stands a certificate that it issued itself,
/// with a name that is not permitted, and below that the end-entity.
fn below_self_issued(last_is_self_issued: bool) -> Case {
    let permitted = name_constraints(&[directory(&unit("good"))], &[]);
    let mut case = chain(&[ca(1).with(permitted), self_issued(1)], &leaf(1));
    let mut last = named(&within("good", "x"), &[]);
    if last_is_self_issued {
        last.subject.clone_from(&last.issuer);
    }
    case.leaf = last.issue(&key(90), &key(2));
    case
}

fn bounded(minimum: u8) -> Case {
    let tree = [dns("example.com"), vec![0x80, 1, minimum]].concat();
    let constraints = extension("2.5.29.30", true, &seq(&[&tlv(0xa0, &tlv(0x30, &tree))]));
    chain(&[ca(1).with(constraints)], &leaf(1))
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::Constraints as why;
    vec![
        Clause {
            clause: "6.1.3 (b)",
            pkits: "4.13.1 to 4.13.4",
            rule: "a subject in a permitted subtree",
            good: || subject_only(&[directory(&unit("good"))], &[], &within("good", "x")),
            bad: || subject_only(&[directory(&unit("good"))], &[], &within("bad", "x")),
            why,
        },
        Clause {
            clause: "6.1.3 (b)",
            pkits: "4.13.5, 4.13.6",
            rule: "one of several permitted subtrees is enough",
            // Within one certificate the subtrees of one form are a union; an intersection comes
            // from the next CA alone.
            good: || {
                subject_only(
                    &[directory(&unit("a")), directory(&unit("b"))],
                    &[],
                    &within("b", "x"),
                )
            },
            bad: || {
                subject_only(
                    &[directory(&unit("a")), directory(&unit("b"))],
                    &[],
                    &within("c", "x"),
                )
            },
            why,
        },
        Clause {
            clause: "6.1.3 (c)",
            pkits: "4.13.7 to 4.13.9",
            rule: "a subject outside of excluded subtrees",
            good: || subject_only(&[], &[directory(&unit("bad"))], &within("good", "x")),
            bad: || subject_only(&[], &[directory(&unit("bad"))], &within("bad", "x")),
            why,
        },
        Clause {
            clause: "6.1.3 (b)",
            pkits: "4.13.10",
            rule: "every directoryName of subjectAltName, not the subject alone",
            // 6.1.3 (b) asks for both. A verifier that looks at the subject alone lets the other
            // name through.
            good: || {
                chain(
                    &[ca(1).with(name_constraints(&[directory(&unit("good"))], &[]))],
                    &named(&within("good", "x"), &[directory(&within("good", "y"))]),
                )
            },
            bad: || {
                chain(
                    &[ca(1).with(name_constraints(&[directory(&unit("good"))], &[]))],
                    &named(&within("good", "x"), &[directory(&within("bad", "y"))]),
                )
            },
            why,
        },
        Clause {
            clause: "6.1.4 (g) (1)",
            pkits: "4.13.11 to 4.13.13",
            rule: "permitted subtrees of two CAs are intersected",
            // The second CA narrows what the first one permits to one person's name.
            good: || two_cas(&[directory(&unit("good"))], &[], &within("good", "x")),
            bad: || {
                two_cas(
                    &[directory(&within("good", "y"))],
                    &[],
                    &within("good", "x"),
                )
            },
            why,
        },
        Clause {
            clause: "6.1.4 (g) (2)",
            pkits: "4.13.14 to 4.13.17",
            rule: "excluded subtrees of two CAs are united",
            // Inside of what the first CA permits the second one excludes a part.
            good: || {
                two_cas(
                    &[],
                    &[directory(&within("good", "y"))],
                    &within("good", "x"),
                )
            },
            bad: || {
                two_cas(
                    &[],
                    &[directory(&within("good", "x"))],
                    &within("good", "x"),
                )
            },
            why,
        },
        Clause {
            clause: "6.1.3 (b), (c)",
            pkits: "4.13.18 to 4.13.20",
            rule: "self-issued certificates are exempt, but for the last",
            // A CA that changes its key must not be caught by its own constraints; an end-entity
            // with its issuer's name has no such excuse.
            good: || below_self_issued(false),
            bad: || below_self_issued(true),
            why,
        },
        Clause {
            clause: "4.2.1.10",
            pkits: "4.13",
            rule: "an empty subject is no name",
            // An empty sequence is in no subtree: without the exception every certificate with
            // names in subjectAltName alone would be refused.
            good: || only(&[directory(&unit("good"))], &[], &[dns("a.test")]),
            bad: || {
                only(
                    &[directory(&unit("good"))],
                    &[],
                    &[directory(&within("bad", "x"))],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10 rfc822Name",
            pkits: "4.13.21, 4.13.22",
            rule: "with a period: all hosts below a domain",
            // And not the domain itself, unlike with dNSName.
            good: || only(&[mail(".test.gov")], &[], &[mail("x@mail.test.gov")]),
            bad: || only(&[mail(".test.gov")], &[], &[mail("x@test.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 rfc822Name",
            pkits: "4.13.23, 4.13.24",
            rule: "a host: all its mailboxes",
            // The host is compared without case, and hosts below it are others.
            good: || only(&[mail("test.gov")], &[], &[mail("x@TEST.gov")]),
            bad: || only(&[mail("test.gov")], &[], &[mail("x@mail.test.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 rfc822Name",
            pkits: "4.13.25, 4.13.26",
            rule: "excluded",
            good: || only(&[], &[mail("test.gov")], &[mail("x@mail.test.gov")]),
            bad: || only(&[], &[mail("test.gov")], &[mail("x@test.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 rfc822Name",
            pkits: "4.13.23",
            rule: "one mailbox, its local part with case",
            // 7.5: the local part is compared exactly, the host without case.
            good: || only(&[mail("x@test.gov")], &[], &[mail("x@test.GOV")]),
            bad: || only(&[mail("x@test.gov")], &[], &[mail("X@test.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10",
            pkits: "4.13.27 to 4.13.29",
            rule: "without subjectAltName, emailAddress of the subject",
            // Where addresses were before 1999; constraints would otherwise be evaded by leaving
            // the extension out.
            good: || {
                subject_only(
                    &[mail("test.gov")],
                    &[],
                    &dn(&[(EMAIL, 0x16, b"x@test.gov")]),
                )
            },
            bad: || {
                subject_only(
                    &[mail("test.gov")],
                    &[],
                    &dn(&[(EMAIL, 0x16, b"x@other.gov")]),
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10 dNSName",
            pkits: "4.13.30, 4.13.31",
            rule: "permitted: the host and all below",
            // Every name must be permitted: one that is does not vouch for the other.
            good: || {
                only(
                    &[dns("test.gov")],
                    &[],
                    &[dns("a.Test.gov"), dns("test.gov")],
                )
            },
            bad: || {
                only(
                    &[dns("test.gov")],
                    &[],
                    &[dns("test.gov"), dns("other.gov")],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10 dNSName",
            pkits: "4.13.32, 4.13.33",
            rule: "excluded: the host and all below",
            good: || only(&[], &[dns("test.gov")], &[dns("other.gov")]),
            bad: || only(&[], &[dns("test.gov")], &[dns("a.b.test.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 dNSName",
            pkits: "4.13.38",
            rule: "whole labels",
            // Adding labels to the left makes `my.test.gov` of `test.gov`; adding letters does not.
            good: || only(&[dns("test.gov")], &[], &[dns("my.test.gov")]),
            bad: || only(&[dns("test.gov")], &[], &[dns("mytest.gov")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 URI",
            pkits: "4.13.34, 4.13.35",
            rule: "with a period: all hosts below",
            // The period is required for hosts below; a constraint without it is one host.
            good: || {
                only(
                    &[uri(".test.gov")],
                    &[],
                    &[uri("http://a.test.gov/index.html")],
                )
            },
            bad: || {
                only(
                    &[uri(".test.gov")],
                    &[],
                    &[uri("http://test.gov/index.html")],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10 URI",
            pkits: "4.13.36, 4.13.37",
            rule: "a host alone, whatever the scheme and port",
            good: || {
                only(
                    &[],
                    &[uri("test.gov")],
                    &[uri("http://a.test.gov/index.html")],
                )
            },
            bad: || only(&[], &[uri("test.gov")], &[uri("ftp://test.gov:21/test37/")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 URI",
            pkits: "4.13.37",
            rule: "a URI without a host name is refused",
            // 4.2.1.10: with an address in the place of the host, the certificate must be rejected.
            good: || only(&[uri("test.gov")], &[], &[uri("https://user@test.gov/?x")]),
            bad: || only(&[uri("test.gov")], &[], &[uri("https://192.0.2.1/")]),
            why,
        },
        Clause {
            clause: "4.2.1.10 iPAddress",
            pkits: "4.13",
            rule: "permitted networks, of 4 and of 16 bytes",
            // Address and mask, one behind the other: 8 bytes for IPv4.
            good: || {
                only(
                    &[ip(&[10, 1, 0, 0, 255, 255, 0, 0])],
                    &[],
                    &[ip(&[10, 1, 2, 3])],
                )
            },
            bad: || {
                only(
                    &[ip(&[10, 1, 0, 0, 255, 255, 0, 0])],
                    &[],
                    &[ip(&[10, 2, 2, 3])],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10 iPAddress",
            pkits: "4.13",
            rule: "excluded networks",
            // 2001::/16. An IPv6 network says nothing about an IPv4 address.
            good: || {
                only(
                    &[],
                    &[ip(&[
                        [0x20, 1].as_slice(),
                        &[0; 14],
                        &[0xff, 0xff],
                        &[0; 14],
                    ]
                    .concat())],
                    &[ip(&[10, 1, 2, 3])],
                )
            },
            bad: || {
                only(
                    &[],
                    &[ip(&[
                        [0x20, 1].as_slice(),
                        &[0; 14],
                        &[0xff, 0xff],
                        &[0; 14],
                    ]
                    .concat())],
                    &[ip(&[[0x20, 1].as_slice(), &[9; 14]].concat())],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10",
            pkits: "4.13",
            rule: "a form constrains its own names alone",
            // A constraint on host names says nothing about mailboxes; a host name beside the
            // mailbox has to be in it.
            good: || only(&[dns("test.gov")], &[], &[mail("x@other.gov")]),
            bad: || {
                only(
                    &[dns("test.gov")],
                    &[],
                    &[mail("x@test.gov"), dns("x.other.gov")],
                )
            },
            why,
        },
        Clause {
            clause: "4.2.1.10",
            pkits: "4.13",
            rule: "a form that is not compared refuses its names, and no others",
            // Either process the constraint or reject the certificate (4.2.1.10): ignoring it would
            // be a pass that is not true.
            good: || only(&[], &[other("a")], &[dns("a.test")]),
            bad: || only(&[], &[other("a")], &[other("b")]),
            why,
        },
        Clause {
            clause: "4.2.1.10",
            pkits: "4.13",
            rule: "minimum is 0",
            // 4.2.1.10 allows no other; a verifier that does not implement it must not guess.
            good: || bounded(0),
            bad: || bounded(1),
            why,
        },
    ]
}

fn two_cas(permitted: &[Vec<u8>], excluded: &[Vec<u8>], subject: &[u8]) -> Case {
    let first = ca(1).with(name_constraints(&[directory(&unit("good"))], &[]));
    let mut second = ca(2).with(name_constraints(permitted, excluded));
    second.subject = within("good", "ca");
    let mut last = named(subject, &[]);
    last.issuer = within("good", "ca");
    chain(&[first, second], &last)
}
