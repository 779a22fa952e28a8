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
    refused(&words, "exists already");
    // Only one level, so that a slip of the pen makes no tree.
    let deep = format!("{}/a/b/", dir.path().display());
    refused(
        &["convert", &pki("server.crt"), "--to", "der", "-o", &deep],
        "above it",
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
            "no wider than 0640",
        );
        assert_eq!(fs::read(&out).unwrap(), b"old");
    }
    assert_eq!(listing(dir.path()), ["key.der", "key.pem", "open.pem"]);
}

/// What replaces a file has its owner, its group, its mode and its access control list.
#[test]
fn a_replaced_file_stays_whose_it_is() {
    let dir = scratch();
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    for (name, source, mode) in [
        ("key", "server.key", 0o600),
        ("shared-key", "server.key", 0o640),
        ("read-only", "server.key", 0o400),
        ("certificate", "server.crt", 0o664),
        ("odd", "server.crt", 0o2751),
    ] {
        let out = put(dir.path(), name, b"old");
        if root {
            std::os::unix::fs::chown(&out, Some(4_321), Some(1_234)).unwrap();
        }
        fs::set_permissions(&out, fs::Permissions::from_mode(mode)).unwrap();
        let before = fs::metadata(&out).unwrap();
        let output = certcheck(&[
            "convert",
            &pki(source),
            "--to",
            "pem",
            "-o",
            &out,
            "--force",
        ]);
        assert_eq!(code(&output), 0, "{name}: {}", stderr(&output));
        let after = fs::metadata(&out).unwrap();
        let of = |facts: &fs::Metadata| (facts.uid(), facts.gid(), facts.mode());
        assert_eq!(of(&after), of(&before), "{name}");
        assert_ne!(
            after.ino(),
            before.ino(),
            "{name}: replaced, not written into"
        );
        assert_ne!(fs::read(&out).unwrap(), b"old", "{name}");
    }
    if !root {
        support::here::without("root", "another's file cannot be made by a user");
        return;
    }
    // The owner of the directory, to whom the file does not belong: refused, since it
    // would become theirs.
    let folder = dir.path().join("theirs");
    fs::create_dir(&folder).unwrap();
    let out = put(&folder, "root.crt", b"old");
    std::os::unix::fs::chown(&folder, Some(4_321), Some(1_234)).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // The program lies where only root may look.
    let own = folder.join("certcheck");
    fs::copy(env!("CARGO_BIN_EXE_certcheck"), &own).unwrap();
    let crt = put(&folder, "new.crt", &fs::read(pki("server.crt")).unwrap());
    let mut command = Command::new(&own);
    std::os::unix::process::CommandExt::uid(&mut command, 4_321);
    std::os::unix::process::CommandExt::gid(&mut command, 1_234);
    command.args(["convert", &crt, "--to", "pem", "-o", &out, "--force"]);
    let output = support::run(command, b"");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("its owner 0:0 cannot be kept"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read(&out).unwrap(), b"old");
    assert_eq!(listing(&folder), ["certcheck", "new.crt", "root.crt"]);
}

#[test]
fn an_access_control_list_is_kept() {
    let dir = scratch();
    let out = put(dir.path(), "out.crt", b"old");
    let set = |words: &[&str]| {
        Command::new("setfacl")
            .args(words)
            .status()
            .is_ok_and(|it| it.success())
    };
    if !set(&["-m", "u:1:r,g:2:rw,m::r", &out]) {
        support::here::skipped(
            "setfacl",
            "not installed (apt-get install acl), or no lists in this file system",
        );
        return;
    }
    // What is made in the directory gets a list of its own, which is not the file's.
    assert!(set(&[
        "-d",
        "-m",
        "u:3:rwx",
        &dir.path().display().to_string()
    ]));
    let list = || {
        let output = Command::new("getfacl")
            .args(["-cpn", &out])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let before = list();
    assert!(before.contains("user:1:r"), "{before}");
    let words = [
        "convert",
        &pki("server.crt"),
        "--to",
        "pem",
        "-o",
        &out,
        "--force",
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    assert_eq!(list(), before);
    let plain = put(dir.path(), "plain.crt", b"old");
    assert!(set(&["-b", &plain]));
    let words = [
        "convert",
        &pki("server.crt"),
        "--to",
        "pem",
        "-o",
        &plain,
        "--force",
    ];
    assert_eq!(code(&certcheck(&words)), 0);
    let output = Command::new("getfacl")
        .args(["-cpn", &plain])
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("user:3"));
}

/// Only regular files are replaced: no device, no pipe, no link, whatever it leads to.
#[test]
fn what_is_no_regular_file_is_not_replaced() {
    let dir = scratch();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let make = |words: &[&str]| {
        Command::new(words[0])
            .args(&words[1..])
            .status()
            .is_ok_and(|it| it.success())
    };
    assert!(make(&["mkfifo", &at("pipe")]));
    let target = put(dir.path(), "target.crt", b"old");
    for (link, to) in [
        ("to-file", &*target),
        ("to-null", "/dev/null"),
        ("to-nothing", "/nowhere/x"),
        ("to-pipe", &at("pipe")),
    ] {
        std::os::unix::fs::symlink(to, dir.path().join(link)).unwrap();
    }
    let socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let mut places = [
        "pipe",
        "to-file",
        "to-null",
        "to-nothing",
        "to-pipe",
        "socket",
    ]
    .map(at)
    .to_vec();
    // A device of our own, should the program do what it must not.
    if make(&["mknod", "-m", "666", &at("device"), "c", "1", "3"]) {
        places.push(at("device"));
    } else {
        support::here::without("root", "a device cannot be made by a user");
    }
    let before = listing_with_kinds(dir.path());
    let (crt, chain) = (
        pki("server.crt"),
        support::testdata()
            .join("chain/reversed/chain.crt")
            .display()
            .to_string(),
    );
    for place in &places {
        for words in [
            &["convert", &crt, "--to", "pem", "-o", place][..],
            &["convert", &crt, "--to", "pem", "-o", place, "--force"],
            &["chain", &chain, "--fix", "-o", place, "--force", "--at", AT],
            &["probe", "localhost:1", "--save", place, "--force"],
        ] {
            refused(words, place);
        }
    }
    for place in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr"] {
        refused(
            &["convert", &crt, "--to", "pem", "-o", place, "--force"],
            "without -o",
        );
    }
    assert_eq!(listing_with_kinds(dir.path()), before);
    assert_eq!(fs::read(&target).unwrap(), b"old");
    drop(socket);
}

fn listing_with_kinds(dir: &Path) -> Vec<String> {
    let kind = |name: &String| {
        format!(
            "{name}: {:?}",
            fs::symlink_metadata(dir.join(name)).unwrap().file_type()
        )
    };
    listing(dir).iter().map(kind).collect()
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

/// A file of testdata/containers, and the file of their passphrase.
fn container(name: &str) -> String {
    let dir = support::testdata().join("containers");
    dir.join(name).display().to_string()
}

/// Labels and contents of the sections that a run wrote to standard output.
fn written(output: &std::process::Output) -> Vec<(String, Vec<u8>)> {
    assert_eq!(code(output), 0, "{}", stderr(output));
    pem::parse_many(&output.stdout)
        .unwrap()
        .into_iter()
        .map(|section| (section.tag().to_owned(), section.into_contents()))
        .collect()
}

#[test]
fn what_is_in_a_container_is_written_as_pem() {
    let contents = |name| pem::parse(fs::read(container(name)).unwrap()).unwrap();
    let (server, ca, key) = (
        contents("server.crt").into_contents(),
        contents("ca.crt").into_contents(),
        contents("server.key").into_contents(),
    );
    let passphrase = container("passphrase.txt");
    let run = |name: &str| {
        let file = container(name);
        certcheck(&[
            "convert",
            &file,
            "--to",
            "pem",
            "--passphrase-file",
            &passphrase,
        ])
    };
    for name in [
        "modern.p12",
        "legacy.p12",
        "nss.p12",
        "java.jks",
        "chain.p7b",
        "streamed.p7b",
    ] {
        let sections = written(&run(name));
        for certificate in [&server, &ca] {
            let wanted = ("CERTIFICATE".to_owned(), certificate.clone());
            assert!(sections.contains(&wanted), "{name}");
        }
        let labels: Vec<_> = sections.iter().map(|(label, _)| label.as_str()).collect();
        match name {
            "java.jks" => {
                let plain = sections.iter().find(|(label, _)| label == "PRIVATE KEY");
                assert!(plain.is_some(), "{name}: {labels:?}");
            }
            "chain.p7b" | "streamed.p7b" => assert_eq!(labels.len(), 2, "{name}"),
            _ => {
                assert!(
                    labels.contains(&"ENCRYPTED PRIVATE KEY"),
                    "{name}: {labels:?}"
                );
                assert!(!labels.contains(&"PRIVATE KEY"), "{name}");
            }
        }
    }
    // A key that was not encrypted in its container comes out as it is.
    let sections = written(&run("plain.p12"));
    assert!(sections.iter().any(|(_, content)| *content == key));
    // Without the passphrase nothing is written, and it is said what would be lost.
    for name in ["modern.p12", "java.jks", "rc4.p12"] {
        let output = certcheck(&["convert", &container(name), "--to", "pem"]);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{name}");
        assert!(
            stderr(&output).contains("would be lost"),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(code(&run("rc4.p12")), 0);
    // Nor with it, where a part is under a cipher that is not opened here.
    assert_eq!(code(&run("blowfish.p12")), 2);
}

#[test]
fn what_is_in_a_container_is_written_into_files() {
    let dir = scratch();
    let (p12, passphrase) = (container("modern.p12"), container("passphrase.txt"));
    let out = dir.path().join("all.pem");
    let words = [
        "convert",
        &p12,
        "--to",
        "pem",
        "--passphrase-file",
        &passphrase,
        "-o",
    ];
    let named = out.display().to_string();
    let output = certcheck(&[&words[..], &[&named]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::metadata(&out).unwrap().mode() & 0o777, 0o600);
    assert!(stdout(&output).contains("stays under its passphrase"));
    // What was written is what match needs.
    let (exit, document) = document(&["match", &named, "--passphrase-file", &passphrase]);
    assert_eq!(
        (exit, document["result"]["groups"].as_array().unwrap().len()),
        (0, 1)
    );
    let folder = dir.path().join("parts");
    fs::create_dir(&folder).unwrap();
    let named = folder.display().to_string();
    let words = [
        "convert",
        &p12,
        "--to",
        "der",
        "--passphrase-file",
        &passphrase,
        "-o",
    ];
    let output = certcheck(&[&words[..], &[&named]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    // DER of the container is the container itself.
    let output = certcheck(&[
        "convert",
        &p12,
        "--to",
        "der",
        "-o",
        &format!("{named}/x.der"),
    ]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("--to pem takes out"),
        "{}",
        stderr(&output)
    );
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
