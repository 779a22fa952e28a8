//! What is sent, what is trusted, and under which name: by the labels of the
//! certificates.

use super::der::{extension, seq};
use super::made::{Pki, Want};

/// `sent | store | name`, the name `localhost` where none is given.
pub(crate) type Scenario = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const HOST: &str = "localhost";

pub(crate) fn certificates(pki: &mut Pki) {
    for (name, kind) in [
        ("rsa root", "RSA 2048"),
        ("rsa issuing", "RSA 2048"),
        ("rsa leaf", "RSA 2048"),
        ("weak", "RSA 1024"),
        ("p384 root", "EC P-384"),
        ("ed root", "ED25519"),
    ] {
        pki.key(name, kind);
    }
    // Three deep, and seven.
    pki.make(Want::ca("root", "root"));
    pki.make(Want::ca("policy", "root"));
    pki.make(Want::ca("issuing", "policy"));
    pki.make(Want::server("leaf", "issuing"));
    pki.make(Want::server("short", "root"));
    for (own, above) in [
        ("d1", "root"),
        ("d2", "d1"),
        ("d3", "d2"),
        ("d4", "d3"),
        ("d5", "d4"),
        ("d6", "d5"),
    ] {
        pki.make(Want::ca(own, above));
    }
    pki.make(Want::server("deep", "d6"));
    pki.make(Want::ca("stranger", "stranger"));
    // The same names with other keys, with key identifiers and without.
    pki.make(
        Want::ca("issuing", "policy")
            .label("rekeyed")
            .key("rekeyed"),
    );
    pki.make(
        Want::ca("issuing", "policy")
            .label("rekeyed no id")
            .key("rekeyed")
            .without("ski"),
    );
    pki.make(Want::server("leaf no id", "issuing").without("aki"));
    pki.make(
        Want::ca("root", "root")
            .label("mimic")
            .key("mimic")
            .signed_by("mimic"),
    );
    pki.make(Want::server("encoded", "root").printable_issuer());
    // Cross-signed: a root's key under another root, and the dates of AddTrust.
    pki.make(Want::ca("old", "old").days(-900, -30));
    pki.make(Want::ca("other", "other"));
    pki.make(Want::ca("root", "other").label("cross"));
    pki.make(Want::ca("root", "old").label("cross old").days(-800, -30));
    pki.make(Want::ca("root", "root").label("root old").days(-900, -30));
    pki.make(Want::ca("root", "root").label("root again").days(-10, 500));
    pki.make(Want::server("below old", "old"));
    // Dates.
    pki.make(Want::server("expired", "issuing").days(-60, -3));
    pki.make(Want::server("future", "issuing").days(3, 60));
    pki.make(
        Want::ca("issuing", "policy")
            .label("issuing old")
            .days(-60, -3),
    );
    pki.make(Want::ca("policy", "root").label("policy old").days(-60, -3));
    pki.make(Want::server("long", "root").days(-30, 3650));
    // Self-signed.
    let alone = |label| Want::server(label, "server").signed_by("leaf-key");
    pki.make(alone("self"));
    pki.make(
        alone("self ca")
            .with("bc", ca_constraints())
            .without("ku")
            .without("eku"),
    );
    pki.make(
        alone("self plain")
            .without("bc")
            .without("ku")
            .without("eku"),
    );
    pki.make(alone("self old").days(-60, -3));
    pki.make(alone("self client").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::ca("v1 root", "v1 root").version_1());
    pki.make(Want::ca("v1 issuing", "root").version_1());
    pki.make(Want::server("below v1", "v1 root"));
    pki.make(Want::server("below v1 issuing", "v1 issuing"));
    // CAs that are none, or not for this.
    pki.make(Want::ca("no bc", "root").without("bc"));
    pki.make(Want::server("below no bc", "no bc"));
    pki.make(Want::ca("no bc root", "no bc root").without("bc"));
    pki.make(Want::server("below no bc root", "no bc root"));
    pki.make(Want::ca("any ca", "root").purpose("2.5.29.37.0"));
    pki.make(Want::server("below any ca", "any ca"));
    pki.make(Want::ca("not ca", "root").with("bc", extension("2.5.29.19", true, &seq(&[]))));
    pki.make(Want::server("below not ca", "not ca"));
    pki.make(Want::ca("no sign", "root").usage(0x80));
    pki.make(Want::server("below no sign", "no sign"));
    pki.make(Want::ca("short path", "root").path_length(0));
    pki.make(Want::ca("too deep", "short path"));
    pki.make(Want::server("below too deep", "too deep"));
    pki.make(Want::server("below short path", "short path"));
    pki.make(Want::ca("root 0", "root 0").path_length(0));
    pki.make(Want::ca("below root 0", "root 0"));
    pki.make(Want::server("leaf root 0", "below root 0"));
    pki.make(Want::ca("client ca", "root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("below client ca", "client ca"));
    pki.make(Want::ca("client root", "client root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("below client root", "client root"));
    pki.make(Want::ca("permits", "root").constrained(0, "localhost"));
    pki.make(Want::server("permitted", "permits"));
    pki.make(Want::ca("excludes", "root").constrained(1, "localhost"));
    pki.make(Want::server("excluded", "excludes"));
    pki.make(Want::ca("narrow root", "narrow root").constrained(0, "example.test"));
    pki.make(Want::server("outside", "narrow root"));
    // The server's own.
    pki.make(Want::server("client only", "root").purpose("1.3.6.1.5.5.7.3.2"));
    pki.make(Want::server("any purpose", "root").purpose("2.5.29.37.0"));
    pki.make(Want::server("no eku", "root").without("eku"));
    pki.make(Want::server("no usage", "root").without("ku"));
    pki.make(Want::server("crl usage", "root").usage(0x02));
    pki.make(
        Want::server("ca leaf", "root")
            .with("bc", ca_constraints())
            .without("ku"),
    );
    pki.make(Want::server("no bc leaf", "root").without("bc"));
    pki.make(Want::server("cn only", "root").without("san"));
    pki.make(Want::server("wrong name", "root").named(&["wrong.example"]));
    pki.make(Want::server("wildcard", "root").named(&["*.example.test"]));
    pki.make(Want::server("wildcard top", "root").named(&["*.test"]));
    pki.make(Want::server("wildcard part", "root").named(&["w*.example.test"]));
    let unknown = || extension("1.3.6.1.4.1.99999.1", true, &[5, 0]);
    pki.make(Want::server("unknown critical", "root").with("x", unknown()));
    pki.make(Want::ca("unknown ca", "root").with("x", unknown()));
    pki.make(Want::server("below unknown ca", "unknown ca"));
    let staple = extension("1.3.6.1.5.5.7.1.24", false, &seq(&[&[2, 1, 5]]));
    pki.make(Want::server("must staple", "root").with("x", staple));
    // What issuers must do, and often do not.
    pki.make(
        Want::ca("soft", "soft").with("bc", extension("2.5.29.19", false, &seq(&[&[1, 1, 0xff]]))),
    );
    pki.make(Want::server("below soft", "soft"));
    pki.make(Want::ca("no usage ca", "no usage ca").without("ku"));
    pki.make(Want::server("below no usage ca", "no usage ca"));
    pki.make(
        Want::ca("no id ca", "no id ca")
            .without("ski")
            .without("aki"),
    );
    pki.make(Want::server("below no id ca", "no id ca").without("aki"));
    pki.make(Want::server("no aki", "root").without("aki"));
    pki.make(Want::server("negative", "root").serial(&[0x85, 1]));
    pki.make(Want::server("long serial", "root").serial(&[0x11; 21]));
    pki.make(Want::server("zero serial", "root").serial(&[0]));
    pki.make(Want::ca("negative ca", "root").serial(&[0x85, 2]));
    pki.make(Want::server("below negative ca", "negative ca"));
    // Keys and hashes.
    pki.make(Want::ca("rsa root", "rsa root"));
    pki.make(Want::ca("rsa issuing", "rsa root"));
    pki.make(Want::server("rsa leaf", "rsa issuing").key("rsa leaf"));
    pki.make(
        Want::ca("rsa issuing", "rsa root")
            .label("sha1 issuing")
            .sha1(),
    );
    pki.make(
        Want::server("sha1 leaf", "rsa issuing")
            .key("rsa leaf")
            .sha1(),
    );
    pki.make(Want::ca("rsa root", "rsa root").label("sha1 root").sha1());
    pki.make(
        Want::server("encipher", "rsa issuing")
            .key("rsa leaf")
            .usage(0x20),
    );
    pki.make(Want::server("weak leaf", "rsa issuing").key("weak"));
    pki.make(Want::ca("weak issuing", "rsa root").key("weak"));
    pki.make(
        Want::server("below weak", "weak issuing")
            .key("rsa leaf")
            .signed_by("weak"),
    );
    pki.make(Want::ca("p384 root", "p384 root"));
    pki.make(Want::ca("ed root", "ed root"));
    pki.make(Want::server("below p384", "p384 root"));
    pki.make(Want::server("below ed", "ed root"));
}

fn ca_constraints() -> Vec<u8> {
    extension("2.5.29.19", true, &seq(&[&[1, 1, 0xff]]))
}

/// Which key a certificate is served with.
pub(crate) fn key_of(label: &str) -> &'static str {
    match label {
        "encipher" | "rsa leaf" | "sha1 leaf" | "below weak" => "rsa leaf",
        "weak leaf" => "weak",
        _ => "leaf-key",
    }
}

/// A server's certificate with a few others of its kin in any order, and a
/// store of a few: what nobody thinks of.
pub(crate) fn random(seed: u64, count: usize) -> Vec<Scenario> {
    const FAMILIES: [(&[&str], &[&str]); 5] = [
        (
            &[
                "leaf",
                "leaf no id",
                "expired",
                "short",
                "encoded",
                "future",
            ],
            &[
                "root",
                "policy",
                "issuing",
                "rekeyed",
                "rekeyed no id",
                "mimic",
                "cross",
                "cross old",
                "old",
                "other",
                "root old",
                "root again",
                "issuing old",
                "policy old",
                "stranger",
            ],
        ),
        (
            &[
                "deep",
                "short",
                "below too deep",
                "below short path",
                "leaf root 0",
            ],
            &[
                "root",
                "d1",
                "d2",
                "d3",
                "d4",
                "d5",
                "d6",
                "too deep",
                "short path",
                "root 0",
                "below root 0",
                "root again",
            ],
        ),
        (
            &[
                "permitted",
                "excluded",
                "outside",
                "below client ca",
                "below no bc",
                "below not ca",
            ],
            &[
                "root",
                "permits",
                "excludes",
                "narrow root",
                "client ca",
                "no bc",
                "not ca",
                "cross",
                "other",
            ],
        ),
        (
            &[
                "below v1",
                "below v1 issuing",
                "below soft",
                "below no usage ca",
                "below no id ca",
                "below no sign",
            ],
            &[
                "v1 root",
                "v1 issuing",
                "root",
                "soft",
                "no usage ca",
                "no id ca",
                "no sign",
                "root old",
            ],
        ),
        (
            &[
                "rsa leaf",
                "sha1 leaf",
                "encipher",
                "below unknown ca",
                "below negative ca",
            ],
            &[
                "rsa root",
                "rsa issuing",
                "sha1 issuing",
                "sha1 root",
                "root",
                "unknown ca",
                "negative ca",
                "ed root",
            ],
        ),
    ];
    let mut state = seed | 1;
    let mut below = move |limit: usize| {
        // xorshift64*, as good as any here.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        usize::try_from(state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % limit
    };
    (0..count)
        .map(|_| {
            let (leaves, others) = FAMILIES[below(FAMILIES.len())];
            let leaf = leaves[below(leaves.len())];
            let mut sent = vec![leaf];
            for _ in 0..below(5) {
                sent.push(others[below(others.len())]);
            }
            let mut store: Vec<&str> = Vec::new();
            for _ in 0..=below(3) {
                let label = if below(8) == 0 {
                    leaf
                } else {
                    others[below(others.len())]
                };
                if !store.contains(&label) {
                    store.push(label);
                }
            }
            let scenario: Scenario = (sent.leak(), store.leak(), HOST);
            scenario
        })
        .collect()
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    let mut all: Vec<Scenario> = Vec::new();
    // Every store for every part of a chain that is sent.
    let sent: [&[&str]; 8] = [
        &["leaf"],
        &["leaf", "issuing"],
        &["leaf", "issuing", "policy"],
        &["leaf", "issuing", "policy", "root"],
        &["leaf", "policy"],
        &["leaf", "root", "policy", "issuing"],
        &["leaf", "stranger", "issuing", "policy"],
        &["leaf", "issuing", "issuing", "policy", "policy"],
    ];
    let stores: [&[&str]; 8] = [
        &["root"],
        &["policy"],
        &["issuing"],
        &["leaf"],
        &["issuing", "root"],
        &["policy", "root"],
        &["issuing", "policy", "root"],
        &["stranger"],
    ];
    for sent in sent {
        all.extend(stores.iter().map(|store| (sent, *store, HOST)));
    }
    let more: &[Scenario] = &[
        (&["short"], &["root"], HOST),
        (&["short"], &["root"], "127.0.0.1"),
        (&["short"], &["short"], HOST),
        (&["short"], &["mimic"], HOST),
        (&["short", "mimic"], &["root"], HOST),
        (&["short"], &["mimic", "root"], HOST),
        (&["short", "root"], &["mimic"], HOST),
        (&["encoded"], &["root"], HOST),
        (
            &["deep", "d6", "d5", "d4", "d3", "d2", "d1"],
            &["root"],
            HOST,
        ),
        (&["deep", "d6", "d5", "d4", "d3", "d2"], &["root"], HOST),
        (
            &["deep", "d6", "d5", "d4", "d3", "d2"],
            &["root", "d1"],
            HOST,
        ),
        (
            &["deep", "d1", "d2", "d3", "d4", "d5", "d6"],
            &["root"],
            HOST,
        ),
        (&["deep", "d6", "d5", "d4"], &["d3"], HOST),
        (
            &["deep"],
            &["d6", "d5", "d4", "d3", "d2", "d1", "root"],
            HOST,
        ),
        (&["leaf", "rekeyed", "policy"], &["root"], HOST),
        (&["leaf", "rekeyed no id", "policy"], &["root"], HOST),
        (
            &["leaf no id", "rekeyed no id", "issuing", "policy"],
            &["root"],
            HOST,
        ),
        (
            &["leaf no id", "issuing", "rekeyed no id", "policy"],
            &["root"],
            HOST,
        ),
        (&["leaf", "issuing", "policy"], &["rekeyed", "root"], HOST),
        (&["leaf", "rekeyed", "issuing", "policy"], &["root"], HOST),
        // Cross-signed.
        (&["short", "cross"], &["root"], HOST),
        (&["short", "cross"], &["other"], HOST),
        (&["short", "cross"], &["root", "other"], HOST),
        (&["short", "cross old"], &["root"], HOST),
        (&["short", "cross old"], &["old"], HOST),
        (&["short", "cross old"], &["old", "root"], HOST),
        (&["short", "cross old", "old"], &["root"], HOST),
        (&["short", "cross old", "cross"], &["other"], HOST),
        (&["short", "cross old", "cross"], &["old", "other"], HOST),
        (&["leaf", "issuing", "policy", "cross"], &["other"], HOST),
        (&["leaf", "issuing", "policy", "cross"], &["root"], HOST),
        (&["leaf", "issuing", "policy", "cross old"], &["root"], HOST),
        (
            &["leaf", "issuing", "policy", "cross old", "old"],
            &["root", "old"],
            HOST,
        ),
        (&["short"], &["root old"], HOST),
        (&["short"], &["root old", "root"], HOST),
        (&["short"], &["root", "root old"], HOST),
        (&["short", "root old"], &["root"], HOST),
        (&["short", "root old"], &["root old"], HOST),
        (&["short", "root again"], &["root"], HOST),
        (&["short", "root"], &["root again"], HOST),
        (&["short"], &["cross"], HOST),
        (&["short"], &["cross", "other"], HOST),
        (&["below old"], &["old"], HOST),
        (&["below old"], &["below old"], HOST),
        // Dates.
        (&["expired", "issuing", "policy"], &["root"], HOST),
        (&["expired", "issuing", "policy"], &["expired"], HOST),
        (&["expired"], &["expired"], HOST),
        (&["future", "issuing", "policy"], &["root"], HOST),
        (&["future"], &["future"], HOST),
        (&["leaf", "issuing old", "policy"], &["root"], HOST),
        (
            &["leaf", "issuing old", "issuing", "policy"],
            &["root"],
            HOST,
        ),
        (&["leaf", "issuing", "policy old"], &["root"], HOST),
        (
            &["leaf", "issuing", "policy old"],
            &["root", "policy"],
            HOST,
        ),
        (&["leaf", "issuing old", "policy"], &["issuing"], HOST),
        (
            &["leaf", "issuing old", "policy"],
            &["issuing", "root"],
            HOST,
        ),
        (&["leaf", "issuing old", "policy"], &["leaf"], HOST),
        (&["leaf"], &["issuing old"], HOST),
        (&["leaf", "issuing old"], &["issuing old"], HOST),
        (&["long"], &["root"], HOST),
        // Self-signed.
        (&["self"], &["self"], HOST),
        (&["self"], &["root"], HOST),
        (&["self ca"], &["self ca"], HOST),
        (&["self ca"], &["stranger"], HOST),
        (&["self plain"], &["self plain"], HOST),
        (&["self old"], &["self old"], HOST),
        (&["self client"], &["self client"], HOST),
        (&["self", "root"], &["self"], HOST),
        (&["below v1"], &["v1 root"], HOST),
        (&["below v1", "v1 root"], &["v1 root"], HOST),
        (&["below v1 issuing", "v1 issuing"], &["root"], HOST),
        (&["below v1 issuing"], &["v1 issuing"], HOST),
        // CAs that are none.
        (&["below no bc", "no bc"], &["root"], HOST),
        (&["below no bc"], &["no bc"], HOST),
        (&["below no bc root"], &["no bc root"], HOST),
        (&["below any ca", "any ca"], &["root"], HOST),
        (&["below any ca"], &["any ca"], HOST),
        (&["below not ca", "not ca"], &["root"], HOST),
        (&["below not ca"], &["not ca"], HOST),
        (&["below no sign", "no sign"], &["root"], HOST),
        (&["below no sign"], &["no sign"], HOST),
        (
            &["below too deep", "too deep", "short path"],
            &["root"],
            HOST,
        ),
        (&["below too deep", "too deep"], &["short path"], HOST),
        (&["below too deep"], &["too deep"], HOST),
        (&["below short path", "short path"], &["root"], HOST),
        (&["leaf root 0", "below root 0"], &["root 0"], HOST),
        (
            &["leaf root 0", "below root 0", "root 0"],
            &["root 0"],
            HOST,
        ),
        (&["below client ca", "client ca"], &["root"], HOST),
        (&["below client ca"], &["client ca"], HOST),
        (&["below client root"], &["client root"], HOST),
        (&["permitted", "permits"], &["root"], HOST),
        (&["excluded", "excludes"], &["root"], HOST),
        (&["excluded"], &["excludes"], HOST),
        (&["excluded"], &["excludes", "root"], HOST),
        (&["outside"], &["narrow root"], HOST),
        (&["outside", "narrow root"], &["narrow root"], HOST),
        // The server's own.
        (&["client only"], &["root"], HOST),
        (&["client only"], &["client only"], HOST),
        (&["any purpose"], &["root"], HOST),
        (&["no eku"], &["root"], HOST),
        (&["no usage"], &["root"], HOST),
        (&["crl usage"], &["root"], HOST),
        (&["ca leaf"], &["root"], HOST),
        (&["ca leaf"], &["ca leaf"], HOST),
        (&["no bc leaf"], &["root"], HOST),
        (&["cn only"], &["root"], HOST),
        (&["cn only"], &["root"], "server"),
        (&["wrong name"], &["root"], HOST),
        (&["wrong name"], &["root"], "127.0.0.1"),
        (&["wrong name"], &["wrong name"], HOST),
        (&["wildcard"], &["root"], "web.example.test"),
        (&["wildcard"], &["root"], "example.test"),
        (&["wildcard"], &["root"], "a.web.example.test"),
        (&["wildcard top"], &["root"], "example.test"),
        (&["wildcard part"], &["root"], "web.example.test"),
        (&["unknown critical"], &["root"], HOST),
        (&["unknown critical"], &["unknown critical"], HOST),
        (&["below unknown ca", "unknown ca"], &["root"], HOST),
        (&["below unknown ca"], &["unknown ca"], HOST),
        (&["must staple"], &["root"], HOST),
        // What issuers must do.
        (&["below soft"], &["soft"], HOST),
        (&["below no usage ca"], &["no usage ca"], HOST),
        (&["below no id ca"], &["no id ca"], HOST),
        (&["no aki"], &["root"], HOST),
        (&["negative"], &["root"], HOST),
        (&["long serial"], &["root"], HOST),
        (&["zero serial"], &["root"], HOST),
        (&["below negative ca", "negative ca"], &["root"], HOST),
        (&["below negative ca"], &["negative ca"], HOST),
        // Keys and hashes.
        (&["rsa leaf", "rsa issuing"], &["rsa root"], HOST),
        (&["rsa leaf", "sha1 issuing"], &["rsa root"], HOST),
        (&["rsa leaf"], &["sha1 issuing"], HOST),
        (&["rsa leaf", "rsa issuing"], &["sha1 root"], HOST),
        (
            &["rsa leaf", "rsa issuing", "sha1 root"],
            &["sha1 root"],
            HOST,
        ),
        (&["sha1 leaf", "rsa issuing"], &["rsa root"], HOST),
        (&["sha1 leaf"], &["sha1 leaf"], HOST),
        (&["encipher", "rsa issuing"], &["rsa root"], HOST),
        (&["weak leaf", "rsa issuing"], &["rsa root"], HOST),
        (&["below weak", "weak issuing"], &["rsa root"], HOST),
        (&["below weak"], &["weak issuing"], HOST),
        (&["below p384"], &["p384 root"], HOST),
        (&["below ed"], &["ed root"], HOST),
        // More than some read.
        (
            &[
                "short", "d1", "d2", "d3", "d4", "d5", "d6", "policy", "issuing", "other",
                "stranger",
            ],
            &["root"],
            HOST,
        ),
        (
            &[
                "short", "d1", "d2", "d3", "d4", "d5", "d6", "policy", "issuing", "other",
            ],
            &["root"],
            HOST,
        ),
    ];
    all.extend(more);
    all
}
