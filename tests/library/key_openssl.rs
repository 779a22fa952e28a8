//! Random keys and passphrases: what we derive and open against the `openssl`
//! program of this machine. Where there is none the tests say so and pass.

use crate::support::der;
use crate::support::here;
use crate::support::keys;

use aws_lc_rs::rand::fill;
use certcheck::model::{KeyForm, Passphrase, PrivateKey};
use der::{Node, element, integer, octets, parse, sequence};
use keys::section;
use std::io::Write;
use std::process::{Command, Stdio};

fn installed() -> bool {
    here::have("openssl", "openssl")
}

/// What `openssl` prints when it is given `input`, if it succeeds.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    fill(&mut bytes).unwrap();
    bytes
}

fn pkcs8(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[integer(&[0]), algorithm.to_vec(), octets(key)])
}

/// The AlgorithmIdentifier of a key in testdata/keys.
fn algorithm(file: &str) -> Vec<u8> {
    let Node::Sequence(fields) = parse(section(file).contents()) else {
        panic!("{file} is no PKCS#8")
    };
    fields[1].to_der()
}

#[test]
fn random_secrets_give_openssl_s_public_keys() {
    if !installed() {
        return;
    }
    let mut compared = 0;
    for _ in 0..12 {
        let ec = |length, first: u8| {
            let mut scalar = random(length);
            scalar[0] &= first;
            sequence(&[integer(&[1]), octets(&scalar)])
        };
        for (file, body) in [
            ("ec-P-256.pem", ec(32, 0x7f)),
            ("ec-P-384.pem", ec(48, 0x7f)),
            ("ec-P-521.pem", ec(66, 0)),
            ("ed25519.pem", octets(&random(32))),
            ("x25519.pem", octets(&random(32))),
            ("ed448.pem", octets(&random(57))),
            ("x448.pem", octets(&random(56))),
            ("ec-secp256k1.pem", ec(32, 0x7f)),
            ("ec-P-224.pem", ec(28, 0x7f)),
            ("ec-brainpoolP256r1.pem", ec(32, 0x7f)),
            ("ec-brainpoolP384r1.pem", ec(48, 0x7f)),
            ("ec-brainpoolP512r1.pem", ec(64, 0x7f)),
            ("dsa2048-256.pem", integer(&random(31))),
            ("dsa1024-160.pem", integer(&random(19))),
        ] {
            let key = pkcs8(&algorithm(file), &body);
            let ours = PrivateKey::read(KeyForm::Pkcs8, &[], &key, None).unwrap();
            let arguments = ["pkey", "-inform", "DER", "-pubout", "-outform", "DER"];
            let theirs = openssl(&arguments, &key).expect(file);
            assert!(ours.is_proven(), "{file}");
            assert_eq!(ours.public_key_der(), Some(theirs.as_slice()), "{file}");
            compared += 1;
        }
    }
    assert_eq!(compared, 168);
}

#[test]
fn keys_under_any_passphrase_are_opened() {
    if !installed() {
        return;
    }
    let plain = keys::text("ec-P-256.pem");
    let sound = keys::read("ec-P-256.pem", None).unwrap();
    let long = "long ".repeat(40);
    for passphrase in [
        "x",
        "pässwörd",
        "κωδικός 日本",
        "a\u{1f511}b",
        " blank ",
        long.as_str(),
    ] {
        for scheme in [
            &["-v2", "aes-256-cbc"][..],
            &["-v1", "PBE-SHA1-3DES"],
            &["-v1", "PBE-SHA1-2DES"],
            &["-scrypt", "-scrypt_N", "256"],
        ] {
            let pass = format!("pass:{passphrase}");
            let mut arguments = vec!["pkcs8", "-topk8", "-outform", "DER", "-passout", &pass];
            arguments.extend(scheme);
            let encrypted = openssl(&arguments, plain.as_bytes()).expect(passphrase);
            let opened = PrivateKey::read(
                KeyForm::EncryptedPkcs8,
                &[],
                &encrypted,
                Some(&Passphrase::new(passphrase)),
            )
            .unwrap_or_else(|problem| panic!("{passphrase:?} {scheme:?}: {problem}"));
            assert_eq!(opened.public_key_der(), sound.public_key_der());
        }
    }
}

/// What OpenSSL lets scrypt use, measured from both sides of its limit.
#[test]
fn scrypt_loads_where_we_say_that_openssl_loads_it() {
    if !installed() {
        return;
    }
    let plain = section("ec-P-256.pem").into_contents();
    let mut seen = Vec::new();
    for (log_n, r, p) in [
        (14, 8, 1),
        (15, 8, 1),
        (15, 7, 1),
        (10, 8, 16),
        (16, 4, 1),
        (16, 3, 1),
        (14, 8, 4),
    ] {
        let salt = [5; 16];
        let iv = [6; 16];
        let cost = pkcs5::pbes2::ScryptParams {
            salt: &salt,
            cost_parameter: 1 << log_n,
            block_size: r,
            parallelization: p,
            key_length: None,
        };
        let parameters = pkcs5::pbes2::Parameters {
            kdf: cost.into(),
            encryption: pkcs5::pbes2::EncryptionScheme::Aes256Cbc { iv: &iv },
        };
        let mut buffer = [plain.as_slice(), &[0; 16]].concat();
        let ciphertext = parameters
            .encrypt_in_place(keys::PASSPHRASE, &mut buffer, plain.len())
            .unwrap()
            .to_vec();
        let small = |value: u64| integer(&value.to_be_bytes());
        let kdf = sequence(&[
            element(6, &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 0x0b]),
            sequence(&[
                octets(&salt),
                small(1 << log_n),
                small(r.into()),
                small(p.into()),
            ]),
        ]);
        let cipher = sequence(&[
            element(6, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a]),
            octets(&iv),
        ]);
        let scheme = sequence(&[
            element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d]),
            sequence(&[kdf, cipher]),
        ]);
        let encrypted = sequence(&[scheme, octets(&ciphertext)]);
        let key = PrivateKey::read(
            KeyForm::EncryptedPkcs8,
            &[],
            &encrypted,
            Some(&keys::passphrase()),
        )
        .unwrap();
        let arguments = [
            "pkey",
            "-inform",
            "DER",
            "-noout",
            "-passin",
            "pass:open sesame",
        ];
        let loads = openssl(&arguments, &encrypted).is_some();
        let ours = key.encryption().unwrap().openssl3_loads();
        assert_eq!(ours, loads, "N = 2^{log_n}, r = {r}, p = {p}");
        seen.push(loads);
    }
    assert!(seen.contains(&true) && seen.contains(&false));
}
