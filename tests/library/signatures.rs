//! Signatures of every algorithm, made by OpenSSL: whole they hold, with any
//! byte changed they do not.

use certcheck::model::Certificate;
use certcheck::signature::{SignatureProblem, signed_by};
use std::path::Path;

fn cases() -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/signature");
    let mut cases: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "der"))
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect();
    cases.sort();
    cases
}

#[test]
fn every_algorithm_holds() {
    let cases = cases();
    assert_eq!(cases.len(), 44);
    for (name, der) in &cases {
        let certificate = Certificate::parse(der).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(signed_by(&certificate, &certificate), Ok(()), "{name}");
    }
}

#[test]
fn a_changed_byte_is_seen() {
    for (name, der) in &cases() {
        let signed = Certificate::parse(der).unwrap().signed_der().len();
        // The last byte of the subject's commonName, and of the signature.
        for place in [signed - 20, der.len() - 1] {
            let mut changed = der.clone();
            changed[place] ^= 1;
            if let Ok(certificate) = Certificate::parse(&changed) {
                assert!(
                    signed_by(&certificate, &certificate).is_err(),
                    "{name} at {place}"
                );
            }
        }
    }
}

#[test]
fn keys_of_other_algorithms_are_told_apart() {
    let cases = cases();
    let find = |wanted: &str| &cases.iter().find(|(name, _)| name == wanted).unwrap().1;
    let [rsa, ec, dsa] = ["rsa2048-sha256", "ec-P-256-sha256", "dsa2048-256-sha256"]
        .map(|name| Certificate::parse(find(name)).unwrap());
    for (certificate, issuer) in [(&rsa, &ec), (&ec, &dsa), (&dsa, &rsa)] {
        let found = signed_by(certificate, issuer);
        assert!(
            matches!(found, Err(SignatureProblem::OtherAlgorithm { .. })),
            "{found:?}"
        );
    }
    let other = Certificate::parse(find("rsa1024-sha256")).unwrap();
    assert_eq!(signed_by(&rsa, &other), Err(SignatureProblem::Wrong));
}
