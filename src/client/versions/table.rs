//! The table of versions: for each rule, its value from each version on.
//!
//! If the exact version is not known, the boundary is on the side where the client refuses more, so
//! that the unmeasured versions in between give no false promise.

use super::{Axis, Program, Rule, Value};
use crate::handshake::releases as hello;

const OPENSSL: &[&str] = &["openssl", "openssl-partial-chain", "openssl-capath"];
const PYTHON: &[&str] = &["python", "python-partial-chain", "python-3.13"];

pub(in crate::client) static PROGRAMS: &[Program] = &[
    Program {
        clients: OPENSSL,
        title: "OpenSSL",
        oldest: "1.1.1",
        base: "3.0.19",
        measured: &["1.1.1w", "3.0.19", "3.5.9", "3.6.5", "4.0.3"],
    },
    Program {
        clients: &["python", "python-partial-chain"],
        title: "Python",
        oldest: "3.8",
        base: "3.11.7",
        measured: &[
            "3.8.18", "3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.5", "3.14.10",
        ],
    },
    Program {
        clients: &["python-3.13"],
        title: "Python",
        oldest: "3.13",
        base: "3.13.0",
        measured: &["3.13.5", "3.14.10"],
    },
    Program {
        clients: &["curl"],
        title: "curl",
        oldest: "7.61",
        base: "7.88.1",
        measured: &["7.74.0", "7.88.1", "8.14.1", "8.23.0"],
    },
    Program {
        clients: &["node"],
        title: "Node.js",
        oldest: "16",
        base: "20.20.2",
        measured: &[
            "16.20.2", "18.20.8", "20.20.2", "22.19.0", "22.20.0", "22.23.3", "24.4.0", "24.5.0",
            "24.21.0", "26.10.0",
        ],
    },
    Program {
        clients: &["libpq"],
        title: "libpq",
        oldest: "13",
        base: "15.18",
        measured: &["13.24", "15.18", "17.12", "18.6"],
    },
    Program {
        clients: &["gnutls"],
        title: "GnuTLS",
        oldest: "3.7.1",
        base: "3.7.9",
        measured: &["3.7.1", "3.7.9", "3.8.9", "3.8.13"],
    },
    Program {
        clients: &["go"],
        title: "Go",
        oldest: "1.19",
        base: "1.27.3",
        measured: &[
            "1.19.8", "1.21.13", "1.22.10", "1.23.9", "1.24.4", "1.24.11", "1.25.5", "1.26.6",
            "1.27.3",
        ],
    },
    Program {
        clients: &["java"],
        title: "OpenJDK",
        oldest: "8",
        base: "17.0.15",
        measured: &[
            "8u504", "11.0.24", "11.0.33", "17.0.15", "17.0.21", "21.0.8", "21.0.13", "25.0.5",
            "26.0.2",
        ],
    },
    Program {
        clients: &["nss"],
        title: "NSS",
        oldest: "3.61",
        base: "3.87.1",
        measured: &["3.61", "3.87.1", "3.110", "3.132"],
    },
    Program {
        clients: &["rustls", "rustls-ring"],
        title: "rustls",
        oldest: "0.23",
        base: "0.23.46",
        measured: &["0.23.46"],
    },
    Program {
        clients: &["chrome"],
        title: "Chromium",
        oldest: "156",
        base: "156",
        measured: &["156"],
    },
    Program {
        clients: &["firefox"],
        title: "Firefox",
        oldest: "153",
        base: "153.8",
        measured: &["153.8"],
    },
];

const CLIENT_HELLO: &str = "what it offers in a handshake";
const HELLOS: &str = "recorded: the ClientHellos of these versions";

/// SHA-1 in signatures of certificates has 80 bits, enough for level 1.
const SHA1_COUNTS: Value = Value::Fact("yes", |facts| facts.sha1_at_level_1 = true);
const MARK_HIDES: Value = Value::Fact("yes", |facts| facts.mark_hides_first = true);
const PLAIN_ROOTS: Value = Value::Fact("yes", |facts| facts.plain_roots = true);

pub(super) static RULES: &[Rule] = &[
    // OpenSSL itself.
    Rule {
        clients: OPENSSL,
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("1.1.1", Value::Hello(&hello::OPENSSL_111)),
            ("3.0", Value::Profile),
            ("3.5", Value::Hello(&hello::OPENSSL_35)),
            ("4.0", Value::Hello(&hello::OPENSSL_40)),
        ],
        source: HELLOS,
    },
    Rule {
        clients: OPENSSL,
        axis: Axis::Own,
        what: "a byte order mark hides the first section of a PEM file",
        values: &[("1.1.1", MARK_HIDES), ("3.0", Value::Profile)],
        source: "measured: 1.1.1w and 3.0.19 with 142 files",
    },
    // Programs on OpenSSL, by its version.
    Rule {
        clients: &["curl"],
        axis: Axis::OpenSsl,
        what: CLIENT_HELLO,
        values: &[
            ("1.1.1", Value::Hello(&hello::CURL_111)),
            ("3.0", Value::Profile),
            ("3.5", Value::Hello(&hello::CURL_35)),
            ("4.0", Value::Hello(&hello::CURL_40)),
        ],
        source: "recorded: curl 7.88.1 with 3.0.19, 8.23.0 with 3.6.5; s_client of the others",
    },
    Rule {
        clients: &["libpq"],
        axis: Axis::OpenSsl,
        what: CLIENT_HELLO,
        values: &[
            ("1.1.1", Value::Hello(&hello::LIBPQ_111)),
            ("3.0", Value::Profile),
            ("3.5", Value::Hello(&hello::LIBPQ_35)),
            ("4.0", Value::Hello(&hello::LIBPQ_40)),
        ],
        source: "recorded: psql 15.18 with 3.0.19, 18.6 with 3.6.5; s_client of the others",
    },
    Rule {
        clients: PYTHON,
        axis: Axis::OpenSsl,
        what: CLIENT_HELLO,
        values: &[
            ("1.1.1", Value::Hello(&hello::PYTHON_111)),
            ("3.0", Value::Profile),
            ("3.5", Value::Hello(&hello::PYTHON_35)),
            ("4.0", Value::Hello(&hello::PYTHON_40)),
        ],
        source: "recorded: CPython 3.11.7 with 3.0.19, 3.14.8 with 3.6.5; s_client of the others",
    },
    Rule {
        clients: &[
            "curl",
            "libpq",
            "python",
            "python-partial-chain",
            "python-3.13",
        ],
        axis: Axis::OpenSsl,
        what: "a byte order mark hides the first section of a PEM file",
        values: &[("1.1.1", MARK_HIDES), ("3.0", Value::Profile)],
        source: "measured: 1.1.1w and 3.0.19 with 142 files",
    },
    Rule {
        clients: PYTHON,
        axis: Axis::OpenSsl,
        what: "strict checks: a root may have basicConstraints that are not critical",
        values: &[("1.1.1", Value::Profile), ("4.0", PLAIN_ROOTS)],
        source: "measured: 3.6.5 refuses, 4.0.3 accepts",
    },
    Rule {
        clients: &["python", "python-partial-chain"],
        axis: Axis::Own,
        what: "ssl.create_default_context() sets VERIFY_X509_PARTIAL_CHAIN and VERIFY_X509_STRICT",
        values: &[
            ("3.8", Value::Profile),
            (
                "3.13",
                Value::Flags {
                    partial: true,
                    strict: true,
                },
            ),
        ],
        source: "cpython#107361; measured: 3.8 to 3.14",
    },
    Rule {
        clients: &["python", "python-partial-chain"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("3.8", Value::Hello(&hello::PYTHON_38)),
            ("3.10", Value::Profile),
        ],
        source: HELLOS,
    },
    Rule {
        clients: &["curl"],
        axis: Axis::Own,
        what: "any certificate of the store ends a path (X509_V_FLAG_PARTIAL_CHAIN)",
        values: &[
            (
                "7.61",
                Value::Flags {
                    partial: false,
                    strict: false,
                },
            ),
            ("7.68", Value::Profile),
        ],
        source: "curl's CHANGES: 7.68.0; measured: 7.74.0 to 8.23.0",
    },
    Rule {
        clients: &["node"],
        axis: Axis::Own,
        what: "security level of the OpenSSL that nodejs.org's builds carry",
        values: &[("16", Value::Level(1)), ("24.5", Value::Level(2))],
        source: "measured: 24.4.0 accepts RSA of 1024 bits, 24.5.0 refuses it",
    },
    Rule {
        clients: &["node"],
        axis: Axis::Own,
        what: "SHA-1 below the anchor, at level 1",
        values: &[("16", SHA1_COUNTS), ("17", Value::Profile)],
        source: "measured: 16.20.2 (OpenSSL 1.1.1) accepts, 18.20.8 refuses",
    },
    Rule {
        clients: &["node"],
        axis: Axis::Own,
        what: "a byte order mark hides the first section of a PEM file",
        values: &[("16", MARK_HIDES), ("17", Value::Profile)],
        source: "measured: 16.20.2, 18.20.8",
    },
    Rule {
        clients: &["node"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("16", Value::Hello(&hello::NODE_16)),
            ("17", Value::Profile),
            ("22.20", Value::Hello(&hello::NODE_35)),
            ("23", Value::Profile),
            ("24.5", Value::Hello(&hello::NODE_35)),
        ],
        source: "recorded: 16.20.2 to 26.10.0; OpenSSL 3.5 from 22.20.0 and 24.5.0",
    },
    Rule {
        clients: &["libpq"],
        axis: Axis::Own,
        what: "an iPAddress in subjectAltName counts",
        values: &[
            ("13", Value::Addresses(false)),
            ("15", Value::Addresses(true)),
        ],
        source: "PostgreSQL 15's release notes; measured: 13 refuses, 15.18 accepts",
    },
    Rule {
        clients: &["gnutls"],
        axis: Axis::Own,
        what: "a certificate that was sent twice costs the last one of the list",
        values: &[
            (
                "3.7.1",
                Value::Fact("no: it is dropped", |facts| facts.drops_doubles = true),
            ),
            ("3.7.2", Value::Profile),
        ],
        source: "measured: 3.7.1 accepts, 3.7.9 and later refuse",
    },
    Rule {
        clients: &["gnutls"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("3.7.1", Value::Profile),
            ("3.8.13", Value::Hello(&hello::GNUTLS_3813)),
        ],
        source: HELLOS,
    },
    Rule {
        clients: &["go"],
        axis: Axis::Own,
        what: "a serial number may be negative (x509negativeserial)",
        values: &[
            (
                "1.19",
                Value::Fact("yes", |facts| facts.negative_serials = true),
            ),
            ("1.23", Value::Profile),
        ],
        source: "go.dev/doc/godebug; measured: 1.22.10 accepts, 1.24.4 refuses",
    },
    Rule {
        clients: &["go"],
        axis: Axis::Own,
        what: "the smallest RSA key has 1024 bits",
        values: &[
            ("1.19", Value::LeastRsa(0)),
            ("1.24", Value::LeastRsa(1024)),
        ],
        source: "go.dev/doc/go1.24: crypto/rsa",
    },
    Rule {
        clients: &["go"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("1.19", Value::Hello(&hello::GO_121)),
            ("1.22", Value::Hello(&hello::GO_122)),
            ("1.23", Value::Hello(&hello::GO_123)),
            ("1.24", Value::Hello(&hello::GO_124)),
            ("1.25", Value::Hello(&hello::GO_125)),
            ("1.26", Value::Hello(&hello::GO_126)),
            ("1.27", Value::Profile),
        ],
        source: "recorded: 1.21.13 to 1.27.3",
    },
    Rule {
        clients: &["java"],
        axis: Axis::Own,
        what: "Ed25519 and Ed448 in certificates",
        values: &[
            ("8", Value::Fact("no", |facts| facts.edwards = false)),
            ("16", Value::Profile),
        ],
        source: "JDK-8166596; measured: 8u504 and 11.0.24 refuse, 17.0.9 and later accept",
    },
    Rule {
        clients: &["java"],
        axis: Axis::Own,
        what: "the PEM reader of CertificateFactory",
        values: &[
            ("8", Value::Profile),
            ("25", Value::Fact("yes", |facts| facts.other_pem = true)),
        ],
        source: "JEP 470; measured: 17, 21, 25 and 26 with 142 files",
    },
    Rule {
        clients: &["java"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("8", Value::Hello(&hello::JAVA_8)),
            ("11", Value::Hello(&hello::JAVA_11)),
            ("11.0.30", Value::Hello(&hello::JAVA_11_LATE)),
            ("12", Value::Hello(&hello::JAVA_11)),
            ("16", Value::Profile),
            ("17.0.18", Value::Hello(&hello::JAVA_LATE)),
            ("18", Value::Profile),
            ("21.0.10", Value::Hello(&hello::JAVA_LATE)),
            ("22", Value::Profile),
            ("24", Value::Hello(&hello::JAVA_24)),
            ("25", Value::Hello(&hello::JAVA_LATE)),
        ],
        source: "recorded: 8u504 to 26.0.2; JDK-8245545 (no RSA key transport) and JDK-8340321 (no SHA-1), of which openjdk/jdk17u-dev#3913 names the updates",
    },
    Rule {
        clients: &["nss"],
        axis: Axis::Own,
        what: "keyUsage and extKeyUsage of an anchor count",
        values: &[
            ("3.61", Value::Profile),
            (
                "3.88",
                Value::Fact("yes", |facts| facts.anchors_sign = true),
            ),
        ],
        source: "measured: 3.87.1 accepts, 3.110 and 3.132 refuse",
    },
    Rule {
        clients: &["nss"],
        axis: Axis::Own,
        what: "certificates that Ed25519 signed",
        values: &[
            ("3.61", Value::Profile),
            (
                "3.132",
                Value::Fact("yes", |facts| facts.ed25519_signatures = true),
            ),
        ],
        source: "measured: 3.87.1 refuses, 3.132 accepts; neither offers Ed25519 for the handshake",
    },
    Rule {
        clients: &["nss"],
        axis: Axis::Own,
        what: CLIENT_HELLO,
        values: &[
            ("3.61", Value::Profile),
            ("3.132", Value::Hello(&hello::NSS_3132)),
        ],
        source: HELLOS,
    },
];
