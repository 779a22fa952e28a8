//! What `haproxy -c` says of several hundred configurations, each one line away from a
//! sound one (tests/real/haproxy_real/lines.txt), against `preflight`: nothing that it refuses
//! is passed, and nothing that it takes is called refused.
#![cfg(feature = "cli")]

use crate::support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// When the certificates are judged.
const AT: &str = "2026-11-22T12:00:00Z";

/// How many lines there are; fewer compared fail.
const LINES: usize = 565;

/// `\n`, `\0` and so on, and `{70000}` for as many letters.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next().unwrap() {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                digit if digit.is_ascii_digit() => {
                    out.push(char::from(
                        u8::try_from(digit.to_digit(10).unwrap()).unwrap(),
                    ));
                }
                other => out.push(other),
            },
            '{' if rest.peek().is_some_and(char::is_ascii_digit) => {
                let count: String =
                    std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).collect();
                assert_eq!(rest.next(), Some('}'));
                out.push_str(&"a".repeat(count.parse().unwrap()));
            }
            c => out.push(c),
        }
    }
    out
}

/// The files that the lines name.
fn scene(to: &Path) {
    let pki = |name: &str| fs::read(support::testdata().join("pki").join(name)).unwrap();
    let put = |name: &str, parts: &[&[u8]]| {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, parts.concat()).unwrap();
    };
    let (chain, key, own) = (pki("fullchain.crt"), pki("server.key"), pki("server.crt"));
    let (ec, ec_key) = (pki("p256.chain.crt"), pki("p256.key"));
    let (dsa, dsa_key) = (pki("dsa.chain.crt"), pki("dsa.key"));
    let junk = b"this is no PEM file\n";
    for name in [
        "site.pem",
        "directory/a.pem",
        "directory/b.pem",
        "bundle-one.rsa",
        "bundle-dsa.rsa",
    ] {
        put(name, &[&chain, &key]);
    }
    for name in ["bundle", "bundle-three", "bundle-bad"] {
        put(&format!("{name}.rsa"), &[&chain, &key]);
        put(&format!("{name}.ecdsa"), &[&ec, &ec_key]);
    }
    put("bundle-bad.ecdsa", &[junk]);
    put("bundle-three.dsa", &[&dsa, &dsa_key]);
    put("bundle-dsa.dsa", &[&dsa, &dsa_key]);
    put("root.crt", &[&pki("root.crt")]);
    put("list.crl", &[&pki("issuing.crl")]);
    put("junk", &[junk]);
    put("empty", &[]);
    put("other.pem", &[&pki("other.crt"), &pki("other.key")]);
    put("mixed", &[&pki("other.crt"), &ec_key]);
    fs::create_dir_all(to.join("empty-directory")).unwrap();
    put("issuers/one.pem", &[&pki("issuing.crt")]);
    put("issuers/junk", &[junk]);
    put("alone.crt", &[&chain]);
    put("with-key-beside.crt", &[&chain]);
    put("with-key-beside.crt.key", &[&key]);
    for name in ["no-issuer", "issuer-junk", "issuer-wrong", "issuer-right"] {
        let certificate = if name == "issuer-right" { &chain } else { &own };
        put(&format!("ocsp-{name}.pem"), &[certificate, &key]);
        put(&format!("ocsp-{name}.pem.ocsp"), &[b"x"]);
    }
    put("ocsp-issuer-junk.pem.issuer", &[junk]);
    put("ocsp-issuer-wrong.pem.issuer", &[&pki("other-root.crt")]);
    put("ocsp-issuer-right.pem.issuer", &[&pki("issuing.crt")]);
    let made = Command::new("openssl")
        .args(["dhparam", "-dsaparam", "2048"])
        .output()
        .unwrap();
    let dh = made.stdout;
    let cut = [&dh[..100], b"\n-----END DH PARAMETERS-----\n"].concat();
    put("dh.pem", &[&dh]);
    put("dh-cut.pem", &[&cut]);
    put("with-dh.pem", &[&chain, &key, &dh]);
    put("with-dh-cut.pem", &[&chain, &key, &cut]);
    let ticket = "A".repeat(64);
    put("tickets", &[format!("{ticket}\n").repeat(4).as_bytes()]);
    put("tickets-two", &[format!("{ticket}\n").repeat(2).as_bytes()]);
    let long = format!("{ticket}\n{ticket}\n{}=\n", "A".repeat(107));
    put("tickets-mixed", &[long.as_bytes()]);
    put(
        "tickets-blank",
        &[format!("{ticket}\n{ticket}\n\n{ticket}\n").as_bytes()],
    );
    put(
        "tickets-crlf",
        &[format!("{ticket}\r\n").repeat(4).as_bytes()],
    );
    put(
        "tickets-no-end",
        &[format!("{ticket}\n{ticket}\n{ticket}").as_bytes()],
    );
}

/// The configuration of a line, and the file that it puts beside.
fn configuration(kind: &str, text: &str) -> (String, Option<(String, String)>) {
    if kind == "file" {
        return (text.to_owned(), None);
    }
    let of = |wanted: &str| if kind == wanted { text } else { "" };
    let (global, bind, server) = (of("global"), of("bind"), of("server"));
    let (crt, beside) = match kind {
        "list" => (
            "crt-list list".to_owned(),
            Some(("list".to_owned(), text.to_owned())),
        ),
        "crt" => (format!("crt {text}"), None),
        "beside" => {
            let (ending, contents) = text.split_once(' ').unwrap();
            let file = (format!("site.pem{ending}"), contents.to_owned());
            ("crt site.pem".to_owned(), Some(file))
        }
        _ => ("crt site.pem".to_owned(), None),
    };
    let text = format!(
        "global\n {global}\ndefaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n\
         frontend f\n bind 127.0.0.1:8443 ssl {crt} {bind}\n default_backend b\n\
         backend b\n server s 127.0.0.1:80 {server}\n"
    );
    (text, beside)
}

/// Whether HAProxy takes it. Some it reads without end; after some that it calls valid it
/// crashes when it frees what it read.
fn takes(directory: &Path) -> bool {
    let mut child = Command::new("haproxy")
        .args(["-c", "-f", "haproxy.cfg"])
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            let _ = child.wait();
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&said.stdout).contains("Configuration file is valid")
}

/// The verdict, and whether the start itself is refused.
fn judged(directory: &Path) -> (String, bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args([
            "preflight",
            "--server",
            "haproxy",
            "--config",
            "haproxy.cfg",
            "--config-base",
        ])
        .arg(directory)
        .args(["--anchors", "root.crt", "--format", "json", "--at", AT])
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let verdict = document["verdict"].as_str().unwrap_or("none").to_owned();
    let outcome = document["result"]["startup"]["outcome"]
        .as_str()
        .unwrap_or("");
    (verdict, outcome.starts_with("refuses"))
}

#[test]
fn what_haproxy_refuses_is_never_passed() {
    let version = Command::new("haproxy").arg("-v").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    if !version.is_ok_and(|text| text.contains("version 2.6.")) {
        support::here::skipped(
            "haproxy",
            "HAProxy 2.6 is not installed (apt-get install haproxy)",
        );
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let directory: PathBuf = scratch.path().canonicalize().unwrap();
    scene(&directory);
    let (mut compared, mut sound, mut open) = (0, 0, 0);
    let (mut passed, mut refused) = (Vec::new(), Vec::new());
    for row in include_str!("haproxy_real/lines.txt").lines() {
        let Some((kind, text)) = row.split_once('\t').filter(|_| !row.starts_with('#')) else {
            continue;
        };
        let (text, beside) = configuration(kind, &plain(text));
        fs::write(directory.join("haproxy.cfg"), text).unwrap();
        if let Some((name, contents)) = &beside {
            fs::write(directory.join(name), contents).unwrap();
        }
        let taken = takes(&directory);
        let (verdict, refuses) = judged(&directory);
        if let Some((name, _)) = &beside {
            fs::remove_file(directory.join(name)).unwrap();
        }
        compared += 1;
        sound += usize::from(taken);
        match (taken, verdict.as_str()) {
            (false, "pass") => passed.push(row),
            (true, _) if refuses => refused.push(row),
            (true, "undecided") => open += 1,
            _ => {}
        }
    }
    println!(
        "{compared} configurations: {sound} sound, {open} of them undecided, {} refused wrongly, {} passed wrongly",
        refused.len(),
        passed.len()
    );
    let differ = passed.len() + refused.len();
    support::here::compared("haproxy.cfg", "haproxy", compared, LINES, differ);
    assert!(passed.is_empty(), "passed wrongly:\n{}", passed.join("\n"));
    assert!(
        refused.is_empty(),
        "refused wrongly:\n{}",
        refused.join("\n")
    );
    assert!(
        open * 10 <= sound,
        "{open} of {sound} sound ones are undecided"
    );
}
