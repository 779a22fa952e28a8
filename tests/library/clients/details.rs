//! Names and critical extensions by which the clients differ, as measured on
//! Debian 12 over a loopback connection to `localhost`.

use super::pki::{self, Key, Spec, tlv};
use super::{at, oracle};
use certcheck::client::{Client, Presented, Store, Verdict, judge};

const ANY: [&str; 5] = ["gnutls", "node", "curl", "python", "openssl"];

fn accepts(client: &str, chain: &[Vec<u8>], root: &[u8]) -> bool {
    let (chain, root) = (pki::parse(chain), [root.to_vec()]);
    let (anchors, names) = (pki::parse(&root), ["localhost".parse().unwrap()]);
    let shown = Presented::of(&chain).named(&names);
    let client = Client::named(client).unwrap();
    judge(client, &shown, &Store::of(&anchors), at()).verdict == Verdict::Accepts
}

fn subject(names: &[&str]) -> Vec<u8> {
    let attribute = |text: &&str| {
        let kind = pki::oid("2.5.4.3");
        tlv(0x31, &pki::seq(&[&kind, &tlv(0x0c, text.as_bytes())]))
    };
    tlv(0x30, &names.iter().flat_map(attribute).collect::<Vec<_>>())
}

fn root(key: &Key) -> Vec<u8> {
    Spec::ca("Root", "Root").issue(key, key)
}

fn server(subject: Vec<u8>, issuer: &str, alternative: Option<Vec<u8>>) -> Spec {
    let mut spec =
        Spec::new("localhost", issuer).with(pki::extended_key_usage(&["1.3.6.1.5.5.7.3.1"]));
    spec.subject = subject;
    match alternative {
        Some(name) => spec.with(pki::extension("2.5.29.17", false, &tlv(0x30, &name))),
        None => spec,
    }
}

/// The commonName is read beside some kinds of names and not beside others; a
/// final dot in the certificate; several commonNames.
#[test]
fn names_beside_the_common_name() {
    const OWN: &[&str] = &["localhost"];
    let rows: [(&[&str], Option<Vec<u8>>, [bool; 5]); 12] = [
        (OWN, None, [true; 5]),
        (
            OWN,
            Some(tlv(0x87, &[127, 0, 0, 1])),
            [false, true, false, true, true],
        ),
        (OWN, Some(tlv(0x81, b"a@b.c")), [true; 5]),
        (
            OWN,
            Some(tlv(0x86, b"http://x/")),
            [false, true, true, true, true],
        ),
        (OWN, Some(tlv(0xa4, &oracle("x"))), [true; 5]),
        (OWN, Some(tlv(0x88, &[0x2a, 3, 4])), [true; 5]),
        (
            OWN,
            Some(tlv(0x82, b"localhost.")),
            [false, true, true, false, false],
        ),
        (OWN, Some(tlv(0x82, b"other")), [false; 5]),
        (
            &["other", "localhost"],
            None,
            [false, true, true, true, true],
        ),
        (
            &["localhost", "other"],
            None,
            [false, true, false, true, true],
        ),
        (&["localhost."], None, [false, true, true, false, false]),
        (&["other"], None, [false; 5]),
    ];
    let (ca, key) = (Key::new(), Key::new());
    let root = root(&ca);
    for (names, alternative, measured) in rows {
        let leaf = server(subject(names), "Root", alternative.clone()).issue(&key, &ca);
        for (client, measured) in ANY.into_iter().zip(measured) {
            let predicted = accepts(client, std::slice::from_ref(&leaf), &root);
            assert_eq!(predicted, measured, "{client} {names:?} {alternative:?}");
        }
    }
}

/// An extension that nobody knows, critical in the anchor itself: Java, NSS and rustls-webpki
/// look at none there (OpenJDK 17 and tstclnt 3.87 connect; the others refuse).
#[test]
fn an_unknown_critical_extension_of_an_anchor() {
    let (ca, key) = (Key::new(), Key::new());
    let unknown = pki::extension("1.2.3.4", true, &[5, 0]);
    // NSS tells certificates apart by issuer and serial number.
    let root = Spec::ca("Root", "Root").serial(2).with(unknown);
    let root = root.issue(&ca, &ca);
    let own = tlv(0x82, b"localhost");
    let leaf = server(subject(&["localhost"]), "Root", Some(own)).issue(&key, &ca);
    for client in ["java", "nss", "rustls"] {
        assert!(
            accepts(client, std::slice::from_ref(&leaf), &root),
            "{client}"
        );
    }
    for client in ["openssl", "gnutls", "go", "node", "curl", "libpq"] {
        let accepts = accepts(client, std::slice::from_ref(&leaf), &root);
        assert!(!accepts, "{client}");
    }
}

/// What GnuTLS 3.7.9 knows of critical extensions in an intermediate.
#[test]
fn critical_extensions_of_an_intermediate() {
    // requireExplicitPolicy 5: no policy is demanded of so short a path.
    let late = tlv(0x30, &[0x80, 1, 5]);
    let mapping = {
        let pair = [pki::oid("1.2.3.4"), pki::oid("1.2.3.5")].concat();
        tlv(0x30, &tlv(0x30, &pair))
    };
    let place = [pki::oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://x/")].concat();
    let rows = [
        ("2.5.29.36", true, late.clone(), false),
        ("2.5.29.36", false, late, true),
        ("2.5.29.33", true, mapping, false),
        ("2.5.29.18", true, tlv(0x30, &tlv(0x82, b"x")), true),
        (
            "1.3.6.1.5.5.7.1.1",
            true,
            tlv(0x30, &tlv(0x30, &place)),
            true,
        ),
        ("2.5.29.54", true, vec![2, 1, 0], true),
        ("2.5.29.46", true, vec![0x30, 0], false),
    ];
    let (ca, middle, key) = (Key::new(), Key::new(), Key::new());
    let root = root(&ca);
    let own = tlv(0x82, b"localhost");
    let leaf = server(subject(&["localhost"]), "Mid", Some(own)).issue(&key, &middle);
    for (number, critical, value, measured) in rows {
        let extension = pki::extension(number, critical, &value);
        let mid = Spec::ca("Mid", "Root").with(extension).issue(&middle, &ca);
        let predicted = accepts("gnutls", &[leaf.clone(), mid], &root);
        assert_eq!(predicted, measured, "{number} critical: {critical}");
    }
}

/// A certificate of many names, and a chain of many certificates: Java's message,
/// OpenSSL's and GnuTLS's list have limits (measured with nginx: 1,000 names of 38 kB,
/// 3,000 names, 17 certificates).
#[test]
fn chains_that_are_too_large() {
    let key = Key::fixed(7);
    let root = root(&key);
    let of_names = |count: usize| {
        let name = |number: usize| {
            tlv(
                0x82,
                format!("n{number:05}.a-long-name.example.test").as_bytes(),
            )
        };
        let mut names = tlv(0x82, b"localhost");
        names.extend((0..count).flat_map(name));
        vec![server(pki::name("localhost"), "Root", Some(names)).issue(&key, &key)]
    };
    for (client, most) in [
        ("java", 800),
        ("python", 2_800),
        ("node", 2_800),
        ("openssl", 2_800),
    ] {
        assert!(accepts(client, &of_names(most), &root), "{client}");
        assert!(!accepts(client, &of_names(most * 2), &root), "{client}");
    }
    let mut chain = of_names(0);
    chain.resize(16, root.clone());
    assert!(accepts("gnutls", &chain, &root));
    chain.push(root.clone());
    assert!(!accepts("gnutls", &chain, &root));
    assert!(accepts("go", &chain, &root));
}
