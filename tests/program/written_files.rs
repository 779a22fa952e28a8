//! What `convert` and `chain --fix` write: nothing lost, nothing overwritten, keys for their owner alone.
#![cfg(all(feature = "cli", unix))]

#[path = "written_files/assembled.rs"]
mod assembled;
#[path = "written_files/containers.rs"]
mod containers;
#[path = "written_files/rekeyed.rs"]
mod rekeyed;
#[path = "written_files/replaced.rs"]
mod replaced;
use crate::support;

use containers::written;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
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

/// `-o new/`: a name that ends in a slash is a directory, which is made.
#[test]
fn a_directory_that_is_named_with_a_slash_is_made() {
    let dir = scratch();
    let fresh = format!("{}/new/", dir.path().display());
    let words = [
        "convert",
        &pki("fullchain.crt"),
        "--to",
        "der",
        "-o",
        &fresh,
    ];
    let output = certcheck(&words);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let made = listing(Path::new(&fresh));
    assert_eq!(made.len(), 2, "{made:?}");
    // A second run replaces nothing.
    refused(&words, "already exists");
    // Only one level, so that a slip of the pen makes no tree.
    let deep = format!("{}/a/b/", dir.path().display());
    refused(
        &["convert", &pki("server.crt"), "--to", "der", "-o", &deep],
        "parent directory does not exist",
    );
    // Nothing is made where nothing is written.
    let page = put(dir.path(), "page.crt", b"<html></html>");
    let none = format!("{}/none/", dir.path().display());
    refused(
        &["convert", &page, "--to", "pem", "-o", &none],
        "an HTML page",
    );
    assert_eq!(listing(dir.path()), ["new", "page.crt"]);
    // One file is no directory.
    let chain = pki("fullchain.crt");
    refused(&["chain", &chain, "--fix", "-o", &none], "is a directory");
    let there = dir.path().join("new").display().to_string();
    refused(
        &["chain", &chain, "--fix", "-o", &there, "--force"],
        "is a directory",
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
    // Over a file that others could read: not at all.
    for mode in [0o644, 0o666, 0o660, 0o641, 0o750] {
        let out = put(dir.path(), "open.pem", b"old");
        fs::set_permissions(&out, fs::Permissions::from_mode(mode)).unwrap();
        let key = pki("server.key");
        refused(
            &["convert", &key, "--to", "pem", "-o", &out, "--force"],
            "at most 0640",
        );
        assert_eq!(fs::read(&out).unwrap(), b"old");
    }
    assert_eq!(listing(dir.path()), ["key.der", "key.pem", "open.pem"]);
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

#[test]
fn a_missing_directory_is_named() {
    let dir = scratch();
    let missing = dir.path().join("no/such/place.crt").display().to_string();
    let output = certcheck(&["convert", &pki("server.crt"), "--to", "pem", "-o", &missing]);
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(
        said.contains("no such directory") && !said.contains(".certcheck-"),
        "{said}"
    );
}

#[test]
fn damaged_sections_are_left_out_only_when_told_to() {
    let input = support::testdata().join("encoding/garbage-second/input");
    let named = input.display().to_string();
    assert_eq!(code(&certcheck(&["convert", &named, "--to", "pem"])), 2);
    let output = certcheck(&["convert", &named, "--to", "pem", "--leave-out-damaged"]);
    assert_eq!(written(&output).len(), 1);
    assert!(stderr(&output).contains("section 2"), "{}", stderr(&output));
}
