//! What `assemble` writes, and what no output of certcheck ever replaces.

use super::*;
use crate::support::here;
use std::io::{Cursor, Write};

/// Copies of these files, by their names in the test data.
fn copies(dir: &Path, names: &[&str]) -> Vec<String> {
    let all = names.iter();
    all.map(|name| put(dir, name, &fs::read(pki(name)).unwrap()))
        .collect()
}

fn assemble(server: &str, out: &Path, files: &[String], more: &[&str]) -> std::process::Output {
    let mut words = vec!["assemble", "--for", server, "--at", AT, "-o"];
    words.push(out.to_str().unwrap());
    words.extend(files.iter().map(String::as_str));
    words.extend(more);
    certcheck(&words)
}

#[test]
fn no_input_is_replaced_by_an_output() {
    let dir = scratch();
    let files = copies(dir.path(), &["server.crt", "server.key", "issuing.crt"]);
    let before: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for file in &files[..2] {
        let words = [
            "preflight",
            "--cert-file",
            &files[0],
            "--chain-file",
            &files[2],
            "--key-file",
            &files[1],
            "--at",
            AT,
            "--receipt",
            file,
            "--force",
        ];
        refused(&words, "is one of the inputs");
    }
    let words = [
        "convert", &files[1], "--to", "der", "-o", &files[1], "--force",
    ];
    refused(&words, "is one of the inputs");
    let output = assemble("nginx", dir.path(), &files, &["--force"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("is one of the inputs"));
    let after: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    assert_eq!(before, after);
    refused(&["assemble", "--for", "nginx", &files[0], "-o", "-"], "-o");
    let words = ["preflight", "--cert-file", &files[0], "--receipt", "-"];
    refused(&words, "--receipt");
}

/// The second file cannot be written: the first is what it was.
#[test]
fn a_new_certificate_is_never_left_beside_an_old_key() {
    let dir = scratch();
    let files: Vec<_> = ["server.crt", "server.key", "issuing.crt"]
        .map(pki)
        .to_vec();
    let out = dir.path().join("live");
    fs::create_dir(&out).unwrap();
    put(&out, "server.crt", b"old certificate");
    let key = put(&out, "server.key", b"old key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o666)).unwrap();
    let output = assemble("nginx", &out, &files, &["--force"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert_eq!(
        fs::read(out.join("server.crt")).unwrap(),
        b"old certificate"
    );
    assert_eq!(fs::read(&key).unwrap(), b"old key");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let output = assemble("nginx", &out, &files, &["--force"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_ne!(fs::read(&key).unwrap(), b"old key");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2, "no backup is left");
    // A chain of an earlier run, which the settings in use still name.
    put(&out, "chain.crt", b"old chain");
    let alone: Vec<_> = ["self-signed.crt", "server.key"].map(pki).to_vec();
    let output = assemble("apache", &out, &alone, &["--force"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("chain.crt"));
}

#[test]
fn the_certificate_of_the_ca_comes_before_one_of_the_programs_own() {
    let dir = scratch();
    let names = ["self-signed.crt", "server.crt", "issuing.crt", "server.key"];
    let out = dir.path().join("new");
    let output = assemble("nginx", &out, &names.map(pki), &[]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let text = stdout(&output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(text.contains("if they trust the topmost issuer"), "{text}");
    assert!(text.contains("another certificate of this key"), "{text}");
    let made = fs::read_to_string(out.join("server.crt")).unwrap();
    assert_eq!(made.matches("BEGIN CERTIFICATE").count(), 2);
}

/// A root is among the files, and the issuer below it is not: an intermediate is missing, or
/// the root is a stranger. With the anchors it is known which.
#[test]
fn a_chain_that_does_not_reach_the_root_beside_it_is_undecided() {
    let dir = scratch();
    let out = dir.path().join("new");
    let files = ["deep.crt", "sub.crt", "root.crt", "server.key"].map(pki);
    let output = assemble("nginx", &out, &files, &["--format", "json"]);
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["verdict"], "undecided");
    assert_eq!(json["findings"][0]["code"], "chain.ends-below-root");
    assert_eq!(
        json["result"]["left_out"][0]["why"],
        "a root that this chain does not reach"
    );
    assert!(out.join("server.crt").exists());

    let out = dir.path().join("with-anchors");
    let output = assemble("nginx", &out, &files, &["--anchors", &pki("root.crt")]);
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("chain.untrusted-root"));
    assert!(!out.exists());
}

/// Under an empty passphrase a key is as good as open; and Java opens nothing under one that
/// is not ASCII.
#[test]
fn a_new_passphrase_is_one_that_programs_take() {
    let dir = scratch();
    let files: Vec<_> = ["server.crt", "server.key", "issuing.crt"]
        .map(pki)
        .to_vec();
    let out = dir.path().join("new");
    for (name, bytes, server) in [
        ("empty", b"".as_slice(), "nginx"),
        ("line", b"\n", "java"),
        ("mark", b"\xef\xbb\xbfsecret\n", "nginx"),
        ("umlaut", "w\u{f6}rt\n".as_bytes(), "java"),
        ("any", b"secret\n", "haproxy"),
    ] {
        let file = put(dir.path(), name, bytes);
        let output = assemble(server, &out, &files, &["--key-passphrase-file", &file]);
        assert_eq!(code(&output), 2, "{name}: {}", stdout(&output));
        assert!(!out.exists(), "{name}");
    }
    let empty = dir.path().join("empty").display().to_string();
    let p12 = dir.path().join("new.p12").display().to_string();
    let words = [
        "convert",
        &pki("server.key"),
        "--to",
        "pkcs8",
        "--key-passphrase-file",
        &empty,
    ];
    refused(&[&words[..], &["-o", &p12]].concat(), "empty");
}

/// A path with a space or a quote is written as the server reads it.
#[test]
fn settings_quote_paths_as_each_server_reads_them() {
    let dir = scratch();
    let files: Vec<_> = ["server.crt", "server.key", "issuing.crt"]
        .map(pki)
        .to_vec();
    for (server, name, line) in [
        ("haproxy", "a b", "a\\ b/server.pem"),
        ("haproxy", "a#b", "a\\#b/server.pem"),
        ("postgres", "a'b", "a''b/server.crt'"),
        ("nginx", "a\"b", "a\\\"b/server.crt\";"),
        ("apache", "a\"b c", "a\\\"b c/server.crt\""),
        ("tabpy", "a%b", "a%%b/server.crt"),
    ] {
        let out = dir.path().join(format!("{server}-{name}"));
        let output = assemble(server, &out, &files, &[]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(
            stdout(&output).contains(line),
            "{line}: {}",
            stdout(&output)
        );
    }
    for (server, name) in [("nginx", "a$b"), ("apache", "${b}"), ("haproxy", "a\nb")] {
        let output = assemble(server, &dir.path().join(name), &files, &[]);
        assert_eq!(code(&output), 2, "{server}: {}", stdout(&output));
    }
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What a CA sends is often one zip file.
#[test]
fn archives_are_read_as_their_members() {
    let dir = scratch();
    let read = |name: &str| fs::read(pki(name)).unwrap();
    let (leaf, issuing, root) = (read("server.crt"), read("issuing.crt"), read("root.crt"));
    let members = [
        ("CA/server.crt", leaf.as_slice()),
        ("CA/../../issuing.crt", &issuing),
        ("CA/root.crt", &root),
        ("readme.txt", b"Dear customer"),
    ];
    let whole = zipped(&members);
    let archive = put(dir.path(), "ca.zip", &whole);
    let out = dir.path().join("new");
    let output = assemble("nginx", &out, &[archive.clone(), pki("server.key")], &[]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let made = fs::read_to_string(out.join("server.crt")).unwrap();
    assert_eq!(made.matches("BEGIN CERTIFICATE").count(), 2);
    assert_eq!(listing(&out), ["server.crt", "server.key"]);
    let text = stdout(&output);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("ca.zip: CA/root.crt"), "{text}");
    // What cannot be read could be what is missing.
    let bomb = vec![b' '; (64 << 20) + 1];
    let mut encrypted = whole.clone();
    for mark in [b"PK\x03\x04".as_slice(), b"PK\x01\x02"] {
        let flag = if mark.ends_with(b"\x04") { 6 } else { 8 };
        let at = encrypted
            .windows(4)
            .position(|window| window == mark)
            .unwrap();
        encrypted[at + flag] |= 1;
    }
    for (name, bytes, says) in [
        ("cut.zip", whole[..whole.len() / 2].to_vec(), "cut.zip"),
        ("bomb.zip", zipped(&[("a", &bomb)]), "unpacks to more than"),
        ("empty.zip", zipped(&[]), "the archive is empty"),
        (
            "inner.zip",
            zipped(&[("b.zip", &whole)]),
            "a zip file within",
        ),
        ("encrypted.zip", encrypted, "assword"),
    ] {
        let archive = put(dir.path(), name, &bytes);
        let out = dir.path().join(format!("of-{name}"));
        let output = assemble("nginx", &out, &[archive, pki("server.key")], &[]);
        assert_eq!(code(&output), 2, "{name}: {}", stdout(&output));
        assert!(
            stderr(&output).contains(says),
            "{name}: {}",
            stderr(&output)
        );
        assert!(!out.exists(), "{name}");
    }
    assert_eq!(fs::read(archive).unwrap(), whole);
}

/// JKS for Java before 8u301, read back by certcheck and by Java.
#[test]
fn a_java_keystore_is_what_java_reads() {
    let dir = scratch();
    let pass = put(dir.path(), "new.pass", b"changeit\n");
    for name in ["server", "p256", "ed25519"] {
        let files = [
            format!("{name}.crt"),
            "issuing.crt".into(),
            format!("{name}.key"),
        ];
        let files = files.map(|file: String| pki(&file));
        let out = dir.path().join(format!("a b {name}"));
        let more = ["--keystore-type", "jks", "--key-passphrase-file", &pass];
        let output = assemble("java", &out, &files, &more);
        assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
        let text = stdout(&output);
        assert!(text.contains("      -Djavax.net.ssl.keyStore='/"), "{text}");
        assert!(text.contains("-Djavax.net.ssl.keyStoreType=JKS"), "{text}");
        let store = out.join("keystore.jks").display().to_string();
        let converted = dir.path().join(format!("{name}.jks")).display().to_string();
        let all: Vec<u8> = files
            .iter()
            .flat_map(|file| fs::read(file).unwrap())
            .collect();
        let all = put(dir.path(), &format!("{name}.pem"), &all);
        let words = [
            "convert",
            &all,
            "--to",
            "jks",
            "--key-passphrase-file",
            &pass,
        ];
        let output = certcheck(&[&words[..], &["-o", &converted, "--at", AT]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(
            stdout(&output).contains("SHA-1 only"),
            "{}",
            stdout(&output)
        );
        for store in [&store, &converted] {
            assert_eq!(fs::metadata(store).unwrap().mode() & 0o777, 0o600);
            let words = ["match", store, "--passphrase-file", &pass, "--at", AT];
            let output = certcheck(&words);
            assert_eq!(code(&output), 0, "{}", stdout(&output));
            if !here::have("keytool", "default-jdk-headless") {
                continue;
            }
            let output = Command::new("keytool")
                .args(["-list", "-v", "-storepass", "changeit", "-keystore", store])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            for part in ["Keystore type: JKS", "PrivateKeyEntry", "chain length: 2"] {
                assert!(text.contains(part), "{name}: {text}");
            }
            // -certreq signs: Java opened the key.
            let output = Command::new("keytool")
                .args(["-certreq", "-alias", "server", "-storepass", "changeit"])
                .args(["-keystore", store])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.contains("NEW CERTIFICATE REQUEST"), "{name}: {text}");
        }
    }
    let files = [pki("server.crt"), pki("server.key")];
    let out = dir.path().join("none");
    let output = assemble("nginx", &out, &files, &["--keystore-type", "jks"]);
    assert_eq!(code(&output), 2);
    refused(
        &["convert", &pki("server.key"), "--to", "jks"],
        "--key-passphrase-file",
    );
}
