//! Encrypted keys as OpenSSL writes them: opened, or named with the reason.

use crate::containers_real::programs::{PROVIDERS, file, have, run};
use certcheck::model::{KeyForm, KeyProblem, Passphrase, PrivateKey};

const SESAME: &str = "pass:open sesame";

/// Schemes of `openssl pkcs8 -topk8` that are opened.
const OPENED: &[&[&str]] = &[
    &["-v2", "aes-128-cbc"],
    &["-v2", "aes-192-cbc"],
    &["-v2", "aes-256-cbc"],
    &["-v2", "camellia-128-cbc"],
    &["-v2", "camellia-192-cbc"],
    &["-v2", "camellia-256-cbc"],
    &["-v2", "aria-128-cbc"],
    &["-v2", "aria-192-cbc"],
    &["-v2", "aria-256-cbc"],
    &["-v2", "des3"],
    &["-v2", "des"],
    &["-v2", "rc2"],
    &["-v2", "rc2-64-cbc"],
    &["-v2", "rc2-40-cbc"],
    &["-v2", "aria-256-cbc", "-v2prf", "hmacWithSHA512"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithMD5"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512-224"],
    &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512-256"],
    &["-v2", "aes-256-cbc", "-iter", "100000"],
    &["-v2", "camellia-128-cbc", "-scrypt", "-scrypt_N", "1024"],
    &["-scrypt", "-scrypt_N", "1024"],
    &["-scrypt"],
    &["-v1", "PBE-MD5-DES"],
    &["-v1", "PBE-SHA1-RC2-64"],
    &["-v1", "PBE-MD5-RC2-64"],
    &["-v1", "PBE-SHA1-DES"],
    &["-v1", "PBE-SHA1-RC4-128"],
    &["-v1", "PBE-SHA1-RC4-40"],
    &["-v1", "PBE-SHA1-3DES"],
    &["-v1", "PBE-SHA1-2DES"],
    &["-v1", "PBE-SHA1-RC2-128"],
    &["-v1", "PBE-SHA1-RC2-40"],
];

/// Those that are named and stay closed.
const NAMED: &[&[&str]] = &[
    &["-v2", "sm4-cbc"],
    &["-v2", "bf-cbc"],
    &["-v2", "cast5-cbc"],
    &["-v2", "seed-cbc"],
    &["-v2", "aes-256-cfb"],
    &["-v2", "aes-128-ofb"],
    &["-v2", "aes-256-ecb"],
    &["-v2", "rc4"],
    &["-v2", "camellia-256-ctr"],
    &["-v2", "id-aes256-wrap-pad"],
];

/// Ciphers of DEK-Info that are opened, and that are named.
const TRADITIONAL: [&[&str]; 2] = [
    &[
        "aes-128-cbc",
        "aes-192-cbc",
        "aes-256-cbc",
        "camellia-128-cbc",
        "camellia-192-cbc",
        "camellia-256-cbc",
        "aria-128-cbc",
        "aria-192-cbc",
        "aria-256-cbc",
        "des",
        "des3",
        "des-ede-cbc",
        "rc2",
        "rc2-64-cbc",
        "rc2-40-cbc",
    ],
    &[
        "seed-cbc",
        "sm4-cbc",
        "bf-cbc",
        "cast5-cbc",
        "aes-256-cfb",
        "aes-128-ofb",
    ],
];

/// An encrypted key: opened with the passphrase or not, never with another, and
/// loaded by OpenSSL's default provider where we say so.
fn judge(text: &[u8], opened: bool, words: &[&str]) {
    let section = pem::parse(text).unwrap();
    let form = KeyForm::from_label(section.tag()).unwrap();
    let headers: Vec<_> = section
        .headers()
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let read = |passphrase: Option<&str>| {
        let passphrase = passphrase.map(Passphrase::new);
        PrivateKey::read(form, &headers, section.contents(), passphrase.as_ref())
    };
    let Err(KeyProblem::Encrypted(encryption)) = read(None) else {
        panic!("{words:?} is not encrypted");
    };
    let loads = run("openssl", &["pkey", "-noout", "-passin", SESAME], text).is_some();
    assert_eq!(
        encryption.openssl3_loads(),
        loads,
        "{words:?}: {encryption}"
    );
    let wrong = read(Some("Open sesame")).map(drop);
    if opened {
        let key = read(Some("open sesame")).unwrap_or_else(|why| panic!("{words:?}: {why}"));
        let ask = ["pkey", "-pubout", "-outform", "DER", "-passin", SESAME];
        let theirs = run("openssl", &[&ask[..], &PROVIDERS].concat(), text).unwrap();
        assert_eq!(key.public_key_der(), Some(theirs.as_slice()), "{words:?}");
        assert_eq!(
            wrong,
            Err(KeyProblem::WrongPassphrase(encryption)),
            "{words:?}"
        );
    } else {
        assert!(
            !encryption.scheme().contains("unknown"),
            "{words:?}: {encryption}"
        );
        assert_eq!(
            wrong,
            Err(KeyProblem::NotDecryptable(encryption)),
            "{words:?}"
        );
    }
}

#[test]
fn keys_under_every_scheme_of_openssl() {
    if !have("openssl") {
        return;
    }
    let key = file("server.key");
    let mut judged = 0;
    for (schemes, opened) in [(OPENED, true), (NAMED, false)] {
        for scheme in schemes {
            let words = ["pkcs8", "-topk8", "-in", &key, "-passout", SESAME];
            let made = run("openssl", &[&words[..], &PROVIDERS, scheme].concat(), b"");
            judge(
                &made.unwrap_or_else(|| panic!("openssl pkcs8 {scheme:?}")),
                opened,
                scheme,
            );
            judged += 1;
        }
    }
    for (ciphers, opened) in [(TRADITIONAL[0], true), (TRADITIONAL[1], false)] {
        for cipher in ciphers {
            let option = format!("-{cipher}");
            let words = [
                "pkey",
                "-traditional",
                "-in",
                &key,
                "-passout",
                SESAME,
                &option,
            ];
            let made = run("openssl", &[&words[..], &PROVIDERS].concat(), b"");
            let made = made.unwrap_or_else(|| panic!("openssl pkey {cipher}"));
            assert!(made.windows(8).any(|window| window == b"DEK-Info"));
            judge(&made, opened, &[cipher]);
            judged += 1;
        }
    }
    assert_eq!(judged, 67);
}
