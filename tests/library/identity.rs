//! The entries for programs that hold a pair in memory, with errors that rustls itself gives.

use certcheck::identity::{Identity, check_identity, diagnose, load_identity};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{Error, RootCertStore};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    fs::read(folder.join(name)).unwrap()
}

fn all(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| bytes(name)).collect()
}

fn identity(names: &[&str]) -> Identity {
    load_identity("server.pem", &all(names)).unwrap_or_else(|error| panic!("{names:?}: {error}"))
}

fn chain(names: &[&str]) -> Vec<CertificateDer<'static>> {
    let pem = all(names);
    let sections = CertificateDer::pem_slice_iter(&pem);
    sections.collect::<Result<_, _>>().unwrap()
}

/// 2026-11-22T12:00:00Z
fn day() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(1_795_348_800))
}

fn name(text: &str) -> ServerName<'static> {
    ServerName::try_from(text.to_owned()).unwrap()
}

/// What rustls says of the chain.
fn refused(chain: &[CertificateDer<'static>], root: &str, host: &str) -> Error {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(&bytes(root)).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let verifier = verifier.build().unwrap();
    let (own, others) = chain.split_first().unwrap();
    verifier
        .verify_server_cert(own, others, &name(host), &[], day())
        .expect_err("rustls accepts it")
}

#[test]
fn what_rustls_refuses_is_explained() {
    let host = "server.example.test";
    for (files, root, host, code) in [
        (
            &["server.crt"][..],
            "root.crt",
            host,
            "chain.missing-intermediate",
        ),
        (
            &["server.crt", "issuing.crt"],
            "other-root.crt",
            host,
            "chain.untrusted-root",
        ),
        (
            &["expired.crt", "issuing.crt"],
            "root.crt",
            host,
            "certificate.expired",
        ),
        (
            &["server.crt", "issuing.crt"],
            "root.crt",
            "other.example.org",
            "certificate.name-mismatch",
        ),
        (
            &["client-only.crt", "issuing.crt"],
            "root.crt",
            host,
            "certificate.purpose",
        ),
    ] {
        let chain = chain(files);
        let error = refused(&chain, root, host);
        let root = CertificateDer::from_pem_slice(&bytes(root)).unwrap();
        let report = diagnose(&error, &chain, &[root], &name(host), day());
        assert!(!report.is_fit(), "{error}");
        let codes: Vec<_> = report
            .answer()
            .findings
            .iter()
            .map(|finding| finding.code().as_str())
            .collect();
        assert_eq!(codes.first(), Some(&code), "{error}: {codes:?}\n{report}");
    }
}

/// An alert of the other side is not in the chain: neither a pass nor somebody's fault.
#[test]
fn what_the_chain_does_not_explain_is_undecided() {
    let chain = chain(&["server.crt", "issuing.crt"]);
    let root = CertificateDer::from_pem_slice(&bytes("root.crt")).unwrap();
    let error = Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
    let report = diagnose(&error, &chain, &[root], &name("server.example.test"), day());
    assert_eq!(report.answer().verdict().as_str(), "undecided");
    let serde = serde_json::to_value(&report.answer().findings).unwrap();
    assert!(serde.is_array());
}

#[test]
fn a_pair_is_fit_or_says_why_not() {
    let host = [name("server.example.test")];
    let sound = identity(&["server.crt", "issuing.crt", "server.key"]);
    assert_eq!(sound.chain.len(), 2);
    let report = check_identity(&sound.chain, &sound.key, &host, day());
    assert!(report.is_fit(), "{report}");
    assert_eq!(report.to_string(), "pass");

    let other = identity(&["p256.crt", "issuing.crt", "p256.key"]);
    for (chain, key, host, code) in [
        (
            &sound.chain,
            &other.key,
            "server.example.test",
            "key.mismatch",
        ),
        (
            &sound.chain,
            &sound.key,
            "other.example.org",
            "certificate.name-mismatch",
        ),
        (
            &sound.chain[..1].to_vec(),
            &sound.key,
            "server.example.test",
            "chain.missing-intermediate",
        ),
    ] {
        let report = check_identity(chain, key, &[name(host)], day());
        assert!(!report.is_fit(), "{code}");
        assert!(
            report.to_string().contains(&format!("error[{code}]")),
            "{code}: {report}"
        );
        let finding = serde_json::to_value(&report.answer().findings[0]).unwrap();
        assert_eq!(finding["severity"], "error");
    }
}

#[test]
fn a_file_that_is_no_pair_says_where_and_what_to_do() {
    let mut damaged = all(&["server.crt", "server.key"]);
    let place = damaged
        .windows(3)
        .position(|window| window == b"MII")
        .unwrap();
    damaged[place] = b'!';
    for (what, pem, says) in [
        ("damaged", damaged, "server.pem:2"),
        ("no key", all(&["server.crt"]), "no private key"),
        ("no certificate", all(&["server.key"]), "no certificate"),
        (
            "two keys",
            all(&["server.crt", "server.key", "p256.key"]),
            "several private keys",
        ),
        (
            "another key",
            all(&["server.crt", "p256.key"]),
            "key.mismatch",
        ),
        (
            "encrypted",
            all(&["server.crt", "server.pbes2.key"]),
            "encrypted (openssl pkey",
        ),
        ("nothing", Vec::new(), "no certificate"),
        ("text", b"hello".to_vec(), "no certificate"),
    ] {
        let error = load_identity("server.pem", &pem).expect_err(what);
        assert!(error.to_string().contains(says), "{what}: {error}");
    }
}
