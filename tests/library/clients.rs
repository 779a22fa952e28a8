//! The client profiles against the measured tables, cell by cell.
//!
//! The certificates are made anew in every run, with the names and extensions
//! of those that the tables were measured with.

#[path = "clients/details.rs"]
mod details;
use crate::pki;

use certcheck::Time;
use certcheck::client::{Client, Presented, Store, Verdict, judge};
use certcheck::model::Certificate;
use pki::{Key, oid, seq, tlv};
use std::collections::BTreeMap;

fn at() -> Time {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// `/O=Oracle/CN=…` as OpenSSL writes it.
fn oracle(common: &str) -> Vec<u8> {
    let attribute =
        |kind: &str, text: &str| tlv(0x31, &seq(&[&oid(kind), &tlv(0x0c, text.as_bytes())]));
    seq(&[
        &attribute("2.5.4.10", "Oracle"),
        &attribute("2.5.4.3", common),
    ])
}

struct Ca {
    subject: Vec<u8>,
    key: Key,
}

impl Ca {
    fn new(common: &str) -> Self {
        Self {
            subject: oracle(common),
            key: Key::new(),
        }
    }
}

/// What stands in a certificate of these tables.
enum Kind {
    Ca { path_length: Option<u8> },
    Server,
    SelfNotCa,
    SelfCa,
    Plain,
}

struct Maker(u8, BTreeMap<&'static str, Vec<u8>>);

impl Maker {
    fn make(
        &mut self,
        name: &'static str,
        own: &Ca,
        issuer: &Ca,
        kind: &Kind,
        until: &'static str,
    ) {
        self.0 += 1;
        let id = |ca: &Ca| ca.key.id();
        let names = {
            let list = [tlv(0x82, b"localhost"), tlv(0x87, &[127, 0, 0, 1])].concat();
            pki::extension("2.5.29.17", false, &tlv(0x30, &list))
        };
        let usage =
            |bits: u8, unused: u8| pki::extension("2.5.29.15", true, &tlv(3, &[unused, bits]));
        let not_a_ca = || pki::extension("2.5.29.19", true, &tlv(0x30, &[]));
        let ids = || {
            let subject = pki::extension("2.5.29.14", false, &tlv(4, &id(own)));
            let authority = pki::extension("2.5.29.35", false, &tlv(0x30, &tlv(0x80, &id(issuer))));
            vec![subject, authority]
        };
        let mut extensions = match kind {
            Kind::Ca { path_length } => {
                vec![pki::basic_constraints(*path_length), usage(0x06, 1)]
            }
            Kind::Server => vec![
                not_a_ca(),
                usage(0xa0, 5),
                pki::extension("2.5.29.37", false, &seq(&[&oid("1.3.6.1.5.5.7.3.1")])),
                names,
            ],
            Kind::SelfNotCa => vec![not_a_ca(), names],
            Kind::SelfCa => vec![pki::basic_constraints(None), names],
            Kind::Plain => vec![names],
        };
        extensions.extend(ids());
        let spec = pki::Spec {
            subject: own.subject.clone(),
            issuer: issuer.subject.clone(),
            serial: vec![0x10, self.0],
            not_before: "20200101000000Z",
            not_after: until,
            key_ids: false,
            version: Some(2),
            unique_ids: Vec::new(),
            extensions,
        };
        let der = spec.issue(&own.key, &issuer.key);
        self.1.insert(name, der);
    }
}

fn certificates() -> BTreeMap<&'static str, Vec<u8>> {
    const LATE: &str = "20300101000000Z";
    const PAST: &str = "20250101000000Z";
    let (root, mid, mid2) = (
        Ca::new("Oracle Root CA"),
        Ca::new("Oracle Mid CA"),
        Ca::new("Oracle Mid CA 2"),
    );
    let (leaf, old, unrelated) = (
        Ca::new("localhost"),
        Ca::new("Old Root CA"),
        Ca::new("Somebody Else"),
    );
    let (own, direct, late) = (
        Ca::new("localhost"),
        Ca::new("localhost"),
        Ca::new("localhost"),
    );
    let mut made = Maker(0, BTreeMap::new());
    let ca = |path_length| Kind::Ca { path_length };
    made.make("root", &root, &root, &ca(None), LATE);
    made.make("mid", &mid, &root, &ca(Some(0)), LATE);
    made.make("mid2", &mid2, &root, &ca(Some(0)), LATE);
    made.make("leaf", &leaf, &mid, &Kind::Server, LATE);
    made.make("direct-leaf", &direct, &root, &Kind::Server, LATE);
    made.make("unrelated", &unrelated, &unrelated, &ca(None), LATE);
    made.make("old-root", &old, &old, &ca(None), PAST);
    made.make("old-leaf", &late, &old, &Kind::Server, LATE);
    made.make("self-not-ca", &own, &own, &Kind::SelfNotCa, LATE);
    made.make("self-ca", &own, &own, &Kind::SelfCa, LATE);
    made.make("self-plain", &own, &own, &Kind::Plain, LATE);
    made.1
}

fn of<'d>(
    all: &'d BTreeMap<&'static str, Vec<u8>>,
    names: impl IntoIterator<Item = &'d str>,
) -> Vec<Certificate<'d>> {
    names
        .into_iter()
        .map(|name| Certificate::parse(&all[name]).unwrap())
        .collect()
}

/// What the table calls a certificate, by its subject.
fn sent(cell: &str) -> Vec<&str> {
    let (count, names) = cell.split_once(": ").unwrap();
    let names: Vec<_> = names
        .split(", ")
        .map(|name| match name {
            "localhost" => "leaf",
            "Oracle Mid CA" => "mid",
            "Oracle Mid CA 2" => "mid2",
            "Oracle Root CA" => "root",
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(count.parse(), Ok(names.len()));
    names
}

/// How the profile's words are written in the table.
fn as_in_the_table(client: &str, says: &str) -> String {
    match client {
        "openssl" | "openssl-partial-chain" => says
            .strip_prefix("verify error:num=")
            .unwrap()
            .replacen(':', " ", 1),
        // The number is OpenSSL's own, the table's row shows both.
        "python" | "python-partial-chain" => says
            .strip_prefix("certificate verify failed: ")
            .unwrap()
            .to_owned(),
        "curl" => format!("60 {says}"),
        _ => says.to_owned(),
    }
}

#[test]
fn the_measured_matrix_cell_by_cell() {
    const CLIENTS: [&str; 8] = [
        "openssl",
        "openssl-partial-chain",
        "python",
        "python-partial-chain",
        "curl",
        "gnutls",
        "go",
        "rustls",
    ];
    let all = certificates();
    let names = ["localhost".parse().unwrap()];
    let table = include_str!("../../testdata/clients/trust_matrix.tsv");
    let (mut cells, mut texts, mut wrong) = (0, 0, Vec::new());
    for row in table.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let chain = of(&all, sent(columns[1]));
        let store = match columns[2] {
            "(unrelated)" => vec!["unrelated"],
            names => names.split('+').collect(),
        };
        let anchors = of(&all, store);
        for (client, measured) in CLIENTS.into_iter().zip(&columns[3..]) {
            let answer = judge(
                Client::named(client).unwrap(),
                &Presented::of(&chain).named(&names),
                &Store::of(&anchors),
                at(),
            );
            let predicted = match &answer.reason {
                None => "OK".to_owned(),
                Some(refusal) => format!("FAIL {}", as_in_the_table(client, &refusal.says)),
            };
            let mut measured = measured.trim_end().to_owned();
            if client.starts_with("python") && measured != "OK" {
                let number = measured.split(' ').nth(1).unwrap().to_owned();
                measured = measured.replacen(&format!(" {number}"), "", 1);
            }
            cells += 1;
            texts += usize::from(measured != "OK");
            if predicted.trim_end() != measured {
                wrong.push(format!(
                    "{} | {} | {client}: {predicted}, measured {measured}",
                    columns[0], columns[2]
                ));
            }
        }
    }
    println!(
        "client matrix: {cells} cells, {texts} with their error texts, {} differ",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cells, 576);
}

#[test]
fn the_rows_a_to_k() {
    let all = certificates();
    let table = include_str!("../../testdata/clients/trust_rows.tsv");
    let clients: Vec<_> = table.lines().next().unwrap().split('\t').skip(3).collect();
    let (mut cells, mut wrong) = (0, Vec::new());
    let names = ["localhost".parse().unwrap()];
    for row in table.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let named = |cell: &'static str| {
            cell.split(' ')
                .map(|name| if name == "int" { "mid" } else { name })
        };
        let chain = of(&all, named(columns[1]));
        let anchors = of(&all, named(columns[2]));
        for (client, measured) in clients.iter().zip(&columns[3..]) {
            let answer = judge(
                Client::named(client).unwrap(),
                &Presented::of(&chain).named(&names),
                &Store::of(&anchors),
                at(),
            );
            cells += 1;
            if (answer.verdict == Verdict::Accepts) != (*measured == "ok") {
                wrong.push(format!(
                    "{} {client}: {:?}, measured {measured}",
                    columns[0], answer
                ));
            }
        }
    }
    println!("rows A to K: {cells} cells, {} differ", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cells, 121);
}

/// Forty CAs that all signed each other, and a thousand strangers: every client
/// answers, and soon.
#[test]
fn hostile_chains_end() {
    let cas: Vec<Ca> = (0..40)
        .map(|number| Ca::new(&format!("Clique {number}")))
        .collect();
    let mut ders = Vec::new();
    let own = Ca::new("localhost");
    let spec = |subject: &Ca, issuer: &Ca, serial: u8, ca: bool| {
        let extensions = if ca {
            vec![pki::basic_constraints(None)]
        } else {
            vec![pki::dns_names(&["localhost"])]
        };
        let spec = pki::Spec {
            subject: subject.subject.clone(),
            issuer: issuer.subject.clone(),
            serial: vec![1, serial],
            not_before: "20200101000000Z",
            not_after: "20300101000000Z",
            key_ids: false,
            version: Some(2),
            unique_ids: Vec::new(),
            extensions,
        };
        spec.issue(&subject.key, &issuer.key)
    };
    ders.push(spec(&own, &cas[0], 0, false));
    for (number, subject) in cas.iter().enumerate() {
        for issuer in cas.iter().filter(|issuer| !std::ptr::eq(*issuer, subject)) {
            ders.push(spec(subject, issuer, u8::try_from(number).unwrap(), true));
        }
    }
    let stranger = Ca::new("Stranger");
    let anchor = vec![spec(&stranger, &stranger, 1, true)];
    let (chain, anchors) = (pki::parse(&ders), pki::parse(&anchor));
    let names = ["localhost".parse().unwrap()];
    let started = std::time::Instant::now();
    for &client in Client::ALL {
        let shown = Presented::of(&chain).named(&names);
        let answer = judge(client, &shown, &Store::of(&anchors).knowing(&chain), at());
        assert_ne!(answer.verdict, Verdict::Accepts, "{client:?}");
        assert_eq!(answer.anchors_needed, None, "{client:?}");
    }
    let taken = started.elapsed();
    println!(
        "{} certificates, {} clients: {taken:?}",
        ders.len(),
        Client::ALL.len()
    );
    assert!(taken.as_secs() < 60, "{taken:?}");
}

/// Nothing presented, nothing trusted, certificates of version 1: an answer from everyone.
#[test]
fn every_client_answers_everything() {
    let all = certificates();
    let names = ["localhost".parse().unwrap(), "127.0.0.1".parse().unwrap()];
    let mut answers = 0;
    for &client in Client::ALL {
        let nothing = judge(
            client,
            &Presented::of(&[]).named(&names),
            &Store::of(&[]),
            at(),
        );
        assert_eq!(nothing.verdict, Verdict::Refuses, "{client:?}");
        for leaf in all.keys() {
            for anchor in all.keys() {
                let (chain, anchors) = (of(&all, [*leaf]), of(&all, [*anchor]));
                let shown = Presented::of(&chain).named(&names);
                let answer = judge(client, &shown, &Store::of(&anchors).knowing(&chain), at());
                // A client that a profile knows is never undecided.
                assert_ne!(
                    answer.verdict,
                    Verdict::Undecided,
                    "{client:?} {leaf} {anchor}"
                );
                assert_eq!(answer.verdict == Verdict::Accepts, answer.reason.is_none());
                if let Some(reason) = answer.reason {
                    assert!(!reason.says.is_empty(), "{client:?} {leaf} {anchor}");
                }
                answers += 1;
            }
        }
        assert!(!client.sources().is_empty() && !client.versions().is_empty());
        assert_eq!(Client::named(client.name()), Some(client));
    }
    assert_eq!(answers, Client::ALL.len() * 11 * 11);
}

/// What is said to be needed is enough, and nothing smaller of the same set is.
#[test]
fn the_set_to_install_is_the_smallest() {
    let all = certificates();
    let names = ["localhost".parse().unwrap()];
    let (chain, known) = (
        of(&all, ["leaf"]),
        of(&all, ["leaf", "mid", "root", "mid2"]),
    );
    let expected: [(&str, &str, &[&str]); 8] = [
        ("openssl", "root", &["mid"]),
        ("openssl", "unrelated", &["root", "mid"]),
        ("curl", "unrelated", &["mid"]),
        ("go", "root", &["mid"]),
        ("rustls", "leaf", &["mid"]),
        ("java", "unrelated", &["mid"]),
        ("gnutls", "root", &["mid"]),
        ("tableau-pinned", "root", &["leaf"]),
    ];
    for (client, store, set) in expected {
        let anchors = of(&all, [store]);
        let answer = judge(
            Client::named(client).unwrap(),
            &Presented::of(&chain).named(&names),
            &Store::of(&anchors).knowing(&known),
            at(),
        );
        let wanted: Vec<_> = of(&all, set.iter().copied())
            .iter()
            .map(Certificate::sha256)
            .collect();
        assert_eq!(answer.anchors_needed, Some(wanted), "{client} with {store}");
    }
}
