//! Inputs that are no plain small file: refused by name, or read with bounded time and memory.
#![cfg(all(feature = "cli", unix))]

use crate::support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use support::program::*;

#[test]
fn a_directory_is_named_and_refused() {
    let dir = scratch();
    let name = dir.path().display().to_string();
    // `inspect` goes through directories: this one is empty.
    refused(&["inspect", &name], &name);
    refused(&["match", &name], &name);
    refused(&["preflight", "--cert-file", &name], &name);
    refused(
        &[
            "preflight",
            "--cert-file",
            &pki("server.crt"),
            "--anchors",
            &name,
        ],
        &name,
    );
}

#[test]
fn a_fifo_does_not_hang() {
    let dir = scratch();
    let name = dir.path().join("pipe").display().to_string();
    assert!(
        Command::new("mkfifo")
            .arg(&name)
            .status()
            .unwrap()
            .success()
    );
    let start = Instant::now();
    refused(&["inspect", &name], &name);
    refused(
        &[
            "preflight",
            "--cert-file",
            &pki("server.crt"),
            "--key-file",
            &name,
        ],
        &name,
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_unreadable_file_is_named_with_the_cause() {
    let dir = scratch();
    let path = put(
        dir.path(),
        "locked.key",
        &fs::read(pki("server.key")).unwrap(),
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let output = if fs::metadata(&path).unwrap().uid() == 0 {
        // Root reads everything: let nobody try, with a copy of the program within reach.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let copy = dir.path().join("certcheck");
        fs::copy(env!("CARGO_BIN_EXE_certcheck"), &copy).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&copy);
        command.args(["inspect", &path]);
        support::run(command, b"")
    } else {
        certcheck(&["inspect", &path])
    };
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let said = stderr(&output).to_lowercase();
    assert!(
        said.contains("locked.key") && said.contains("permission"),
        "{said}"
    );
}

#[test]
fn two_gigabytes_are_refused_by_their_size() {
    let dir = scratch();
    let path = dir.path().join("huge.crt");
    fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let start = Instant::now();
    refused(&["inspect", &path.display().to_string()], "huge.crt");
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn standard_input_without_an_end_is_cut_off() {
    let mut command = program();
    command
        .args(["inspect", "-"])
        .stdin(fs::File::open("/dev/zero").unwrap());
    let output = command.output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains('-'), "{}", stderr(&output));
}

#[test]
fn standard_input_is_read_once() {
    let mut command = program();
    command.args(["preflight", "--cert-file", "-", "--key-file", "-"]);
    let output = support::run(command, &fs::read(pki("server.crt")).unwrap());
    assert_eq!(code(&output), 2, "{}", stderr(&output));
}

/// Peak memory of what follows, in bytes, by the shell's own limit: 1 GB of address space.
fn limited(words: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "ulimit -v 1048576; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_certcheck"),
    ]);
    command.args(words);
    support::run(command, b"")
}

#[test]
fn a_hundred_thousand_sections_are_bounded() {
    let dir = scratch();
    let section = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let many = put(dir.path(), "many.crt", section.repeat(100_000).as_bytes());
    let open = put(
        dir.path(),
        "open.crt",
        "-----BEGIN CERTIFICATE-----\n".repeat(100_000).as_bytes(),
    );
    for file in [&many, &open] {
        for words in [
            &["inspect", file][..],
            &["preflight", "--cert-file", file, "--at", AT],
            &["match", file],
            &["chain", file],
            &["key-id", file],
        ] {
            let start = Instant::now();
            let output = limited(words);
            assert!(
                [1, 2].contains(&code(&output)),
                "{words:?}: {}",
                stderr(&output)
            );
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{words:?}: {:?}",
                start.elapsed()
            );
            assert!(
                output.stdout.len() < 128 << 20,
                "{words:?}: {} bytes",
                output.stdout.len()
            );
        }
    }
}

/// What comes behind the last section that is read is not passed over in silence.
#[test]
fn more_sections_than_are_read_are_said() {
    let dir = scratch();
    let section = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let text = fs::read_to_string(pki("fullchain.crt")).unwrap() + &section.repeat(100_000);
    let many = put(dir.path(), "many.crt", text.as_bytes());
    let (exit, found) = document(&["key-id", &many]);
    assert_eq!(exit, 1);
    assert!(codes_of(&found).contains(&"encoding.too-large"));
    assert_eq!(found["result"]["keys"].as_array().unwrap().len(), 2);
    refused(&["chain", "--fix", &many, "--at", AT], "more sections");
}

#[test]
fn thousands_of_the_same_certificate_are_bounded() {
    let dir = scratch();
    let one = fs::read_to_string(pki("server.crt")).unwrap()
        + &fs::read_to_string(pki("issuing.crt")).unwrap();
    let file = put(dir.path(), "again.crt", one.repeat(1_000).as_bytes());
    let start = Instant::now();
    let output = limited(&[
        "preflight",
        "--cert-file",
        &file,
        "--at",
        AT,
        "--anchors",
        &pki("root.crt"),
    ]);
    assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

/// `depth` sequences, each in the one before.
fn nested(depth: usize) -> Vec<u8> {
    let mut der = Vec::new();
    for _ in 0..depth {
        let length = der.len();
        let mut outer = vec![0x30];
        match length {
            0..0x80 => outer.push(length as u8),
            0x80..0x100 => outer.extend([0x81, length as u8]),
            0x100..0x1_0000 => outer.extend([0x82, (length >> 8) as u8, length as u8]),
            _ => outer.extend([
                0x83,
                (length >> 16) as u8,
                (length >> 8) as u8,
                length as u8,
            ]),
        }
        outer.extend(der);
        der = outer;
    }
    der
}

#[test]
fn a_certificate_nested_a_thousand_deep_is_bounded() {
    let dir = scratch();
    for depth in [1_000, 20_000] {
        let der = nested(depth);
        for label in [
            "CERTIFICATE",
            "PRIVATE KEY",
            "CERTIFICATE REQUEST",
            "X509 CRL",
            "PKCS7",
        ] {
            let text = pem::encode(&pem::Pem::new(label, der.clone()));
            let file = put(dir.path(), "deep.pem", text.as_bytes());
            for words in [
                &["inspect", &file][..],
                &["preflight", "--cert-file", &file],
                &["match", &file],
            ] {
                let output = limited(words);
                assert!(
                    [0, 1, 2].contains(&code(&output)),
                    "{label} {words:?}: {}",
                    stderr(&output)
                );
            }
        }
        let file = put(dir.path(), "deep.der", &der);
        assert!([0, 1, 2].contains(&code(&limited(&["inspect", &file]))));
    }
}
