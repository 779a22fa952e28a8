//! Large files, archives, and both made to waste time and memory.

use super::{pki_bytes, records, scan, skipped};
use crate::support;
use std::fs;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use support::program::*;

/// A bundle in pieces has the numbers and lines that it has as a whole.
#[test]
fn a_large_bundle_is_read_section_by_section() {
    let dir = scratch();
    let (server, issuing) = (pki_bytes("server.crt"), pki_bytes("issuing.crt"));
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let both = lines(&server) + lines(&issuing) + 1;
    let one = [b"# a comment\n", server.as_slice(), issuing.as_slice()].concat();
    // Pieces end behind END lines; with this size sections lie across many of them.
    let times = (3 << 20) / one.len();
    let mut all = one.repeat(times);
    all.extend(pki_bytes("expired.crt"));
    let path = put(dir.path(), "bundle.pem", &all);
    let output = certcheck(&["scan", &path, "--at", AT, "--format", "ndjson"]);
    assert_eq!(code(&output), 1);
    let records = records(&output);
    let objects: Vec<_> = records
        .iter()
        .filter(|record| record["record"] == "object")
        .collect();
    assert_eq!(objects.len(), 2 * times + 1);
    for (place, object) in objects.iter().enumerate() {
        assert_eq!(object["index"], place);
        let first = place / 2 * both + 2 + place % 2 * lines(&server);
        let first = first - usize::from(place == 2 * times);
        assert_eq!(object["lines"][0], first, "{place}");
    }
    let last = objects.last().unwrap();
    assert_eq!(last["findings"][0], "certificate.expired");
    let finding = records
        .iter()
        .find(|one| one["code"] == "certificate.expired");
    assert_eq!(finding.unwrap()["subject"]["index"], 2 * times);
    // Standard input has no size, and is read the same way.
    let mut command = program();
    command.args(["scan", "-", "--at", AT, "--format", "ndjson"]);
    let piped = support::run(command, &all);
    let of = |output: &Output, name: &str| {
        let text = stdout(output);
        let objects = text.lines().filter(|line| line.contains("\"object\""));
        let named = format!("\"source\":\"{name}\"");
        objects
            .map(|line| line.replace(&named, ""))
            .collect::<Vec<_>>()
    };
    assert!(of(&piped, "-") == of(&output, &path));
}

/// The members of archives have their names, and nothing is written anywhere.
#[test]
fn archives_are_read_within_bounds() {
    let dir = scratch();
    let tree = dir.path().join("tree");
    fs::create_dir_all(tree.join("in/deep")).unwrap();
    put(&tree, "in/server.crt", &pki_bytes("server.crt"));
    put(&tree, "in/deep/expired.crt", &pki_bytes("expired.crt"));
    put(&tree, "in/notes.txt", b"nothing");
    let run = |words: &[&str]| {
        let done = Command::new(words[0])
            .args(&words[1..])
            .current_dir(&tree)
            .output();
        assert!(done.unwrap().status.success(), "{words:?}");
    };
    let archives = dir.path().join("archives");
    fs::create_dir(&archives).unwrap();
    let at = |name: &str| archives.join(name).display().to_string();
    run(&["tar", "-cf", &at("a.tar"), "in"]);
    run(&["tar", "-czf", &at("b.tgz"), "in"]);
    let long = format!("{}/x.crt", "long-name/".repeat(20));
    fs::create_dir_all(tree.join(&long).parent().unwrap()).unwrap();
    fs::write(tree.join(&long), pki_bytes("soon.crt")).unwrap();
    run(&[
        "tar",
        "--format=pax",
        "-cf",
        &at("c.tar"),
        // A member that would be written outside of the directory if anyone unpacked the archive.
        "--transform=s,^,../../,",
        &long,
    ]);
    run(&["tar", "--format=gnu", "-cf", &at("d.tar"), &long]);
    run(&[
        "sh",
        "-c",
        &format!("gzip -c in/server.crt > {}", at("f.crt.gz")),
    ]);
    let mut expected = vec![
        ("a.tar", "in/deep/expired.crt"),
        ("a.tar", "in/server.crt"),
        ("b.tgz", "in/deep/expired.crt"),
        ("b.tgz", "in/server.crt"),
        ("c.tar", "x.crt"),
        ("d.tar", "x.crt"),
        ("f.crt.gz", ""),
    ];
    if support::here::have("python3", "python3") {
        run(&[
            "python3",
            "-c",
            "import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo('/etc/../../ssl/server.crt'), open('in/server.crt', 'rb').read())
        z.write('in/deep/expired.crt', 'b.crt')",
            &at("e.zip"),
        ]);
        expected.extend([("e.zip", "/etc/../../ssl/server.crt"), ("e.zip", "b.crt")]);
    }
    if support::here::have("zstd", "zstd") {
        run(&["tar", "--zstd", "-cf", &at("g.tzst"), "in"]);
        expected.extend([
            ("g.tzst", "in/deep/expired.crt"),
            ("g.tzst", "in/server.crt"),
        ]);
    }
    let root = archives.display().to_string();
    let output = certcheck(&["scan", &root, "--at", AT, "--format", "ndjson"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let mut found = Vec::new();
    for record in records(&output) {
        if record["record"] == "object" {
            let source = record["source"].as_str().unwrap();
            let name = record["name"].as_str().unwrap_or_default();
            found.push((
                source.to_owned(),
                name.to_owned(),
                record["index"].as_u64().unwrap(),
            ));
        }
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (file, member) in expected {
        let is = |(source, name, _): &&(String, String, u64)| {
            source.ends_with(file) && name.ends_with(member)
        };
        assert!(
            found.iter().any(|one| is(&one)),
            "{file} {member}: {found:#?}"
        );
    }
    // Each object of a file has a number of its own.
    let of_tar = found
        .iter()
        .filter(|(source, ..)| source.ends_with("a.tar"));
    let mut numbers: Vec<_> = of_tar.map(|(_, _, index)| *index).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn archive_bombs_end_soon() {
    if !support::here::have("python3", "python3") {
        return;
    }
    let dir = scratch();
    put(dir.path(), "server.crt", &pki_bytes("server.crt"));
    let at = |name: &str| dir.path().join(name).display().to_string();
    let made = Command::new("python3")
        .args([
            "-c",
            "import gzip, io, sys, tarfile, zipfile
zeros = b'a line\\n' * (1 << 17)
with gzip.open(sys.argv[1], 'wb', 9) as out:
    for _ in range(1000): out.write(zeros)
with tarfile.open(sys.argv[2], 'w:gz') as tar:
    info = tarfile.TarInfo('x'); info.size = len(zeros) * 600
    class Endless(io.RawIOBase):
        def read(self, n=-1): return (zeros * 2)[:n]
    tar.addfile(info, Endless())
with zipfile.ZipFile(sys.argv[3], 'w', zipfile.ZIP_DEFLATED) as z:
    for n in range(70000): z.writestr(str(n), b'')
data = b'x'
for _ in range(9):
    data = gzip.compress(data)
open(sys.argv[4], 'wb').write(data)
open(sys.argv[5], 'wb').write(b'PK\\x03\\x04' + b'\\xff' * 2000)
open(sys.argv[6], 'wb').write(b'\\x28\\xb5\\x2f\\xfd' + b'\\xff' * 2000)
",
            &at("a.gz"),
            &at("b.tgz"),
            &at("c.zip"),
            &at("d.gz"),
            &at("e.zip"),
            &at("f.zst"),
        ])
        .status();
    assert!(made.unwrap().success());
    let begin = Instant::now();
    let (code, document) = scan(dir.path(), &[]);
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!((code, &document["verdict"]), (1, &"undecided".into()));
    assert_eq!(document["result"]["summary"]["certificates"], 1);
    assert!(skipped(&document, "read in part") >= 5, "{document:#}");
}

#[test]
fn odd_large_files_end_soon() {
    let dir = scratch();
    put(dir.path(), "server.crt", &pki_bytes("server.crt"));
    let text = b"a line of a log\n".repeat(200_000);
    put(dir.path(), "long.log", &text);
    let mut unended = b"-----BEGIN CERTIFICATE-----\n".to_vec();
    unended.extend(b"AAAA\n".repeat(400_000));
    put(dir.path(), "unended.pem", &unended);
    put(dir.path(), "one-line", &b"x".repeat(3 << 20));
    put(
        dir.path(),
        "begins",
        &b"-----BEGIN X-----\n".repeat(100_000),
    );
    put(dir.path(), "ends", &b"-----END X-----\n".repeat(100_000));
    let sparse = fs::File::create(dir.path().join("sparse.img")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let mut der = vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff];
    der.resize(2 << 20, 0);
    put(dir.path(), "cut.der", &der);
    let mut sans = b"-----BEGIN CERTIFICATE-----\n".to_vec();
    sans.extend(b"MIIB");
    put(dir.path(), "cut.pem", &sans);
    let begin = Instant::now();
    let (code, document) = scan(dir.path(), &[]);
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!(code, 1);
    assert_eq!(document["result"]["summary"]["certificates"], 1);
    assert_eq!(skipped(&document, "large binary file"), 1, "{document:#}");
}

#[test]
fn yaml_bombs_and_deep_documents_end_soon() {
    let dir = scratch();
    let mut bomb = "apiVersion: v1\nkind: Secret\na0: &a0 LS0tLS1CRUdJTi\n".to_owned();
    for level in 1..40 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        bomb += &format!("a{level}: &a{level} [{below}x]\n");
    }
    put(dir.path(), "bomb.yaml", bomb.as_bytes());
    for (name, text) in [
        ("deep.json", "{\"a\":".repeat(100_000)),
        ("deep.yaml", "[".repeat(1 << 20)),
        ("maps.yaml", "{a: ".repeat(1 << 18)),
    ] {
        let text = format!("{{\"apiVersion\": 1, \"kind\": \"Secret\", \"a\": {text}");
        put(dir.path(), name, text.as_bytes());
    }
    put(dir.path(), "server.crt", &pki_bytes("server.crt"));
    let begin = Instant::now();
    let (code, document) = scan(dir.path(), &[]);
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!((code, &document["verdict"]), (1, &"undecided".into()));
    assert_eq!(skipped(&document, "read in part"), 3, "{document:#}");
}
