//! What is sent, what is trusted, and under which name: by the labels of the
//! certificates.

/// `sent | store | name`, the name `localhost` where none is given.
pub(crate) type Scenario = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const HOST: &str = "localhost";

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
        // Java and NSS do not look at it in an anchor, sent or not.
        (&["below unknown root"], &["unknown root"], HOST),
        (
            &["below unknown root", "unknown root"],
            &["unknown root"],
            HOST,
        ),
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
