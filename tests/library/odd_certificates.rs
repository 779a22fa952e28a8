//! Odd certificates against what real clients said of them, cell by cell.
//!
//! What is predicted otherwise stands here by name, with its reason; a prediction of
//! "accepts" for a client that refused is never among them but where the measuring
//! itself was at fault.

use crate::support::here;

use certcheck::client::{Client, Presented, Store, judge};
use certcheck::encoding::Document;
use certcheck::model::Certificate;
use certcheck::server_name::ServerName;
use certcheck::{Source, Time};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/odd")
}

fn ders(path: &Path) -> Vec<Vec<u8>> {
    let source = Source::new("odd", std::fs::read(path).unwrap());
    let document = Document::read(source);
    let sections = document.sections().iter();
    sections
        .map(|section| section.der().unwrap().to_vec())
        .collect()
}

/// What is predicted of a case: by client, the verdict and the stage.
fn predicted(chain: &Path, root: &Path, host: &str, client: &str, at: Time) -> (String, String) {
    let (chain, root) = (ders(chain), ders(root));
    let read: Result<Vec<_>, _> = chain.iter().map(|der| Certificate::parse(der)).collect();
    let Ok(read) = read else {
        // Of such a chain nothing is said (`certificates`: not run).
        return ("undecided".to_owned(), "reads".to_owned());
    };
    let anchors: Vec<_> = root
        .iter()
        .map(|der| Certificate::parse(der).unwrap())
        .collect();
    let names: [ServerName; 1] = [host.parse().unwrap()];
    let client = Client::named(client).unwrap();
    let judgement = judge(
        client,
        &Presented::of(&read).named(&names),
        &Store::of(&anchors),
        at,
    );
    let stage = judgement
        .reason
        .map_or("", |reason| reason.cause.stage().as_str());
    (judgement.verdict.as_str().to_owned(), stage.to_owned())
}

/// Every cell of a table: those that differ, as `case client predicted`.
fn differing(
    table: &Path,
    files: impl Fn(&str) -> (PathBuf, PathBuf),
    at: &str,
) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(table).unwrap();
    let mut differ = Vec::new();
    let mut cells = 0;
    for row in text.lines().skip(1) {
        let fields: Vec<_> = row.split('\t').collect();
        let [case, host, client, verdict, ..] = fields.as_slice() else {
            panic!("{row}")
        };
        let (chain, root) = files(case);
        let (found, _) = predicted(&chain, &root, host, client, at.parse().unwrap());
        cells += 1;
        if found != *verdict {
            differ.push(format!("{case} {client} {found}"));
        }
    }
    (cells, differ)
}

#[test]
fn the_37_odd_certificates_as_measured() {
    let at = directory();
    let files = |case: &str| {
        let of = at.join(case);
        (of.join("fullchain.crt"), of.join("root.crt"))
    };
    let (cells, differ) = differing(&at.join("verdicts.tsv"), files, "2026-11-28T17:00:00Z");
    println!("odd: {cells} cells, {} differ", differ.len());
    assert_eq!(cells, 333);
    // The measuring server sent the certificate twice (`-cert_chain` with the whole
    // file). In 11b Java took the second for a CA; sent once, Java 17 accepts. In 13 Java
    // searched, because the list was out of order, and a search asks for no serial number; sent
    // once, Java 17 refuses.
    assert_eq!(differ, ["11b java accepts", "13 java refuses"]);
    here::compared("odd certificates", "nine clients", cells, 333, 0);
}

#[test]
fn our_own_odd_certificates_as_measured() {
    let at = directory().join("own");
    let root = at.join("root.crt");
    let files = |case: &str| (at.join(format!("{case}.crt")), root.clone());
    let (cells, differ) = differing(&at.join("verdicts.tsv"), files, "2026-11-28T19:28:30Z");
    println!("own odd: {cells} cells, {} differ", differ.len());
    assert!(cells > 1_200, "{cells}");
    let expected: BTreeMap<&str, &str> = [
        (
            "ecdsa-alg-null",
            "an ECDSA signature whose algorithm has a NULL is not computed",
        ),
        (
            "mid-ec-explicit",
            "a signature by a key with explicit parameters is not computed",
        ),
        (
            "length-indefinite",
            "BER: the certificate is not read, nothing is said",
        ),
        (
            "length-not-shortest",
            "BER: the certificate is not read, nothing is said",
        ),
        (
            "rdn-empty",
            "an RDN without attributes: the certificate is not read",
        ),
        (
            "signature-unused-bits",
            "a signature of no whole bytes: the certificate is not read",
        ),
        (
            "mid-bc-path-negative",
            "GnuTLS takes a CA whose pathLenConstraint is negative",
        ),
        ("san-twice", "NSS reads the first subjectAltName of two"),
    ]
    .into();
    for cell in &differ {
        let case = cell.split(' ').next().unwrap();
        assert!(expected.contains_key(case), "{cell}");
        assert!(!cell.ends_with(" accepts"), "{cell}: a false accept");
    }
    here::compared("our odd certificates", "nine clients", cells, 1_200, 0);
}

#[test]
fn compared_chains_as_measured() {
    let at = directory().join("compared");
    let files = |case: &str| {
        let of = |end: &str| at.join(format!("{case}{end}.crt"));
        (of(""), of(".root"))
    };
    let (cells, differ) = differing(&at.join("verdicts.tsv"), files, "2026-11-29T00:30:00Z");
    println!("compared: {cells} cells, {} differ", differ.len());
    assert!(cells > 400, "{cells}");
    assert_eq!(differ, [""; 0]);
    here::compared("compared chains", "thirteen clients", cells, 400, 0);
}

/// What parsers make of extensions, names and keys, one oddity a case. Nothing else than
/// what was measured, but for what is not decided.
#[test]
fn parsers_as_measured() {
    let at = directory().join("parsers");
    let files = |case: &str| {
        let of = |end: &str| at.join(format!("{case}{end}.crt"));
        (of(""), of(".root"))
    };
    let (cells, differ) = differing(&at.join("verdicts.tsv"), files, "2026-11-29T11:00:00Z");
    println!("parsers: {cells} cells, {} differ", differ.len());
    assert!(cells > 1_300, "{cells}");
    let wrong: Vec<_> = differ
        .iter()
        .filter(|cell| !cell.ends_with(" undecided"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(differ, [""; 0]);
    here::compared("parsers", "twelve clients", cells, 1_300, 0);
}

#[test]
fn each_refusal_says_where_it_ends() {
    let own = directory().join("own");
    let (root, at) = (
        own.join("root.crt"),
        "2026-11-28T19:28:30Z".parse().unwrap(),
    );
    for (case, client, stage) in [
        ("boolean-01", "go", "reads"),
        ("printable-under", "go", "reads"),
        ("serial-negative", "go", "reads"),
        ("ku-twice", "java", "reads"),
        ("san-tag-9", "openssl", "reads"),
        ("general-fraction", "gnutls", "reads"),
        ("unknown-critical", "openssl", "path"),
        ("eku-empty", "java", "path"),
        ("san-underscore", "java", "name"),
        ("rsa-8200", "go", "handshake"),
    ] {
        let chain = own.join(format!("{case}.crt"));
        let host = match case {
            "san-underscore" => "my_server.example.test",
            _ => "server.example.test",
        };
        let found = predicted(&chain, &root, host, client, at);
        assert_eq!(
            found,
            ("refuses".to_owned(), stage.to_owned()),
            "{case} {client}"
        );
    }
}
