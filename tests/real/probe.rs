//! The probe against live servers on loopback: OpenSSL's, such as speak
//! something else, and such as mean harm.
#![cfg(feature = "cli")]

use crate::support::here;
#[path = "probe/client.rs"]
mod client;
#[path = "probe/kinds.rs"]
mod kinds;
#[path = "probe/offers.rs"]
mod offers;
#[path = "probe/servers/mod.rs"]
mod servers;
#[path = "probe/starttls.rs"]
mod starttls;

use certcheck::probe::{Asked, Failure, Seen, StartTls, probe};
use serde_json::Value;
use servers::{OpenSsl, answers, fake, greets, pki};
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn asked(port: u16, starttls: Option<StartTls>, timeout: Duration) -> Asked {
    let mut asked = Asked::of("127.0.0.1", port);
    asked.starttls = starttls;
    asked.timeout = timeout;
    asked
}

fn see(port: u16) -> Seen {
    probe(&asked(port, None, Duration::from_secs(5))).unwrap()
}

fn failure(seen: Seen) -> Failure {
    seen.handshake.expect_err("there was a handshake")
}

/// The certificates of a file, in DER.
fn certificates(name: &str) -> Vec<Vec<u8>> {
    let sections = pem::parse_many(fs::read(pki(name)).unwrap()).unwrap();
    sections.into_iter().map(pem::Pem::into_contents).collect()
}

fn answering(seen: &Seen) -> Vec<&'static str> {
    let yes = |seen: &&certcheck::probe::Observed| seen.answered == certcheck::probe::Answered::Yes;
    seen.versions
        .iter()
        .filter(yes)
        .map(|answer| answer.version.as_str())
        .collect()
}

fn certcheck(port: u16, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certcheck"))
        .args([
            "probe",
            &format!("127.0.0.1:{port}"),
            "--at",
            "2026-11-22T12:00:00Z",
            "--timeout",
            "5",
        ])
        .args(more)
        .output()
        .unwrap()
}

/// The document of a probe, by the published schema, and the exit code.
fn document(port: u16, more: &[&str]) -> (Value, i32) {
    let output = certcheck(port, &[&["--format", "json"], more].concat());
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    let document: Value = serde_json::from_slice(&output.stdout).expect(&shown);
    let schema: Value =
        serde_json::from_str(include_str!("../../schema/certcheck-1.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = schema
        .iter_errors(&document)
        .map(|value| value.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    (document, output.status.code().unwrap())
}

/// Codes and severities, sorted.
fn findings(document: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (text(&finding["code"]), text(&finding["severity"])))
        .collect();
    all.sort();
    all
}

const HOST: [&str; 2] = ["--server-name", "server.example.test"];

fn with_host<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&HOST, more].concat()
}

#[test]
fn the_chain_on_the_wire_is_the_one_sent() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let (leaf, issuing) = (pki("server.crt"), pki("issuing.crt"));
    let server = OpenSsl::start(&leaf, Some(&issuing), &pki("server.key"), &[]);
    let seen = see(server.port);
    let handshake = seen.handshake.as_ref().unwrap();
    assert_eq!(handshake.certificates, certificates("fullchain.crt"));
    assert_eq!(handshake.key_proven, Some(true));
    assert_eq!(handshake.failure, None);
    assert_eq!(answering(&seen), ["TLSv1.2", "TLSv1.3"]);
}

#[test]
fn each_version_answers_for_itself() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let (leaf, issuing, key) = (pki("server.crt"), pki("issuing.crt"), pki("server.key"));
    // OpenSSL 3.0 speaks TLS 1.0 and 1.1 only at level 0: their signatures are of SHA-1.
    let weak = "ALL:@SECLEVEL=0";
    for (options, versions) in [
        (&["-tls1_2"][..], &["TLSv1.2"][..]),
        (&["-tls1_3"], &["TLSv1.3"]),
        (&["-tls1", "-cipher", weak], &["TLSv1"]),
        (&["-tls1_1", "-cipher", weak], &["TLSv1.1"]),
        (
            &["-no_tls1_3", "-cipher", weak],
            &["TLSv1", "TLSv1.1", "TLSv1.2"],
        ),
        // A suite that no library of today has.
        (&["-tls1_2", "-cipher", "AES128-SHA"], &["TLSv1.2"]),
    ] {
        let server = OpenSsl::start(&leaf, Some(&issuing), &key, options);
        let seen = see(server.port);
        assert_eq!(
            answering(&seen),
            versions,
            "{options:?} {:?}",
            seen.versions
        );
        let handshake = seen.handshake.unwrap();
        assert_eq!(
            handshake.certificates,
            certificates("fullchain.crt"),
            "{options:?}"
        );
    }
}

#[test]
fn old_versions_are_findings() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let server = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &pki("server.key"),
        &["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
    );
    let (document, code) = document(server.port, &with_host(&["--anchors", &pki("root.crt")]));
    let found = findings(&document);
    let expected = [
        ("wire.no-modern-version", "error"),
        ("wire.old-version", "warning"),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(code, 1);
}

#[test]
fn what_answers_is_named() {
    for (port, says) in [
        (
            greets(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
            "this is an SSH server",
        ),
        (
            answers(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            "this is plain HTTP",
        ),
        (
            answers(b"<html><body>Bad request</body></html>"),
            "this is plain HTTP",
        ),
        (
            // The 32 bytes with which Rserve greets.
            greets(b"Rsrv0103QAP1\r\n\r\n--------------\r\n"),
            "this is Rserve without TLS",
        ),
        (
            greets(b"220 mail.example.test ESMTP\r\n"),
            "this is an SMTP or FTP server without TLS",
        ),
        (
            greets(b"* OK IMAP4rev1 ready\r\n"),
            "this is an IMAP server without TLS",
        ),
        (
            fake(|mut stream| drop(stream.read(&mut [0; 4096]))),
            "closed without an answer",
        ),
        (fake(drop), "closed without an answer"),
        (
            // A fatal alert 40.
            answers(b"\x15\x03\x03\x00\x02\x02\x28"),
            "the server ended the handshake with the alert handshake_failure",
        ),
        (
            answers(b"what is this\n"),
            "the answer is not TLS: it begins with `what is this\\n`",
        ),
    ] {
        let output = certcheck(port, &[]);
        // Lines end where the width ends.
        let text = String::from_utf8_lossy(&output.stdout);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(says), "{says}: {text}");
        assert_eq!(output.status.code(), Some(1), "{says}");
        let (document, _) = document(port, &[]);
        let code = &findings(&document)[0];
        assert!(
            ["wire.not-tls", "wire.no-handshake"].contains(&code.0.as_str()),
            "{code:?}"
        );
    }
}

#[test]
fn nobody_there_is_exit_2() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let output = certcheck(port, &[]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        text.contains("refused") && text.contains(&port.to_string()),
        "{text}"
    );
    for bad in ["https://example.com", "host:0", "host:99999", "[::1", ""] {
        let output = Command::new(env!("CARGO_BIN_EXE_certcheck"))
            .args(["probe", bad])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{bad}");
    }
}

/// Whatever comes, and however slowly: it ends, and soon.
#[test]
fn hostile_servers_are_left_in_time() {
    let hold = |stream: std::net::TcpStream| {
        std::thread::sleep(Duration::from_secs(60));
        drop(stream);
    };
    let repeats = |piece: &'static [u8], pause: u64| {
        fake(move |mut stream| {
            while stream.write_all(piece).is_ok() {
                std::thread::sleep(Duration::from_millis(pause));
            }
        })
    };
    let claims = fake(|mut stream| {
        // A Certificate message of 16 MB, in records that are full.
        let mut record = vec![22, 3, 3, 0x40, 0];
        // The length is a claim of the peer's: a buffer of that size must not be made for it.
        record.extend([11, 255, 255, 255]);
        record.resize(5 + 0x4000, 0);
        while stream.write_all(&record).is_ok() {
            record[5..9].copy_from_slice(&[0; 4]);
        }
    });
    for (name, port, starttls) in [
        ("silent", fake(hold), None),
        ("silent to STARTTLS", fake(hold), Some(StartTls::Postgres)),
        ("a byte at a time", repeats(&[22], 30), None),
        ("zeros", repeats(&[0; 4096], 0), None),
        ("empty records", repeats(&[22, 3, 3, 0, 0], 0), None),
        (
            "warnings",
            // Warning 112, unrecognized_name: a client goes on after it, here for ever.
            repeats(b"\x15\x03\x03\x00\x02\x01\x70", 0),
            None,
        ),
        ("a message without end", claims, None),
        (
            "a line without end",
            repeats(b"220-x", 0),
            Some(StartTls::Smtp),
        ),
        (
            "lines without end",
            repeats(b"220-x\r\n", 0),
            Some(StartTls::Smtp),
        ),
        (
            "IMAP without end",
            repeats(b"* OK x\r\n", 0),
            Some(StartTls::Imap),
        ),
        (
            "LDAP of 4 GB",
            repeats(b"\x30\x84\xff\xff\xff\xff", 0),
            Some(StartTls::Ldap),
        ),
        (
            "MySQL of 16 MB",
            repeats(b"\xff\xff\xff\x00", 0),
            Some(StartTls::MySql),
        ),
    ] {
        let begun = Instant::now();
        let seen = probe(&asked(port, starttls, Duration::from_secs(1))).unwrap();
        let took = begun.elapsed();
        // Each connection has one second, all together three; the rest is for a busy machine.
        assert!(took < Duration::from_secs(8), "{name}: {took:?}");
        assert!(seen.handshake.is_err(), "{name}: {seen:?}");
        println!("{name}: {:?} after {took:?}", failure(seen));
    }
}

#[test]
fn silence_is_called_so() {
    let port = fake(|stream| {
        std::thread::sleep(Duration::from_secs(30));
        drop(stream);
    });
    let seen = probe(&asked(port, None, Duration::from_millis(300))).unwrap();
    assert_eq!(failure(seen), Failure::TimedOut);
}

/// S38, S03: the wire against a file.
#[test]
fn the_wire_against_a_file() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let start = |leaf: &str, chain: Option<&str>| {
        OpenSsl::start(
            &pki(leaf),
            chain.map(pki).as_deref(),
            &pki("server.key"),
            &[],
        )
    };
    let whole = start("server.crt", Some("issuing.crt"));
    let alone = start("server.crt", None);
    let old = start("long.crt", Some("issuing.crt"));
    let full = pki("fullchain.crt");
    let root = pki("root.crt");
    let judged = |port, expect: &str| {
        let more = with_host(&["--expect", expect, "--anchors", &root]);
        let (document, code) = document(port, &more);
        let compared = document["result"]["compared"][0]["same"].as_bool().unwrap();
        let mut found = findings(&document);
        found.retain(|finding| finding.0.starts_with("wire."));
        let messages = document["findings"].to_string();
        (found, code, compared, messages)
    };
    let one = |code: &str, severity: &str| vec![(code.to_owned(), severity.to_owned())];
    let (found, code, same, _) = judged(whole.port, &full);
    assert_eq!((found, code, same), (vec![], 0, true));
    let (found, code, same, messages) = judged(alone.port, &full);
    assert_eq!(
        (found, code, same),
        (one("wire.chain-differs", "error"), 1, false)
    );
    assert!(
        messages.contains("without intermediates") && messages.contains("Example Issuing CA"),
        "{messages}"
    );
    let (found, code, _, messages) = judged(old.port, &full);
    assert_eq!((found, code), (one("wire.other-certificate", "error"), 1));
    assert!(messages.contains("it is older"), "{messages}");
    let (found, code, _, _) = judged(whole.port, &pki("fullchain-root.crt"));
    assert_eq!((found, code), (one("wire.chain-differs", "notice"), 0));
    let (found, _, _, messages) = judged(whole.port, &pki("issuing.crt"));
    assert_eq!(found, one("wire.other-certificate", "error"));
    assert!(messages.contains("comes later"), "{messages}");
}

/// S38: renewed in the files of the settings, and not reloaded; and the wrong
/// virtual host.
#[test]
fn the_wire_against_a_server_s_settings() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("tabpy.conf");
    let (full, key) = (pki("fullchain.crt"), pki("server.key"));
    let text = format!(
        "[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = {full}\nTABPY_KEY_FILE = {key}\nTABPY_MINIMUM_TLS_VERSION = TLSv1_3\n"
    );
    fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    let old = OpenSsl::start(&pki("long.crt"), Some(&pki("issuing.crt")), &key, &[]);
    let (document_, code) = document(old.port, &with_host(&["--config", config]));
    let mut found = findings(&document_);
    found.retain(|finding| finding.0.starts_with("wire."));
    let expected = [
        // `openssl s_server` goes by the client's order of suites, TabPy by its own.
        ("wire.offer-differs", "warning"),
        ("wire.other-certificate", "error"),
        ("wire.versions-differ", "warning"),
    ];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(code, 1);
    let current = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &key,
        &["-tls1_3"],
    );
    let (document_, code) = document(current.port, &with_host(&["--config", config]));
    assert_eq!(document_["result"]["compared"][0]["same"], true);
    assert_eq!(code, 0, "{document_}");
    // The default virtual host answers where the name is not asked for.
    let hosts = OpenSsl::start(
        &pki("wrong-host.crt"),
        Some(&pki("issuing.crt")),
        &key,
        &[
            "-servername",
            "server.example.test",
            "-cert2",
            &pki("server.crt"),
            "-key2",
            &key,
        ],
    );
    let files = ["--cert-file", &full, "--host", "server.example.test"];
    let (document_, code) = document(hosts.port, &[&files[..], &["--server", "apache"]].concat());
    let text = document_["findings"].to_string();
    assert!(text.contains("another virtual host answers"), "{text}");
    assert_eq!(code, 1);
    let (document_, _) = document(
        hosts.port,
        &with_host(&["--cert-file", &full, "--server", "apache"]),
    );
    let leaf = &document_["result"]["presented"][0];
    assert_eq!(leaf, &document_["result"]["compared"][0]["expected"][0]);
}

#[test]
fn a_key_that_is_not_the_certificate_s_is_seen() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let server = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &pki("forged.key"),
        &["-tls1_3"],
    );
    let (document, code) = document(server.port, &with_host(&["--anchors", &pki("root.crt")]));
    // OpenSSL may notice its own fault and end the handshake: then there is none.
    let found = findings(&document);
    assert!(
        found
            .iter()
            .any(|finding| finding.0 == "wire.key-not-proven" || finding.0 == "wire.no-handshake"),
        "{found:?}"
    );
    assert_eq!(code, 1);
}

/// S32: the certificate demands a stapled response, and none is sent.
#[test]
fn must_staple_without_stapling() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("staple.crt"), path("staple.key"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-subj",
            "/CN=server.example.test",
            "-days",
            "30",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:server.example.test",
            "-addext",
            "tlsfeature=status_request",
        ])
        .output()
        .unwrap();
    assert!(made.status.success());
    let server = OpenSsl::start(&certificate, None, &key, &[]);
    let (document, _) = document(server.port, &HOST);
    assert!(
        findings(&document)
            .iter()
            .any(|finding| finding.0 == "wire.not-stapled"),
        "{document}"
    );
}

#[test]
fn certificates_are_saved_once() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chain.pem");
    let name = file.to_str().unwrap();
    let server = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &pki("server.key"),
        &[],
    );
    let save =
        |more: &[&str]| certcheck(server.port, &with_host(&[&["--save", name], more].concat()));
    assert_eq!(save(&[]).status.code(), Some(0));
    let saved = pem::parse_many(fs::read(&file).unwrap()).unwrap();
    let saved: Vec<_> = saved.into_iter().map(pem::Pem::into_contents).collect();
    assert_eq!(saved, certificates("fullchain.crt"));
    fs::write(&file, "mine").unwrap();
    assert_eq!(save(&[]).status.code(), Some(2));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    assert_eq!(save(&["--force"]).status.code(), Some(0));
    assert_eq!(pem::parse_many(fs::read(&file).unwrap()).unwrap().len(), 2);
}
