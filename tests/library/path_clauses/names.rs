//! Names that chain, and how they are compared (RFC 5280 7.1, RFC 4518).

use crate::path_clauses::case::{Case, Clause, Why, ca, chain, key, leaf};
use crate::path_clauses::pki::{oid, seq, tlv};

const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const BMP: u8 = 0x1e;
const IA5: u8 = 0x16;

/// A name of one attribute an RDN: its type, its string type, its text.
pub(crate) fn dn(attributes: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let rdn =
        |(kind, tag, text): &(&str, u8, &[u8])| tlv(0x31, &seq(&[&oid(kind), &tlv(*tag, text)]));
    tlv(0x30, &attributes.iter().flat_map(rdn).collect::<Vec<_>>())
}

const O: &str = "2.5.4.10";
const CN: &str = "2.5.4.3";

/// A CA by the first name, an end-entity that names its issuer by the second.
fn named(subject: &[u8], issuer: &[u8]) -> Case {
    let (mut above, mut below) = (ca(1), leaf(1));
    above.subject = subject.to_vec();
    below.issuer = issuer.to_vec();
    chain(&[above], &below)
}

/// The same for a commonName alone.
fn spelled(subject: (u8, &str), issuer: (u8, &str)) -> Case {
    let name = |(tag, text): (u8, &str)| {
        let bytes = match tag {
            BMP => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            TELETEX => text.chars().map(|c| c as u8).collect(),
            _ => text.as_bytes().to_vec(),
        };
        dn(&[(CN, tag, &bytes)])
    };
    named(&name(subject), &name(issuer))
}

fn printable(subject: &str, issuer: &str) -> Case {
    spelled((PRINTABLE, subject), (PRINTABLE, issuer))
}

fn with_ids(length: u8) -> Case {
    let mut below = leaf(1);
    below.unique_ids = [tlv(0x81, &[0, 1, length]), tlv(0x82, &[0, 2])].concat();
    chain(&[ca(1)], &below)
}

pub(crate) fn clauses() -> Vec<Clause> {
    use Why::*;
    vec![
        Clause {
            clause: "6.1.3 (a) (4)",
            pkits: "4.3.1",
            rule: "the issuer's name is the subject's above",
            good: || printable("CA", "CA"),
            bad: || printable("CA", "CB"),
            why: Chaining,
        },
        Clause {
            clause: "7.1",
            pkits: "4.3.2",
            rule: "the order of the RDNs counts",
            // A name is a sequence of sets: only within a set there is no order.
            good: || {
                let name = dn(&[(O, UTF8, b"a"), (CN, UTF8, b"b")]);
                named(&name, &name)
            },
            bad: || {
                named(
                    &dn(&[(O, UTF8, b"a"), (CN, UTF8, b"b")]),
                    &dn(&[(CN, UTF8, b"b"), (O, UTF8, b"a")]),
                )
            },
            why: Chaining,
        },
        Clause {
            clause: "7.1, RFC 4518 2.6.1",
            pkits: "4.3.3, 4.3.4",
            rule: "blanks do not count, but between words",
            // RFC 4518 2.6.1: leading and trailing blanks go, inner ones become one.
            good: || printable("Good CA", "  Good   CA "),
            bad: || printable("Good CA", "GoodCA"),
            why: Chaining,
        },
        Clause {
            clause: "7.1, RFC 4518 2.2",
            pkits: "4.3.5",
            rule: "case does not count",
            good: || printable("Good CA", "gOOD ca"),
            bad: || printable("Good CA", "Gooo CA"),
            why: Chaining,
        },
        Clause {
            clause: "4.1.2.8",
            pkits: "4.3.6",
            rule: "unique identifiers do not disturb",
            // They are obsolete (4.1.2.8) and have to be skipped, not compared.
            good: || with_ids(7),
            bad: || Case {
                bag: vec![],
                ..with_ids(7)
            },
            why: Chaining,
        },
        Clause {
            clause: "4.1.2.4",
            pkits: "4.3.7",
            rule: "mandatory attribute types, domainComponent among them",
            good: || {
                let dc = "0.9.2342.19200300.100.1.25";
                let all = [
                    ("2.5.4.6", PRINTABLE, &b"US"[..]),
                    (dc, IA5, b"gov"),
                    (O, PRINTABLE, b"T"),
                    ("2.5.4.11", PRINTABLE, b"x"),
                    ("2.5.4.46", PRINTABLE, b"CA"),
                    ("2.5.4.8", PRINTABLE, b"Md"),
                    (CN, UTF8, b"c"),
                    ("2.5.4.5", PRINTABLE, b"345"),
                ];
                named(&dn(&all), &dn(&all))
            },
            bad: || {
                let dc = "0.9.2342.19200300.100.1.25";
                named(
                    &dn(&[(dc, IA5, b"gov"), (CN, UTF8, b"c")]),
                    &dn(&[(dc, IA5, b"org"), (CN, UTF8, b"c")]),
                )
            },
            why: Chaining,
        },
        Clause {
            clause: "4.1.2.4",
            pkits: "4.3.8",
            rule: "optional attribute types",
            good: || {
                let all = [
                    ("2.5.4.7", UTF8, &b"Town"[..]),
                    ("2.5.4.12", UTF8, b"M.D."),
                    ("2.5.4.4", UTF8, b"CA"),
                    ("2.5.4.42", UTF8, b"John"),
                    ("2.5.4.43", UTF8, b"Q"),
                    ("2.5.4.65", UTF8, b"Fict"),
                    ("2.5.4.44", UTF8, b"III"),
                ];
                named(&dn(&all), &dn(&all))
            },
            bad: || {
                named(
                    &dn(&[("2.5.4.42", UTF8, b"a")]),
                    &dn(&[("2.5.4.43", UTF8, b"a")]),
                )
            },
            why: Chaining,
        },
        Clause {
            clause: "7.1",
            pkits: "4.3.9, 4.3.10",
            rule: "the string type does not count",
            good: || spelled((PRINTABLE, "Good CA"), (UTF8, "Good CA")),
            bad: || spelled((PRINTABLE, "Good CA"), (UTF8, "Good CB")),
            why: Chaining,
        },
        Clause {
            clause: "7.1",
            pkits: "4.3.11",
            rule: "UTF8Strings without case",
            good: || spelled((UTF8, "Prüfstelle Ä"), (UTF8, "PRÜFSTELLE ä")),
            bad: || spelled((UTF8, "Prüfstelle"), (UTF8, "Prufstelle")),
            why: Chaining,
        },
        Clause {
            clause: "RFC 4518 2.1",
            pkits: "4.3.9",
            rule: "TeletexString and BMPString are transcoded",
            // Teletex as Latin-1, which all implementations take it for.
            good: || spelled((TELETEX, "Prüfstelle"), (BMP, "Prüfstelle")),
            bad: || spelled((TELETEX, "Prüfstelle"), (BMP, "Prüfstelln")),
            why: Chaining,
        },
        Clause {
            clause: "RFC 4518 2.2",
            pkits: "4.3.11",
            rule: "what maps to nothing and what maps to a blank",
            // A soft hyphen and a zero-width space vanish, a no-break space is a blank.
            good: || spelled((UTF8, "Go\u{ad}od\u{a0}C\u{200b}A"), (UTF8, "Good CA")),
            bad: || spelled((UTF8, "Good\u{a0}CA"), (UTF8, "GoodCA")),
            why: Chaining,
        },
        Clause {
            clause: "RFC 4518 2.3",
            pkits: "4.3.11",
            rule: "NFKC: accents, ligatures, widths",
            good: || spelled((UTF8, "A\u{30a}ne ﬁne Ｘ"), (UTF8, "\u{c5}NE FINE x")),
            bad: || spelled((UTF8, "\u{c5}ne"), (UTF8, "Ane")),
            why: Chaining,
        },
        Clause {
            clause: "7.1",
            pkits: "4.3",
            rule: "the attributes of one RDN have no order",
            // DER sorts the elements of a SET; broken encoders do not.
            good: || {
                let (a, b) = (
                    seq(&[&oid(CN), &tlv(UTF8, b"b")]),
                    seq(&[&oid(O), &tlv(UTF8, b"a")]),
                );
                let of = |parts: [&[u8]; 2]| tlv(0x30, &tlv(0x31, &parts.concat()));
                named(&of([&a, &b]), &of([&b, &a]))
            },
            bad: || {
                let (a, b) = (
                    seq(&[&oid(CN), &tlv(UTF8, b"b")]),
                    seq(&[&oid(O), &tlv(UTF8, b"a")]),
                );
                named(
                    &tlv(0x30, &tlv(0x31, &[a.clone(), b.clone()].concat())),
                    &tlv(0x30, &[tlv(0x31, &a), tlv(0x31, &b)].concat()),
                )
            },
            why: Chaining,
        },
        Clause {
            clause: "6.1 (CVE-2024-0567)",
            pkits: "4.5",
            rule: "one name and two keys are two CAs",
            // Good: the wrong one comes first, and must not end the search.
            good: || {
                let mut case = chain(&[ca(1)], &leaf(1));
                case.bag.insert(0, ca(1).issue(&key(50), &key(0)));
                case
            },
            bad: || Case {
                bag: vec![ca(1).issue(&key(50), &key(0))],
                ..chain(&[ca(1)], &leaf(1))
            },
            why: Signature,
        },
    ]
}
