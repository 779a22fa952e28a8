//! Every key of testdata/keys is read as testdata/keys/expected.tsv says, and
//! the public keys that we derive are those that OpenSSL derived.

use crate::support::keys;

use certcheck::model::{Curve, KeyAlgorithm, KeyProblem, PrivateKey, PublicKey};
use keys::{PASSPHRASE, passphrase, read, section, sections};
use std::collections::BTreeMap;

/// One line of expected.tsv: what reading the file gives.
fn describe(read: &Result<PrivateKey, KeyProblem>) -> Vec<String> {
    let key = match read {
        Ok(key) => key,
        Err(problem) => {
            let kind = match problem {
                KeyProblem::Malformed(_) => "malformed",
                KeyProblem::Encrypted(_) => "encrypted",
                KeyProblem::WrongPassphrase(_) => "wrong-passphrase",
                KeyProblem::NotDecryptable(_) => "not-decryptable",
                KeyProblem::TooCostly { .. } => "too-costly",
                _ => "other",
            };
            let scheme = problem
                .encryption()
                .map_or("-".to_owned(), |e| loads(e.scheme(), e.openssl3_loads()));
            return vec![kind.into(), "-".into(), "-".into(), "-".into(), scheme];
        }
    };
    vec![
        key.form().to_string(),
        key.algorithm().to_string(),
        key.bits().map_or("-".into(), |bits| bits.to_string()),
        match (key.check(), key.is_proven(), key.public_key_der()) {
            (Err(wrong), ..) => format!("inconsistent: {}", wrong.relation),
            (Ok(()), true, _) => "proven".into(),
            (Ok(()), false, Some(_)) => "stored".into(),
            (Ok(()), false, None) => "none".into(),
        },
        key.encryption()
            .map_or("-".to_owned(), |e| loads(e.scheme(), e.openssl3_loads())),
    ]
}

fn loads(scheme: &str, loads: bool) -> String {
    format!("{scheme} / {}", if loads { "loads" } else { "refused" })
}

#[test]
fn every_key_is_read_as_expected() {
    let expected: BTreeMap<String, Vec<String>> = keys::text("expected.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            (fields.next().unwrap(), fields.collect())
        })
        .collect();
    let found: BTreeMap<String, Vec<String>> = keys::files(".pem")
        .into_iter()
        .map(|file| {
            let described = describe(&read(&file, Some(&passphrase())));
            (file, described)
        })
        .collect();
    let differences: Vec<_> = found
        .iter()
        .filter(|(file, row)| expected.get(*file) != Some(row))
        .map(|(file, row)| format!("{file}\t{}", row.join("\t")))
        .chain(
            expected
                .keys()
                .filter(|file| !found.contains_key(*file))
                .map(|file| format!("{file} is gone")),
        )
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    assert_eq!(found.len(), expected.len());
    assert!(found.len() >= 90, "only {} keys", found.len());
}

/// The file with the public key that OpenSSL derived for this private key.
fn public_file(file: &str) -> String {
    let stem = file.split(".sec1").next().unwrap().trim_end_matches(".pem");
    let stem = stem
        .trim_end_matches(".pkcs1")
        .trim_end_matches(".traditional")
        .trim_end_matches("-parameters-in-front")
        .trim_end_matches("-no-public");
    let stem = match stem {
        "ec-P-256-compressed" | "encrypted-dek-ec" => "ec-P-256",
        "encrypted-dek-dsa" => "dsa1024-160",
        "encrypted-pbes2-rsa2048" => "rsa2048",
        dek if dek.starts_with("encrypted-dek-") => "rsa1024",
        other if other.starts_with("encrypted-") => "ec-P-256",
        other => other,
    };
    format!("{stem}.pub")
}

#[test]
fn derived_public_keys_are_openssl_s() {
    let mut compared = 0;
    for file in keys::files(".pem") {
        let Ok(key) = read(&file, Some(&passphrase())) else {
            continue;
        };
        let Some(derived) = key.public_key_der() else {
            continue;
        };
        let public = section(&public_file(&file));
        let parsed = PublicKey::parse(derived).unwrap();
        if *key.algorithm() == KeyAlgorithm::Ec(Curve::Explicit) {
            // OpenSSL writes the curve out again; ours names it.
            let theirs = PublicKey::parse(public.contents()).unwrap();
            assert_eq!(derived, &*theirs.canonical_der(), "{file}");
            assert_eq!(*parsed.algorithm(), KeyAlgorithm::Ec(Curve::P256), "{file}");
        } else {
            assert_eq!(derived, public.contents(), "{file}");
            assert_eq!(parsed.algorithm(), key.algorithm(), "{file}");
        }
        assert_eq!(parsed.bits(), key.bits(), "{file}");
        assert_eq!(Some(parsed.spki_sha256()), key.spki_sha256(), "{file}");
        compared += 1;
    }
    assert!(compared >= 80, "only {compared} compared");
}

#[test]
fn points_are_the_same_key_in_every_form() {
    for curve in ["P-256", "P-384", "P-521", "secp256k1"] {
        let plain = section(&format!("ec-{curve}.pub"));
        let plain = PublicKey::parse(plain.contents()).unwrap();
        for form in ["compressed", "hybrid"] {
            let other = section(&format!("ec-{curve}-{form}.pub"));
            let other = PublicKey::parse(other.contents()).unwrap();
            assert_ne!(other.der(), plain.der());
            assert_eq!(other.canonical_der(), plain.der(), "{curve} {form}");
            assert!(other.same_key(&plain) && plain.same_key(&other));
        }
    }
}

#[test]
fn only_equal_keys_are_the_same() {
    let files = keys::files(".pub");
    let sections: Vec<_> = files
        .iter()
        .filter(|file| !file.contains("pkcs1"))
        .map(|file| {
            (
                file.replace("-compressed", "").replace("-hybrid", ""),
                section(file),
            )
        })
        .collect();
    for (name, one) in &sections {
        let one = PublicKey::parse(one.contents()).unwrap();
        for (other_name, other) in &sections {
            let other = PublicKey::parse(other.contents()).unwrap();
            assert_eq!(
                one.same_key(&other),
                name == other_name,
                "{name} {other_name}"
            );
        }
    }
    assert!(sections.len() >= 35, "only {}", sections.len());
}

#[test]
fn without_a_passphrase_the_scheme_is_told() {
    let mut seen = 0;
    for file in keys::files(".pem") {
        if file.starts_with("encrypted-") {
            let problem = read(&file, None).unwrap_err();
            assert!(matches!(problem, KeyProblem::Encrypted(_)), "{file}");
            assert!(!problem.to_string().contains(PASSPHRASE));
            seen += 1;
        }
    }
    assert!(seen >= 37, "only {seen}");
}

#[test]
fn a_wrong_passphrase_is_told_apart_from_damage() {
    let wrong = certcheck::model::Passphrase::new("wrong");
    let mut seen = 0;
    for file in keys::files(".pem") {
        if !file.starts_with("encrypted-") {
            continue;
        }
        match read(&file, Some(&wrong)) {
            Err(KeyProblem::WrongPassphrase(_)) => seen += 1,
            Err(KeyProblem::NotDecryptable(_)) => {}
            other => panic!("{file}: {other:?}"),
        }
    }
    assert!(seen >= 28, "only {seen}");
}

#[test]
fn debug_shows_no_secret() {
    for file in keys::files(".pem") {
        let Ok(key) = read(&file, Some(&passphrase())) else {
            continue;
        };
        let shown = format!("{key:?}");
        let secret = key.secret_der();
        let tail = &secret[secret.len().saturating_sub(16)..];
        let hex: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.contains(&hex), "{file}");
        assert!(!shown.contains(&format!("{tail:?}")[1..20]), "{file}");
    }
}

#[test]
fn requests_give_their_key_and_names() {
    for (file, public, names) in [
        ("rsa2048.csr", "rsa2048.pub", 2),
        ("ec-P-256.csr", "ec-P-256.pub", 0),
        ("ed25519.csr", "ed25519.pub", 0),
    ] {
        let pem = section(file);
        let request = certcheck::model::CertificationRequest::parse(pem.contents()).unwrap();
        assert_eq!(request.spki_der(), section(public).contents());
        assert!(request.public_key().is_ok());
        assert!(
            pem.contents()
                .windows(4)
                .any(|w| w == &request.signed_der()[..4])
        );
        let wanted = request.subject_alt_names_der();
        assert_eq!(wanted.is_some(), names > 0, "{file}");
        if let Some(wanted) = wanted {
            assert!(wanted.windows(11).any(|window| window == b"server.test"));
        }
    }
}

#[test]
fn labels_and_bytes_tell_the_same_form() {
    use certcheck::model::KeyForm;
    let mut seen = 0;
    for file in keys::files(".pem") {
        for pem in sections(&file) {
            let Some(form) = KeyForm::from_label(pem.tag()) else {
                continue;
            };
            if pem.headers().get("DEK-Info").is_none() {
                assert_eq!(KeyForm::sniff(pem.contents()), Some(form), "{file}");
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "only {seen}");
}

#[test]
fn an_rsa_public_key_by_itself_has_the_same_identity() {
    let alone = section("rsa2048.pkcs1.pub");
    let spki = PublicKey::spki_of_pkcs1(alone.contents()).unwrap();
    assert_eq!(spki, section("rsa2048.pub").contents());
    assert!(PublicKey::spki_of_pkcs1(&alone.contents()[1..]).is_err());
}
