//! What `convert` and `chain --fix` write: nothing lost, nothing overwritten, keys for their owner alone.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test that meets something unexpected has failed"
)]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;
use support::program::*;

#[test]
fn convert_is_lossless_both_ways() {
    let dir = scratch();
    for name in [
        "server.crt",
        "p256.key",
        "server.key",
        "server.pkcs1.key",
        "p256.sec1.key",
        "dsa.traditional.key",
        "ed25519.key",
        "server.csr",
    ] {
        let der = dir.path().join(format!("{name}.der")).display().to_string();
        let pem_file = dir.path().join(format!("{name}.pem")).display().to_string();
        let output = certcheck(&["convert", &pki(name), "--to", "der", "-o", &der]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        let original = pem::parse(fs::read(pki(name)).unwrap()).unwrap();
        assert_eq!(fs::read(&der).unwrap(), original.contents(), "{name}");
        let output = certcheck(&["convert", &der, "--to", "pem", "-o", &pem_file]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        let back = pem::parse(fs::read(&pem_file).unwrap()).unwrap();
        assert_eq!(
            (back.tag(), back.contents()),
            (original.tag(), original.contents()),
            "{name}"
        );
    }
}

#[test]
fn convert_to_standard_output_cleans_up() {
    let mut crlf = fs::read_to_string(pki("fullchain.crt"))
        .unwrap()
        .replace('\n', "\r\n");
    crlf.insert_str(0, "some words in front\r\n");
    let mut command = program();
    command.args(["convert", "-", "--to", "pem"]);
    let output = support::run(command, crlf.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        fs::read_to_string(pki("fullchain.crt")).unwrap()
    );
}

#[test]
fn convert_never_overwrites_without_force() {
    let dir = scratch();
    let out = put(dir.path(), "out.crt", b"precious");
    refused(
        &["convert", &pki("server.der"), "--to", "pem", "-o", &out],
        "out.crt",
    );
    assert_eq!(fs::read(&out).unwrap(), b"precious");
    assert_eq!(listing(dir.path()), ["out.crt"]);
    let output = certcheck(&[
        "convert",
        &pki("server.der"),
        "--to",
        "pem",
        "-o",
        &out,
        "--force",
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(
        fs::read(&out).unwrap(),
        fs::read(pki("server.crt")).unwrap()
    );
    assert_eq!(
        listing(dir.path()),
        ["out.crt"],
        "nothing is left beside it"
    );
}

#[test]
fn convert_leaves_nothing_where_it_fails() {
    let dir = scratch();
    let damaged = put(
        dir.path(),
        "damaged.crt",
        b"-----BEGIN CERTIFICATE-----\nMIIB!!!!\n-----END CERTIFICATE-----\n",
    );
    let html = put(dir.path(), "page.crt", b"<html></html>");
    for input in [&damaged, &html] {
        let out = dir.path().join("out.der").display().to_string();
        let output = certcheck(&["convert", input, "--to", "der", "-o", &out]);
        assert!([1, 2].contains(&code(&output)), "{input}");
        assert!(
            stderr(&output).len() + stdout(&output).len() > 10,
            "{input}: without a word"
        );
        assert_eq!(listing(dir.path()), ["damaged.crt", "page.crt"]);
    }
    // A directory that is not there: named.
    refused(
        &[
            "convert",
            &pki("server.crt"),
            "--to",
            "der",
            "-o",
            "/no/such/place/x.der",
        ],
        "/no/such/place",
    );
}

#[test]
fn several_objects_to_der_need_a_split() {
    let dir = scratch();
    let out = dir.path().join("all.der").display().to_string();
    refused(
        &["convert", &pki("fullchain.crt"), "--to", "der", "-o", &out],
        "--split",
    );
    assert!(listing(dir.path()).is_empty());
    let parts = dir.path().join("parts");
    fs::create_dir(&parts).unwrap();
    let output = certcheck(&[
        "convert",
        &pki("fullchain.crt"),
        "--to",
        "der",
        "-o",
        &parts.display().to_string(),
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut found: Vec<_> = listing(&parts)
        .iter()
        .map(|name| fs::read(parts.join(name)).unwrap())
        .collect();
    let mut right: Vec<_> = ["server.der", "issuing.der"]
        .iter()
        .map(|name| fs::read(pki(name)).unwrap())
        .collect();
    found.sort();
    right.sort();
    assert!(found == right, "{:?}", listing(&parts));
}

#[test]
fn keys_are_written_for_their_owner_alone() {
    let dir = scratch();
    for (to, name) in [("pem", "key.pem"), ("der", "key.der")] {
        let out = dir.path().join(name).display().to_string();
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "umask 000; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_certcheck"),
        ]);
        command.args(["convert", &pki("server.key"), "--to", to, "-o", &out]);
        let output = support::run(command, b"");
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600, "{name}");
    }
    // Over a file that everybody could read.
    let out = put(dir.path(), "open.pem", b"old");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o666)).unwrap();
    let output = certcheck(&[
        "convert",
        &pki("server.key"),
        "--to",
        "pem",
        "-o",
        &out,
        "--force",
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn the_corrected_chain_is_written() {
    let dir = scratch();
    let testdata = support::testdata();
    for messy in [
        "chain/reversed",
        "chain/duplicate",
        "chain/unrelated",
        "chain/rekeyed-beside-right",
        "chain/root-before-intermediate",
    ] {
        let input = testdata.join(messy).join("chain.crt").display().to_string();
        let out: PathBuf = dir.path().join(messy.replace('/', "-"));
        let name = out.display().to_string();
        let output = certcheck(&["chain", &input, "--fix", "-o", &name, "--at", AT]);
        assert!(
            [0, 1].contains(&code(&output)),
            "{messy}: {}",
            stderr(&output)
        );
        let written = fs::read(&out)
            .unwrap_or_else(|e| panic!("{messy}: {e}: {}{}", stdout(&output), stderr(&output)));
        assert!(
            written == fs::read(pki("fullchain.crt")).unwrap(),
            "{messy}"
        );
        refused(&["chain", &input, "--fix", "-o", &name, "--at", AT], &name);
    }
}
