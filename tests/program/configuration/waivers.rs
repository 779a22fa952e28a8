//! What waivers and severities accept, until when, and how every format shows it.

use super::{FILE, at, json, project, says};
use crate::support::program::*;
use std::fs;
use std::path::Path;

#[test]
fn every_format_shows_what_was_waived() {
    let dir = project(FILE);
    let reason = "the service ends in March";
    for (format, needs) in [
        (
            "text",
            &[
                "(1 waived)",
                "waived: error[certificate.no-subject-alt-name]",
                reason,
                "until: 2027-03-31",
            ][..],
        ),
        ("json", &["\"waived\": 1", reason, "2027-03-31"]),
        ("ndjson", &["\"record\":\"waived\"", reason, "2027-03-31"]),
        ("csv", &["waived", reason, "2027-03-31"]),
        (
            "html",
            &["Waived", reason, "2027-03-31", "&lt;b&gt;", "(1 waived)"],
        ),
        ("sarif", &["\"suppressions\"", reason, "2027-03-31"]),
        (
            "junit",
            &["<skipped message=\"waived until 2027-03-31", reason],
        ),
        (
            "github",
            &[
                "::notice title=certificate.no-subject-alt-name::waived until 2027-03-31",
                reason,
            ],
        ),
        (
            "prometheus",
            &[
                "certcheck_waived_until_timestamp_seconds{",
                "1806537600",
                reason,
                "certcheck_accepted_findings{",
                "certcheck_configuration_info{",
            ],
        ),
        (
            "nagios",
            &["(1 waived)", "waived=1", reason, "until 2027-03-31"],
        ),
    ] {
        for command in [
            &["run"][..],
            &[
                "preflight",
                "--cert-file",
                "old.crt",
                "--key-file",
                "server.key",
                "--host",
                "server.example.test",
            ],
        ] {
            let output = at(dir.path(), &[command, &["--format", format]].concat());
            assert_eq!(code(&output), 0, "{format} {}", stderr(&output));
            let text = stdout(&output).replace("\": \"", "\":\"");
            for need in needs {
                let need = need.replace("\": \"", "\":\"");
                assert!(
                    text.contains(&need),
                    "{format} {command:?}: no {need:?} in\n{text}"
                );
            }
        }
    }
    let quiet = stdout(&at(dir.path(), &["run", "-q"]));
    assert!(quiet.contains("1 waived"), "{quiet}");
}

#[test]
fn a_waiver_ends() {
    let dir = project(FILE);
    let words = ["run", "--format", "json", "--at"];
    let on = |day: &str| {
        let mut command = program();
        command.args(words).arg(day).current_dir(dir.path());
        command.output().unwrap()
    };
    assert_eq!(code(&on("2027-03-31T23:59:59Z")), 0);
    let output = on("2027-04-01T00:00:00Z");
    assert_eq!(code(&output), 1);
    let document = json(&output);
    let codes = codes_of(&document);
    assert!(
        codes.contains(&"certificate.no-subject-alt-name") && codes.contains(&"waiver.expired"),
        "{codes:?}"
    );
    assert_eq!(document["summary"]["waived"], 0);
}

/// A receipt is worth no more than its waiver, and than the file that the waiver is in.
#[test]
fn the_gate_knows_the_waiver() {
    let dir = project(FILE);
    let words = [
        "preflight",
        "--cert-file",
        "old.crt",
        "--key-file",
        "server.key",
        "--host",
        "server.example.test",
        "--receipt",
        "r.json",
    ];
    assert_eq!(code(&at(dir.path(), &words)), 0);
    let text = fs::read_to_string(dir.path().join("r.json")).unwrap();
    assert!(
        text.contains("waives certificate.no-subject-alt-name in old.crt until 2027-03-31"),
        "{text}"
    );
    let gate = |day: &str| {
        let mut command = program();
        command
            .args(["gate", "r.json", "--at", day])
            .current_dir(dir.path());
        command.output().unwrap()
    };
    assert_eq!(code(&gate(AT)), 0, "{}", stdout(&gate(AT)));
    assert_eq!(code(&gate("2027-03-31T23:59:59Z")), 0);
    assert_eq!(code(&gate("2027-04-01T00:00:00Z")), 1);
    put(
        dir.path(),
        "certcheck.toml",
        FILE.replace("March", "April").as_bytes(),
    );
    let output = gate(AT);
    assert_eq!(code(&output), 1);
    says(&stdout(&output), "certcheck.toml");
}

/// nginx does not start with this file, or with this key: a waiver does not make a pass of it.
#[test]
fn what_does_not_start_is_a_failure_in_every_format() {
    let nginx = "events {}\nhttp { foo on; server { listen 443 ssl;\n\
        ssl_certificate fullchain.crt; ssl_certificate_key server.key; } }\n";
    let judges = [
        (
            "config.refused",
            &["--server", "nginx", "--config", "nginx.conf"][..],
        ),
        (
            "key.mismatch",
            &[
                "--server",
                "nginx",
                "--cert-file",
                "fullchain.crt",
                "--key-file",
                "other.key",
            ],
        ),
    ];
    for (accepted, words) in judges {
        let files = [format!(
            "[[waiver]]\ncode = \"{accepted}\"\nreason = \"x\"\nuntil = 2027-03-31\n"
        )];
        for text in files {
            let dir = project(&text);
            put(dir.path(), "nginx.conf", nginx.as_bytes());
            fs::copy(pki("other.key"), dir.path().join("other.key")).unwrap();
            let mut all = vec!["preflight", "--anchors", "root.crt"];
            all.extend(words);
            for (format, needs) in [
                ("text", "not fit: "),
                ("json", "\"verdict\": \"fail\""),
                ("ndjson", "\"verdict\":\"fail\""),
                ("csv", "finding,error,"),
                ("html", accepted),
                ("sarif", "\"level\": \"error\""),
                ("junit", "<failure type="),
                ("github", "::error "),
                ("prometheus", "verdict=\"fail\"} 1"),
                ("nagios", "CERTCHECK CRITICAL - "),
            ] {
                let output = at(dir.path(), &[&all[..], &["--format", format]].concat());
                let expected = if format == "nagios" { 2 } else { 1 };
                let said = stdout(&output);
                assert_eq!(code(&output), expected, "{format} {text}\n{said}");
                assert!(said.contains(needs), "{format} {text}: {needs}\n{said}");
                assert!(!said.contains("\"suppressions\""), "{said}");
                // JSON has the finding itself, which is not waived.
                if format == "text" || format == "nagios" {
                    assert!(said.contains("no waiver applies"), "{said}");
                }
            }
            let quiet = at(dir.path(), &[&all[..], &["-q"]].concat());
            assert!(stdout(&quiet).contains(accepted), "{}", stdout(&quiet));
            let receipt = [&all[..], &["--receipt", "r.json"]].concat();
            assert_eq!(code(&at(dir.path(), &receipt)), 1);
            assert_eq!(code(&at(dir.path(), &["gate", "r.json"])), 1);
        }
    }
}

/// A file that certcheck found by itself: every format names it and the severities that let more
/// pass, and standard error does, also with `-q`.
#[test]
fn every_format_shows_the_severities_of_the_file() {
    let dir = project("[severity]\n\"certificate.no-subject-alt-name\" = \"allow\"\n");
    let words = [
        "preflight",
        "--cert-file",
        "old.crt",
        "--key-file",
        "server.key",
        "--host",
        "server.example.test",
        "--anchors",
        "root.crt",
    ];
    let sets = "certcheck.toml, which sets certificate.no-subject-alt-name = ";
    for format in [
        "text",
        "ndjson",
        "csv",
        "html",
        "sarif",
        "junit",
        "github",
        "prometheus",
        "nagios",
    ] {
        let output = at(dir.path(), &[&words[..], &["--format", format]].concat());
        assert_eq!(code(&output), 0, "{format} {}", stderr(&output));
        assert!(stderr(&output).contains(sets), "{format}");
        if format != "text" {
            assert!(
                stdout(&output).contains(sets),
                "{format} {}",
                stdout(&output)
            );
        }
        if ["text", "html", "github", "nagios"].contains(&format) {
            assert!(stdout(&output).contains("(1 allowed)"), "{format}");
        }
    }
    let output = at(dir.path(), &[&words[..], &["-q"]].concat());
    says(&stderr(&output), sets);
    says(&stdout(&output), "(1 allowed)");
}

/// The path starts in the directory of the file: a file of the same name elsewhere is another one.
#[test]
fn a_waiver_is_for_one_file() {
    let waiver = "[[waiver]]\ncode = \"key.mismatch\"\nsource = \"other.key\"\n\
        reason = \"x\"\nuntil = 2027-03-31\n";
    let dir = project(waiver);
    let below = dir.path().join("below");
    fs::copy(pki("other.key"), dir.path().join("other.key")).unwrap();
    let judged = |place: &Path, key: &str| {
        let certificate = dir.path().join("fullchain.crt");
        let certificate = certificate.to_string_lossy();
        code(&at(place, &["match", &certificate, key]))
    };
    assert_eq!(judged(dir.path(), "other.key"), 0);
    assert_eq!(judged(dir.path(), "./other.key"), 0);
    assert_eq!(judged(&below, "../other.key"), 0);
    let whole = fs::canonicalize(dir.path()).unwrap().join("other.key");
    assert_eq!(judged(&below, &whole.to_string_lossy()), 0);
    fs::copy(pki("other.key"), below.join("other.key")).unwrap();
    assert_eq!(judged(&below, "other.key"), 1);
    assert_eq!(judged(&below, "./other.key"), 1);
    #[cfg(unix)]
    {
        fs::remove_file(below.join("other.key")).unwrap();
        std::os::unix::fs::symlink("../other.key", below.join("other.key")).unwrap();
        assert_eq!(judged(&below, "other.key"), 0);
    }
}

#[test]
fn the_command_line_ends_a_waiver() {
    let dir = project(FILE);
    let deny = ["--deny", "certificate.no-subject-alt-name"];
    let output = at(dir.path(), &[&["run"], &deny[..]].concat());
    assert_eq!(code(&output), 1);
    let said = stdout(&output);
    assert!(!said.contains("waiver.unused"), "{said}");
}
