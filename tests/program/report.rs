//! What people see: the report of twelve situations, letter for letter.
//!
//! `CERTCHECK_WRITE=1 cargo test --test program report` writes them anew; look at each
//! before it is committed.
#![cfg(feature = "cli")]

use crate::support;
use std::process::Command;

/// Name of the file below testdata/report/, and the words after `certcheck`.
const SITUATIONS: &[(&str, &str)] = &[
    (
        "fit",
        "preflight --server apache --cert-file fullchain.crt --key-file server.key --host server.example.test --anchors root.crt",
    ),
    (
        "no-anchors",
        "preflight --server nginx --cert-file fullchain.crt --key-file server.key",
    ),
    (
        "missing-intermediate",
        "preflight --server apache --cert-file server.crt --key-file server.key --host server.example.test --anchors root.crt",
    ),
    (
        "der-and-other-key",
        "preflight --server tableau --cert-file server.der --key-file other.key",
    ),
    (
        "wrong-name",
        "preflight --server nginx --cert-file fullchain.crt --key-file server.key --host other.example --anchors root.crt",
    ),
    (
        "expired",
        "preflight --server postgres --cert-file expired.chain.crt --key-file server.key --host server.example.test --anchors root.crt",
    ),
    (
        "no-suite-in-common",
        "preflight --server nginx --cert-file p256.chain.crt --key-file p256.key --ciphers AES128-SHA",
    ),
    (
        "settings",
        "preflight --server nginx --config ../report/site.conf --anchors root.crt",
    ),
    (
        "protocol-string",
        "preflight --server apache --cert-file fullchain.crt --key-file server.key --protocols all,-SSLv2",
    ),
    (
        "every-client",
        "preflight --server apache --cert-file fullchain.crt --key-file server.key --host server.example.test --anchors root.crt -v",
    ),
    (
        "quiet",
        "preflight --server tableau --cert-file server.der --key-file other.key -q",
    ),
    (
        "tsm",
        "tsm security external-ssl enable --cert-file server.crt --key-file other.key",
    ),
];

/// The widest line that is not a digest, a command to copy or a row of `-v`.
const COLUMNS: usize = 80;

#[test]
fn twelve_situations_read_as_they_should() {
    support::closed_files();
    let folder = support::testdata().join("report");
    let write = std::env::var_os("CERTCHECK_WRITE").is_some();
    let mut wrong = String::new();
    for (name, words) in SITUATIONS {
        let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
            .args(words.split(' '))
            .args(["--at", "2026-11-22T12:00:00Z"])
            .current_dir(support::testdata().join("pki"))
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let said = format!("$ certcheck {words}\n{printed}");
        let file = folder.join(format!("{name}.txt"));
        if write {
            std::fs::write(&file, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if said != expected {
            wrong += &format!("{name}: expected\n{expected}\nprinted\n{said}\n");
        }
        for line in printed.lines() {
            let may_be_wide =
                line.starts_with("   |") || words.ends_with("-v") || words.ends_with("-q");
            assert!(
                may_be_wide || line.chars().count() <= COLUMNS,
                "{name}: {line}"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(SITUATIONS.len(), 12);
    let clean = std::fs::read_to_string(folder.join("fit.txt")).unwrap();
    assert_eq!(clean.lines().count(), 1 + 3, "a clean run is three lines");
}
