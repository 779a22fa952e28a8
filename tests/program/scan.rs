//! Trees that a scan must come back from, with everything that it could read.
#![cfg(all(feature = "cli", unix))]

mod bounds;

use crate::support;

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use support::program::*;

fn scan(root: &Path, more: &[&str]) -> (i32, Value) {
    let root = root.display().to_string();
    document(&[&["scan", &root, "--at", AT], more].concat())
}

fn records(output: &Output) -> Vec<Value> {
    let text = stdout(output);
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    text.lines().map(line).collect()
}

fn pki_bytes(name: &str) -> Vec<u8> {
    fs::read(pki(name)).unwrap()
}

/// How many were skipped for this reason.
fn skipped(document: &Value, what: &str) -> u64 {
    let skipped = document["result"]["skipped"].as_array().unwrap();
    let found = skipped
        .iter()
        .find(|row| row["what"].as_str().unwrap().starts_with(what));
    found.map_or(0, |row| row["count"].as_u64().unwrap())
}

#[test]
fn links_pipes_and_sockets_are_counted_and_not_read() {
    let dir = scratch();
    let (tree, outside) = (dir.path().join("tree"), dir.path().join("outside"));
    fs::create_dir_all(tree.join("a/b")).unwrap();
    fs::create_dir(&outside).unwrap();
    put(&tree, "server.crt", &pki_bytes("server.crt"));
    put(&outside, "expired.crt", &pki_bytes("expired.crt"));
    // A walk that follows it never ends.
    symlink("../..", tree.join("a/b/loop")).unwrap();
    symlink(&outside, tree.join("out")).unwrap();
    symlink(outside.join("expired.crt"), tree.join("out.crt")).unwrap();
    symlink("server.crt", tree.join("same.crt")).unwrap();
    symlink("nowhere", tree.join("broken.crt")).unwrap();
    symlink("round", tree.join("round")).unwrap();
    // Opening a pipe for reading waits for a writer, of which there is none.
    let pipe = Command::new("mkfifo").arg(tree.join("pipe.crt")).status();
    assert!(pipe.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(tree.join("socket.crt")).unwrap();
    let begin = Instant::now();
    let (code, document) = scan(&tree, &[]);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(code, 0, "{document}");
    assert_eq!(document["result"]["summary"]["certificates"], 1);
    for (what, count) in [
        ("link that leads out", 0),
        ("links that lead out", 2),
        ("links to other files", 2),
        ("links whose target", 2),
        ("named pipe", 1),
        ("socket", 1),
    ] {
        assert_eq!(skipped(&document, what), count, "{what}: {document:#}");
    }
    // What is named is read, and within two trees a link leads to the other.
    let both = [&tree, &outside].map(|path| path.display().to_string());
    let (code, document) = document_of(&["scan", &both[0], &both[1], "--at", AT]);
    assert_eq!(code, 1);
    assert_eq!(skipped(&document, "links that lead out"), 0);
    assert_eq!(document["result"]["summary"]["certificates"], 2);
}

fn document_of(words: &[&str]) -> (i32, Value) {
    document(words)
}

#[test]
fn a_device_is_not_opened() {
    // /dev/zero never ends.
    let output = certcheck(&["scan", "/dev/zero", "/dev/null"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("device"), "{}", stderr(&output));
}

#[test]
fn the_files_of_the_kernel_are_passed_over() {
    let output = certcheck(&["scan", "/proc"]);
    assert_eq!(code(&output), 2);
    let text = stderr(&output);
    assert!(text.contains("kernel"), "{text}");
    assert!(text.contains("in 0 files"), "{text}");
}

#[test]
fn what_may_not_be_read_leaves_the_verdict_open() {
    let dir = scratch();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let tree = dir.path().join("tree");
    fs::create_dir_all(tree.join("closed")).unwrap();
    put(&tree, "server.crt", &pki_bytes("server.crt"));
    put(&tree.join("closed"), "in.crt", &pki_bytes("server.crt"));
    let locked = put(&tree, "locked.crt", &pki_bytes("server.crt"));
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
    fs::set_permissions(tree.join("closed"), fs::Permissions::from_mode(0o0)).unwrap();
    let words = [
        "scan",
        tree.to_str().unwrap(),
        "--at",
        AT,
        "--format",
        "json",
    ];
    let output = if fs::metadata(&locked).unwrap().uid() == 0 {
        // Root reads everything: another user tries, with a copy of the program within reach.
        let copy = dir.path().join("certcheck");
        fs::copy(env!("CARGO_BIN_EXE_certcheck"), &copy).unwrap();
        let mut command = Command::new("setpriv");
        // `nobody` has this number on every Linux.
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(&copy).args(words);
        support::run(command, b"")
    } else {
        certcheck(&words)
    };
    fs::set_permissions(tree.join("closed"), fs::Permissions::from_mode(0o755)).unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert_eq!(document["verdict"], "undecided");
    assert_eq!(skipped(&document, "permission denied"), 2, "{document:#}");
    assert_eq!(document["result"]["summary"]["certificates"], 1);
}

#[test]
fn names_do_not_reach_the_terminal() {
    let dir = scratch();
    let odd: &[&[u8]] = &[
        b"new\nline.crt",
        b"\x1b[2J\x1b]0;title\x07.crt",
        // A name on Linux is any bytes without a zero and a slash.
        b"\xff\xfe not UTF-8.crt",
        "\u{202e}trc.crt".as_bytes(),
        b"-rf",
        b"quote'\"\\.crt",
    ];
    for name in odd {
        let path = dir.path().join(std::ffi::OsStr::from_bytes(name));
        fs::write(path, pki_bytes("expired.crt")).unwrap();
    }
    let root = dir.path().display().to_string();
    let output = certcheck(&["scan", &root, "--at", AT]);
    let text = stdout(&output);
    assert_eq!(code(&output), 1);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    assert!(text.contains(r"new\u{a}line.crt"), "{text}");
    for format in ["ndjson", "csv", "json"] {
        let output = certcheck(&["scan", &root, "--at", AT, "--format", format]);
        let text = stdout(&output);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text}");
        assert_eq!(code(&output), 1);
        if format == "ndjson" {
            let records = records(&output);
            let objects = records.iter().filter(|one| one["record"] == "object");
            assert_eq!(objects.count(), odd.len());
        }
    }
}

/// A file that becomes shorter while it is read, again and again.
#[test]
fn files_that_change_end_the_scan_of_nothing() {
    let dir = scratch();
    put(dir.path(), "server.crt", &pki_bytes("server.crt"));
    let path = dir.path().join("changing.pem");
    // More than a piece of 128 KiB, so that the file can change between two reads.
    let long = pki_bytes("server.crt").repeat(600);
    fs::write(&path, &long).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
                file.set_len(1000).unwrap();
                let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
                file.write_all(long.get(1000..).unwrap()).unwrap();
            }
        });
        for _ in 0..20 {
            let (code, document) = scan(dir.path(), &[]);
            assert!((0..=1).contains(&code));
            let found = document["result"]["summary"]["certificates"].as_u64();
            assert!(found.unwrap() >= 1, "{document:#}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// Ctrl-C: whole records, the summary, and no claim that all was read.
#[test]
fn an_interrupted_scan_leaves_whole_records() {
    let dir = scratch();
    let bundle = pki_bytes("server.crt").repeat(120_000);
    put(dir.path(), "bundle.pem", &bundle);
    for name in ["INT", "TERM"] {
        let mut command = program();
        command.args([
            "scan",
            dir.path().to_str().unwrap(),
            "--at",
            AT,
            "--format",
            "ndjson",
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        std::io::BufRead::read_line(&mut out, &mut text).unwrap();
        signal(&child, name);
        std::io::Read::read_to_string(&mut out, &mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(text.ends_with('\n'));
        let last = text.lines().last().unwrap();
        let records: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(
            last.contains("\"summary\"") && last.contains("undecided"),
            "{last}"
        );
        let checks = records.iter().filter(|one| one["record"] == "check");
        let tree: Vec<_> = checks.filter(|one| one["check"] == "tree").collect();
        assert_eq!(tree.len(), 1, "{name}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = scratch();
    put(
        dir.path(),
        "bundle.pem",
        &pki_bytes("expired.crt").repeat(20_000),
    );
    let mut command = program();
    command.args([
        "scan",
        dir.path().to_str().unwrap(),
        "--at",
        AT,
        "--format",
        "ndjson",
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
    // No signal ended the program, and the verdict is the one of a whole run.
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

/// Private keys are compared and named, and never shown.
#[test]
fn no_key_is_repeated() {
    let dir = scratch();
    let key = String::from_utf8(pki_bytes("server.key")).unwrap();
    put(dir.path(), "server.key", key.as_bytes());
    let quoted = serde_json::to_string(&key).unwrap();
    let text =
        format!("{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{{\"k\":{quoted}}}}}");
    put(dir.path(), "secret.json", text.as_bytes());
    let root = dir.path().display().to_string();
    let lines: Vec<_> = key.lines().filter(|line| !line.contains('-')).collect();
    for format in ["text", "json", "ndjson", "csv", "html"] {
        let output = certcheck(&["scan", &root, "--format", format, "-v"]);
        let text = stdout(&output) + &stderr(&output);
        assert!(text.contains("server.key"), "{format}: {text}");
        assert!(lines.iter().all(|line| !text.contains(line)), "{format}");
    }
}

/// The order is that of the tree, whichever thread was first.
#[test]
fn the_order_is_the_same_every_time() {
    let dir = scratch();
    for number in 0..300 {
        let below = dir.path().join(format!("d{}", number % 7));
        fs::create_dir_all(&below).unwrap();
        let name = ["server.crt", "issuing.crt", "expired.crt"][number % 3];
        put(&below, &format!("{number}.crt"), &pki_bytes(name));
    }
    let root = dir.path().display().to_string();
    let run = || {
        stdout(&certcheck(&[
            "scan", &root, "--at", AT, "--format", "ndjson",
        ]))
    };
    let first = run();
    assert_eq!(
        first
            .lines()
            .filter(|line| line.contains("\"object\""))
            .count(),
        300
    );
    for _ in 0..5 {
        assert_eq!(run(), first);
    }
}
