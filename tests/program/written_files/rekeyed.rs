//! Keys in another form, under another passphrase, and in PKCS#12: the same key to certcheck,
//! OpenSSL and Java.

use super::*;
use crate::support::here;

fn key_id(words: &[&str]) -> String {
    let output = certcheck(&[&["key-id"], words].concat());
    assert_eq!(code(&output), 0, "{words:?}: {}", stderr(&output));
    let text = stdout(&output);
    text.split_whitespace().next().unwrap().to_owned()
}

/// Whether OpenSSL refuses it: where OpenSSL is missing, that is counted as skipped.
fn refused_by_openssl(words: &[&str]) -> bool {
    here::have("openssl", "openssl")
        && !Command::new("openssl")
            .args(words)
            .output()
            .unwrap()
            .status
            .success()
}

#[test]
fn each_form_is_the_same_key() {
    let dir = scratch();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let new = put(dir.path(), "new.pass", b"new secret\n");
    let old = pki("passphrase.txt");
    for (from, to, label, closed) in [
        ("server.pkcs1.key", "pkcs8", "PRIVATE KEY", false),
        ("server.key", "traditional", "RSA PRIVATE KEY", false),
        ("p256.sec1.key", "pkcs8", "PRIVATE KEY", false),
        ("p256.key", "traditional", "EC PRIVATE KEY", false),
        ("dsa.key", "traditional", "DSA PRIVATE KEY", false),
        ("ed25519.key", "pkcs8", "PRIVATE KEY", false),
        ("server.pbes2.key", "pkcs8", "ENCRYPTED PRIVATE KEY", true),
    ] {
        let out = path(&format!("{from}.{to}"));
        let words = [
            "convert",
            &pki(from),
            "--to",
            to,
            "-o",
            &out,
            "--passphrase-file",
            &old,
        ];
        let output = certcheck(&words);
        assert_eq!(code(&output), 0, "{from}: {}", stderr(&output));
        let text = fs::read_to_string(&out).unwrap();
        assert!(
            text.starts_with(&format!("-----BEGIN {label}-----")),
            "{from}: {text:.40}"
        );
        assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600, "{from}");
        assert_eq!(
            key_id(&[&out, "--passphrase-file", &old]),
            key_id(&[&pki(from), "--passphrase-file", &old]),
            "{from}"
        );
        if !closed {
            assert!(
                !refused_by_openssl(&["pkey", "-in", &out, "-check", "-noout"]),
                "{from}"
            );
        }
    }
    // Encrypted under the new passphrase, and opened again.
    let (sealed, open) = (path("sealed.key"), path("open.key"));
    let words = [
        "convert",
        &pki("p256.key"),
        "--to",
        "pem",
        "--key-passphrase-file",
        &new,
        "-o",
        &sealed,
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    assert!(
        fs::read_to_string(&sealed)
            .unwrap()
            .contains("BEGIN ENCRYPTED PRIVATE KEY")
    );
    let pass = format!("file:{new}");
    assert!(!refused_by_openssl(&[
        "pkey", "-in", &sealed, "-passin", &pass, "-noout"
    ]));
    let words = [
        "convert",
        &sealed,
        "--to",
        "pem",
        "--decrypt-key",
        "--passphrase-file",
        &new,
        "-o",
        &open,
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    assert_eq!(key_id(&[&open]), key_id(&[&pki("p256.key")]));
    // What cannot be: a closed key, a form that the key does not have, no key at all.
    for (from, to) in [
        ("server.pbes2.key", "pkcs8"),
        ("ed25519.key", "traditional"),
        ("server.crt", "pkcs8"),
    ] {
        refused(&["convert", &pki(from), "--to", to], from);
    }
}

#[test]
fn pkcs12_is_read_by_all() {
    let dir = scratch();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let new = put(dir.path(), "new.pass", "chang\u{e9} it\n".as_bytes());
    let ascii = put(dir.path(), "ascii.pass", b"changeit\n");
    for name in ["server", "p256", "ed25519"] {
        let parts = [
            format!("{name}.key"),
            format!("{name}.crt"),
            "issuing.crt".to_owned(),
        ];
        let all: Vec<u8> = parts
            .iter()
            .flat_map(|part| fs::read(pki(part)).unwrap())
            .collect();
        let all = put(dir.path(), &format!("{name}.pem"), &all);
        for (pass, word) in [(&new, "chang\u{e9} it"), (&ascii, "changeit")] {
            let out = path(&format!("{name}.{}.p12", word.len()));
            let words = [
                "convert",
                &all,
                "--to",
                "pkcs12",
                "--key-passphrase-file",
                pass,
                "-o",
                &out,
                "--at",
                AT,
            ];
            let output = certcheck(&words);
            assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
            assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600);
            let (found, document) =
                document(&["inspect", &out, "--passphrase-file", pass, "--at", AT]);
            assert_eq!(
                document["result"]["objects"].as_array().unwrap().len(),
                4,
                "{found}"
            );
            let words = [
                "pkcs12",
                "-in",
                &out,
                "-nodes",
                "-passin",
                &format!("pass:{word}"),
            ];
            assert!(!refused_by_openssl(&words), "{name}");
            // Java 17 takes the passphrase from its arguments in the locale of the process.
            if word == "changeit" && here::have("keytool", "default-jdk-headless") {
                let output = Command::new("keytool")
                    .args(["-list", "-v", "-storepass", word, "-keystore", &out])
                    .output()
                    .unwrap();
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(text.contains("PrivateKeyEntry"), "{name}: {text}");
                assert!(
                    text.contains("Certificate chain length: 2"),
                    "{name}: {text}"
                );
            }
        }
    }
    // A key without its certificate, and no passphrase.
    refused(
        &[
            "convert",
            &pki("server.key"),
            "--to",
            "pkcs12",
            "--key-passphrase-file",
            &new,
        ],
        "server.key",
    );
    refused(
        &["convert", &path("server.pem"), "--to", "pkcs12"],
        "--key-passphrase-file",
    );
}

#[test]
fn what_is_replaced_is_kept_and_a_directory_is_made() {
    let dir = scratch();
    let file = put(
        dir.path(),
        "server.key",
        &fs::read(pki("server.pkcs1.key")).unwrap(),
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let before = fs::read(&file).unwrap();
    for kept in ["server.key.bak", "server.key.bak2"] {
        let words = [
            "convert",
            &pki("server.pkcs1.key"),
            "--to",
            "pkcs8",
            "--backup",
            "-o",
            &file,
        ];
        assert_eq!(code(&certcheck(&words)), 0);
        assert!(dir.path().join(kept).exists(), "{kept}");
    }
    assert_eq!(fs::read(dir.path().join("server.key.bak")).unwrap(), before);
    assert_ne!(fs::read(&file).unwrap(), before);
    let new = dir.path().join("new");
    let words = [
        "convert",
        &pki("fullchain.crt"),
        "--to",
        "der",
        "-o",
        new.to_str().unwrap(),
    ];
    let output = certcheck(&words);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_dir(&new).unwrap().count(), 2);
}
