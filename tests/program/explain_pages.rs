//! The commands that the pages of `explain` show, run as they stand there.
#![cfg(all(feature = "cli", unix))]

use crate::support;

use certcheck::command::reference::Page;
use certcheck::finding::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::program::*;

/// What is not run: it asks the network or this machine's own stores, needs
/// another program, or names a place where nothing is.
fn left_out(line: &str) -> bool {
    let needs = [
        "certcheck probe",
        "certcheck trust status",
        "--anchors mozilla",
        "/etc/",
        "aws ",
        "tsm ",
        "tabpy-user",
        "tabpy --config",
        "apache2ctl",
        "ss ",
        "ls ",
        "chmod 0600 FILE",
    ];
    needs.iter().any(|need| line.contains(need))
}

/// The files that the pages name.
fn files(at: &Path) {
    let read = |name: &str| fs::read(pki(name)).unwrap();
    let put = |name: &str, bytes: &[u8]| put(at, name, bytes);
    for name in [
        "server.crt",
        "server.key",
        "server.der",
        "server.p12",
        "root.crt",
        "root.crl",
    ] {
        put(name, &read(name));
    }
    put("passphrase.txt", &read("passphrase.txt"));
    put("fullchain.pem", &read("fullchain.crt"));
    put("intermediate.crt", &read("issuing.crt"));
    put("issuing.crt", &read("issuing.crt"));
    put("certificate.crt", &read("root.crt"));
    put("root.pem", &read("root.crt"));
    put("ca.crl", &read("issuing.crl"));
    let messy = [read("issuing.crt"), read("server.crt"), read("root.crt")];
    put("messy.pem", &messy.concat());
    put(
        "bundle.pem",
        &[read("server.crt"), read("server.key")].concat(),
    );
    put(
        "bundle.crt",
        &[read("issuing.crt"), read("root.crt")].concat(),
    );
    put("client.crt", &read("client-only.crt"));
    put("client.key", &read("server.key"));
    put("server.pem", &read("server.crt"));
    put("part.pem", &read("server.crt"));
    put("tsm.crt", &read("root.crt"));
    put("trusted.pem", &read("server.crt"));
    let text = String::from_utf8(read("server.crt")).unwrap();
    let base64 = text.lines().filter(|line| !line.starts_with('-'));
    put(
        "server.txt",
        base64.collect::<Vec<_>>().join("\n").as_bytes(),
    );
    put("old.key", &read("server.key"));
    put("saml.key", &read("server.key"));
    put("old.crt", &read("fullchain.crt"));
    put("new.crt", &read("fullchain.crt"));
    let container = |name: &str| fs::read(support::testdata().join("containers").join(name));
    put("old.p12", &container("legacy.p12").unwrap());
    put("what-the-ca-sent.p7b", &container("chain.p7b").unwrap());
    put("containers.txt", &container("passphrase.txt").unwrap());
    put("ssl.conf", b"SSLEngine on\nSSLProtocol all -SSLv3\nSSLCertificateFile server.crt\nSSLCertificateKeyFile server.key\n");
    put("nginx.conf", b"events {}\nhttp { server { listen 443 ssl; ssl_certificate server.crt; ssl_certificate_key server.key; } }\n");
    put(
        "Rserv.conf",
        b"tls.port 4912\ntls.cert server.crt\ntls.key server.key\n",
    );
    put("tabpy.conf", b"[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = server.crt\nTABPY_KEY_FILE = server.key\n");
    put(
        "certcheck.toml",
        b"[[target]]\nname = \"web\"\ncert-file = \"server.crt\"\n",
    );
    put("receipt.json", &receipt(at));
    fs::create_dir(at.join("keys")).unwrap();
    fs::write(at.join("keys/one.key"), read("server.key")).unwrap();
    fs::write(at.join("keys/two.key"), read("other.key")).unwrap();
}

/// A receipt of the files beside it.
fn receipt(at: &Path) -> Vec<u8> {
    let mut preflight = Command::new(env!("CARGO_BIN_EXE_certcheck"));
    preflight.current_dir(at).args(["preflight", "--cert-file"]);
    preflight.args(["fullchain.pem", "--key-file", "server.key"]);
    preflight.args(["--receipt", "made.json", "-q"]);
    preflight.output().unwrap();
    fs::read(at.join("made.json")).unwrap()
}

#[test]
fn every_command_runs() {
    let openssl = support::here::have("openssl", "openssl");
    let keytool = support::here::have("keytool", "default-jdk-headless");
    let missing = |line: &str| {
        (!openssl && line.contains("openssl")) || (!keytool && line.contains("keytool"))
    };
    let program = Path::new(env!("CARGO_BIN_EXE_certcheck"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let pages = Code::ALL.iter().map(|&code| Page::of(code));
    let lines: BTreeSet<&str> = pages.flat_map(|page| page.run).collect();
    let (mut ran, mut wrong) = (0, Vec::new());
    for line in &lines {
        if left_out(line) || missing(line) {
            continue;
        }
        let dir = scratch();
        files(dir.path());
        // A command that writes a file writes a new one, as a user would.
        if let Some((_, out)) = line
            .split_once(" -o ")
            .or_else(|| line.split_once(" -out "))
        {
            let out = out.trim_end_matches(')');
            let given = line.split_whitespace().filter(|word| *word == out).count();
            if given == 1 {
                let _ = fs::remove_file(dir.path().join(out));
            }
        }
        // No terminal to ask for a passphrase.
        let typed = match line.contains("-topk8") {
            true => format!("{line} -passout pass:secret"),
            false if line.contains("pkcs12 -legacy") => {
                format!("{line} -passin file:containers.txt -passout pass:secret")
            }
            false => (*line).to_owned(),
        };
        let mut child = Command::new("sh");
        child.args(["-c", &typed]).current_dir(dir.path());
        child.env("PATH", &path).stdin(Stdio::null());
        let output = child.output().unwrap();
        let good = match code(&output) {
            0 => true,
            // Something was found, as in a page it should be.
            1 => line.starts_with("certcheck "),
            _ => false,
        };
        if !good {
            wrong.push(format!("{line}\n   {}", stderr(&output)));
        }
        ran += 1;
    }
    println!("{ran} of {} command lines ran", lines.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let least = if openssl { 45 } else { 40 };
    assert!(ran >= least, "only {ran} ran");
}

/// Every text of the table, pasted into the program: exit 0 where a code is
/// named, 1 where none is, and 2 where there is no text.
#[test]
fn the_program_answers_as_the_library_does() {
    let table = fs::read_to_string(support::testdata().join("explain/symptoms.tsv")).unwrap();
    let mut asked = 0;
    for row in table.lines().skip(1).step_by(9) {
        let (expected, text) = row.split_once('\t').unwrap();
        let text = text.replace("\\n", "\n").replace("\\t", "\t");
        let (exit, document) = document(&["explain", "--symptom", &text]);
        let elsewhere = document["result"]["not_a_certificate_problem"]["name"].as_str();
        let elsewhere = elsewhere.map(|name| format!("not.{name}"));
        let code = document["result"]["codes"][0]["code"].as_str();
        let first = elsewhere.as_deref().or(code).unwrap_or("-");
        assert_eq!(first, expected, "{text}");
        assert_eq!(exit, i32::from(expected == "-"), "{text}");
        asked += 1;
    }
    assert!(asked >= 25, "{asked}");
    for (text, why) in [
        ("a", "too-short"),
        ("certificate", "too-general"),
        ("lorem ipsum", "unknown"),
    ] {
        let (exit, document) = document(&["explain", "--symptom", text]);
        assert_eq!(
            (exit, document["result"]["unclear"].as_str()),
            (1, Some(why)),
            "{text}"
        );
        assert_eq!(document["result"]["codes"].as_array().unwrap().len(), 0);
    }
    refused(&["explain", "--symptom", "  "], "the text is empty");
}

/// `--symptom` takes a text, a file, or standard input, and of a long log its end.
#[test]
fn a_symptom_may_stand_in_a_file_or_come_through_a_pipe() {
    let text = "PKIX path building failed: unable to find valid certification path";
    let dir = scratch();
    let log = format!("{}\n[ssl:emerg] {text}\n", "started\n".repeat(10_000));
    let file = put(dir.path(), "error.log", log.as_bytes());
    let (exit, by_file) = document(&["explain", "--symptom", &file]);
    assert_eq!(exit, 0);
    let matches = by_file["result"]["matches"].as_array().unwrap();
    assert_eq!(matches[0]["code"], "chain.missing-intermediate");
    let mut command = program();
    command.args(["explain", "--symptom", "-", "--format", "json"]);
    let output = support::run(command, text.as_bytes());
    let by_pipe: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(by_pipe["result"]["matches"], by_file["result"]["matches"]);
    let (_, by_text) = document(&["explain", "--symptom", text]);
    assert_eq!(by_text["result"]["matches"], by_file["result"]["matches"]);
    refused(&["explain", "--symptom", "/no/such.log"], "no such file");
    let mut command = program();
    command.args(["explain", "--symptom", "-"]);
    let output = support::run(command, b"");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("the text is empty"));
}

/// Every text that a real program said under a condition: the condition's code is
/// among the likely ones, and mostly the likeliest.
#[test]
fn what_programs_said_leads_to_the_fault() {
    use certcheck::command::reference::matches;
    let read = |name: &str| {
        let path = support::testdata().join("explain").join(name);
        fs::read_to_string(path).unwrap()
    };
    let conditions = read("conditions.tsv");
    let conditions: BTreeMap<&str, &str> = conditions
        .lines()
        .skip(1)
        .map(|row| row.split_once('\t').unwrap())
        .collect();
    let (mut first, mut tried, mut lost, mut seen) = (0, 0, Vec::new(), BTreeSet::new());
    for row in read("error_texts.tsv").lines().skip(1) {
        let parts: Vec<&str> = row.split('\t').collect();
        let (program, condition, text) = (parts[0], parts[2], parts[3]);
        // What the server hears of a client names the alert alone.
        if condition.contains("'s side of ") {
            continue;
        }
        let condition = condition.split_once(": ").map_or(condition, |(it, _)| it);
        let Some((&condition, &code)) = conditions.get_key_value(condition) else {
            continue;
        };
        seen.insert(condition);
        // A missing file is nothing that only TLS has, where no certificate is named.
        let plain = ["FileNotFoundError", "ENOENT", "open missing"];
        if plain.iter().any(|start| text.starts_with(start)) {
            continue;
        }
        tried += 1;
        let text = text.replace("\\n", "\n");
        let found = matches(&text).unwrap_or_default();
        let names: Vec<_> = found.iter().map(|found| found.info.code.as_str()).collect();
        if names.first() == Some(&code) {
            first += 1;
        }
        // Some say that they do not trust a certificate, or cannot load it, and not why.
        let mute = [
            "SSL error: certificate verify failed",
            "server certificate verification failed",
            "is not trusted.",
            "ERR_CERT_INVALID",
            "[SSL] PEM lib",
        ];
        if mute
            .iter()
            .any(|word| text.lines().next().is_some_and(|line| line.contains(word)))
        {
            assert!(!names.is_empty(), "{program}, {condition}: {text}");
            continue;
        }
        if !names.contains(&code) {
            lost.push(format!(
                "{program}, {condition}: {code} not in {names:?}\n  {text}"
            ));
        }
    }
    println!("{tried} texts, of {first} the fault comes first");
    let unseen: Vec<_> = conditions
        .keys()
        .filter(|wanted| !seen.contains(**wanted))
        .collect();
    assert!(unseen.is_empty(), "nothing was said of {unseen:?}");
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
    assert!(tried >= 480 && first * 2 >= tried, "{first} of {tried}");
}

/// What rustls and rustls-webpki say, in the versions that stand in Cargo.lock.
#[cfg(feature = "probe")]
#[test]
fn rustls_says_what_is_quoted() {
    use certcheck::command::reference::Symptom;
    use rustls::pki_types::{PrivateKeyDer, ServerName, UnixTime};
    use rustls::{AlertDescription, CertificateError, Error, InconsistentKeys, InvalidMessage};
    use webpki::Error as Path;

    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_800_000_000));
    let certificate = [
        CertificateError::Expired,
        CertificateError::ExpiredContext {
            time,
            not_after: time,
        },
        CertificateError::NotValidYet,
        CertificateError::NotValidYetContext {
            time,
            not_before: time,
        },
        CertificateError::NotValidForName,
        CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("www.example.com").unwrap(),
            presented: vec!["localhost".to_owned()],
        },
        CertificateError::UnknownIssuer,
        CertificateError::Revoked,
        CertificateError::UnknownRevocationStatus,
        CertificateError::InvalidPurpose,
        CertificateError::UnhandledCriticalExtension,
        CertificateError::BadSignature,
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: vec![],
            supported_algorithms: vec![],
        },
        CertificateError::BadEncoding,
    ];
    let mut said: Vec<Error> = certificate.map(Error::InvalidCertificate).into();
    said.extend([
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch),
        Error::AlertReceived(AlertDescription::UnknownCA),
        Error::AlertReceived(AlertDescription::HandshakeFailure),
        Error::InvalidMessage(InvalidMessage::InvalidContentType),
    ]);
    let garbage = PrivateKeyDer::try_from(vec![0x30, 3, 2, 1, 0]);
    if let Ok(garbage) = garbage {
        let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&garbage);
        said.push(key.unwrap_err());
    }
    let mut said: Vec<String> = said
        .iter()
        .map(|text| format!("{text}\n{text:?}"))
        .collect();
    let path = [
        Path::CaUsedAsEndEntity,
        Path::CertRevoked,
        Path::EndEntityUsedAsCa,
        Path::InvalidSignatureForPublicKey,
        Path::MaximumPathBuildCallsExceeded,
        Path::MaximumSignatureChecksExceeded,
        Path::NameConstraintViolation,
        Path::PathLenConstraintViolated,
        Path::UnknownIssuer,
        Path::UnknownRevocationStatus,
        Path::UnsupportedCriticalExtension,
    ];
    said.extend(path.map(|text| format!("{text:?}")));
    let said = said.join("\n");

    let pages = Code::ALL.iter().map(|&code| Page::of(code));
    let theirs = |symptom: &Symptom| {
        symptom.source.starts_with("rustls ") || symptom.source == "webpki Error"
    };
    let quoted = pages.flat_map(|page| page.seen).filter(theirs);
    let texts: BTreeSet<&str> = quoted.map(|symptom| symptom.text).collect();
    let absent: Vec<_> = texts.iter().filter(|text| !said.contains(**text)).collect();
    assert!(absent.is_empty(), "{absent:?}\n{said}");
    assert!(texts.len() >= 20, "{}", texts.len());
}
