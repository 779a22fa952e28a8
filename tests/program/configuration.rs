//! certcheck.toml: which file counts, what takes precedence, what is waived and how every format
//! shows it, and that a hostile file is an error.
#![cfg(feature = "cli")]

use crate::support;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;
use support::program::*;

/// One waived error, one sound target.
const FILE: &str = r#"
[defaults]
server = "apache"
anchors = "root.crt"

[[waiver]]
code = "certificate.no-subject-alt-name"
source = "old.crt"
reason = "the service ends in March <b>"
until = 2027-03-31

[[target]]
name = "old"
cert-file = "old.crt"
key-file = "server.key"
host = "server.example.test"

[[target]]
name = "web"
cert-file = "fullchain.crt"
key-file = "server.key"
host = "server.example.test"
"#;

/// A directory with this file, what it names, and a directory in it.
fn project(text: &str) -> tempfile::TempDir {
    let dir = scratch();
    put(dir.path(), "certcheck.toml", text.as_bytes());
    for (name, from) in [
        ("old.crt", "cn-only.chain.crt"),
        ("fullchain.crt", "fullchain.crt"),
        ("server.key", "server.key"),
        ("root.crt", "root.crt"),
    ] {
        fs::copy(pki(from), dir.path().join(name)).unwrap();
    }
    fs::create_dir(dir.path().join("below")).unwrap();
    dir
}

fn at(dir: &Path, words: &[&str]) -> Output {
    let mut command = program();
    command.args(words).args(["--at", AT]).current_dir(dir);
    command.output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&stdout(output))
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

#[test]
fn it_is_found_upwards_and_paths_start_there() {
    let dir = project(FILE);
    let below = dir.path().join("below");
    for place in [dir.path(), &below] {
        let output = at(place, &["run", "--format", "json"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let document = json(&output);
        assert_eq!(document["configuration"], "certcheck.toml");
        let targets = document["result"]["targets"].as_array().unwrap();
        let verdicts: Vec<_> = targets
            .iter()
            .map(|one| (&one["name"], &one["verdict"]))
            .collect();
        assert_eq!(
            format!("{verdicts:?}"),
            r#"[(String("old"), String("pass")), (String("web"), String("pass"))]"#
        );
        assert_eq!(targets[0]["document"]["summary"]["waived"], 1);
        assert_eq!(document["summary"]["waived"], 1);
    }
    // A command without targets, whose paths start in the working directory.
    let words = [
        "preflight",
        "--cert-file",
        "../old.crt",
        "--key-file",
        "../server.key",
        "--host",
        "server.example.test",
        "--format",
        "json",
    ];
    let document = json(&at(&below, &words));
    assert_eq!(
        (&document["verdict"], &document["configuration"]),
        (&"pass".into(), &"../certcheck.toml".into())
    );
    assert_eq!(document["result"]["server"], "apache");
    assert_eq!(document["waived"][0]["waiver"]["file"], "../certcheck.toml");
    let without = [&words[..], &["--no-config-file"]].concat();
    let document = json(&at(&below, &without));
    assert_eq!(
        (&document["verdict"], &document["configuration"]),
        (&"fail".into(), &Value::Null)
    );
}

#[test]
fn another_file_can_be_named() {
    let dir = project("[nonsense");
    put(dir.path(), "other.toml", FILE.as_bytes());
    let output = at(
        &dir.path().join("below"),
        &["run", "web", "--config-file", "../other.toml"],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let words = [
        "tsm",
        "security",
        "external-ssl",
        "enable",
        "--cert-file",
        "fullchain.crt",
        "--key-file",
        "server.key",
        "--config-file",
        "other.toml",
    ];
    let output = at(dir.path(), &words);
    assert!(
        stderr(&output).contains("note: using other.toml"),
        "{}",
        stderr(&output)
    );
    let empty = scratch();
    let output = at(empty.path(), &["run"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("there is no certcheck.toml"),
        "{}",
        stderr(&output)
    );
}

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
    assert!(
        stdout(&output).contains("certcheck.toml"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_target_that_cannot_be_judged_is_said_and_the_others_are_judged() {
    let dir = project(&FILE.replace("fullchain.crt", "missing.crt"));
    let output = at(dir.path(), &["run"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("web: missing.crt: there is no such file"),
        "{}",
        stderr(&output)
    );
    let text = stdout(&output);
    assert!(
        text.contains("1 not judged, 1 fit") && text.contains("run: undecided"),
        "{text}"
    );
    let output = at(dir.path(), &["run", "--format", "nagios"]);
    assert_eq!(code(&output), 3, "{}", stdout(&output));
    let output = at(dir.path(), &["run", "wed"]);
    assert!(
        stderr(&output).contains("did you mean `web`?"),
        "{}",
        stderr(&output)
    );
}

/// Each with the place and the remedy that the message must have.
#[test]
fn errors_name_the_place_and_the_remedy() {
    for (text, place, help) in [
        ("[defaults]\nserver = \"ngix\"\n", ":2:10: ", "nginx"),
        (
            "[defaults]\nexpires-within = \"soon\"\n",
            ":2:18: ",
            "write a number",
        ),
        ("[default]\n", ":1:2: ", "did you mean `defaults`?"),
        (
            "[severity]\n\"key.week\" = \"deny\"\n",
            ":2:1: ",
            "did you mean `key.weak`?",
        ),
        (
            "[severity]\n\"key.weak\" = \"ignore\"\n",
            ":2:14: ",
            "\"allow\", \"warn\" or \"deny\"",
        ),
        (
            "[severity]\n\"receipt.changed\" = \"allow\"\n",
            ":2:1: ",
            "remove this line",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nuntil = 2027-01-01\n",
            ":1:1: ",
            "write reason = ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\n",
            ":1:1: ",
            "write until = ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \" \"\nuntil = 2027-01-01\n",
            ":3:10: ",
            "write it",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = \"soon\"\n",
            ":4:9: ",
            "2027-03-01",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = 9999-12-31\n",
            ":4:9: ",
            "write a day up to ",
        ),
        (
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = 2027-01-01\ntarget = \"a\"\n",
            ":1: ",
            "name one of the targets",
        ),
        ("[[target]]\ncert-file = \"a\"\n", ":1:1: ", "write name = "),
        (
            "[[target]]\nname = \"a\"\n[[target]]\nname = \"a\"\n",
            ":3:1: ",
            "unique name",
        ),
        (
            "[[target]]\nname = \"a\"\ncommand = \"convert\"\n",
            ":3:11: ",
            "preflight, probe, scan, doctor",
        ),
        (
            "[[target]]\nname = \"a\"\nreceipt = \"x\"\n",
            ":3:1: ",
            "known: ",
        ),
        (
            "[[target]]\nname = \"a\"\ncert-file = \"x\"\nserver = \"ngix\"\n",
            ":4:10: ",
            "nginx",
        ),
        (
            "[[target]]\nname = \"ä\"\nsaml = 1 # ü\n",
            ":3:8: ",
            "true or false",
        ),
        ("a = 1\na = 2\n", ":2:1: ", "toml.io"),
        ("[defaults]\nserver = \"\u{202e}x\n", ":2:", "toml.io"),
    ] {
        let dir = project(text);
        let output = at(dir.path(), &["run"]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{text}\n{said}");
        assert!(
            said.contains(&format!("certcheck.toml{place}")),
            "{text}\n{said}"
        );
        assert!(said.contains(help), "{text}\n{said}");
        assert!(!said.contains('\u{202e}'), "{said}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn a_hostile_file_is_an_error() {
    let deep = format!("a = {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let tables = format!("[{}a]\n", "a.".repeat(200_000));
    let large = "# comment\n".repeat(200_000);
    let wrong = "x = 1\n".repeat(50_000);
    let many = "[[target]]\nnam = 1\n".repeat(20_000);
    for text in [deep, tables, large, wrong, many] {
        let dir = project(&text);
        let output = at(dir.path(), &["run"]);
        let said = stderr(&output);
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains("certcheck.toml"), "{said}");
        assert!(said.len() < 20_000, "{} bytes of messages", said.len());
    }
    let dir = project("");
    put(dir.path(), "certcheck.toml", b"[defaults]\n# \xff\n");
    let output = at(dir.path(), &["run"]);
    assert!(
        stderr(&output).contains("certcheck.toml:2: it is not UTF-8"),
        "{}",
        stderr(&output)
    );
    fs::remove_file(dir.path().join("certcheck.toml")).unwrap();
    fs::create_dir(dir.path().join("certcheck.toml")).unwrap();
    assert_eq!(code(&at(dir.path(), &["run"])), 2);
}

/// As in /tmp: a file that another user could have written would change the verdict.
#[cfg(unix)]
#[test]
fn a_file_that_others_could_write_is_refused() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    let dir = project(FILE);
    let file = dir.path().join("certcheck.toml");
    let refused = |why: &str| {
        let output = at(dir.path(), &["run"]);
        assert_eq!(code(&output), 2, "{why}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
        let output = at(dir.path(), &["run", "--config-file", "certcheck.toml"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(code(&at(dir.path(), &["run", "--no-config-file"])), 2);
    };
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o646);
    refused("every user can write to it, and it could change the verdict");
    mode(0o644);
    assert_eq!(code(&at(dir.path(), &["run"])), 0);
    if fs::metadata(&file).unwrap().uid() != 0 || chown(&file, None, Some(65_534)).is_err() {
        support::here::skipped(
            "certcheck.toml of another user",
            "only root can give a file away",
        );
        return;
    }
    mode(0o664);
    refused("group 65534 can write to it");
    chown(&file, Some(65_534), Some(65_534)).unwrap();
    refused("it belongs to another user (uid 65534)");
    // Root's link to another user's file, and another user's link to root's.
    let elsewhere = dir.path().join("elsewhere.toml");
    fs::rename(&file, &elsewhere).unwrap();
    symlink("elsewhere.toml", &file).unwrap();
    refused("it belongs to another user (uid 65534)");
    chown(&elsewhere, Some(0), Some(0)).unwrap();
    assert_eq!(code(&at(dir.path(), &["run"])), 0);
    std::os::unix::fs::lchown(&file, Some(65_534), None).unwrap();
    refused("it belongs to another user (uid 65534)");
    // The owner of the working directory does not decide for root.
    fs::remove_file(&file).unwrap();
    fs::rename(&elsewhere, &file).unwrap();
    chown(&file, Some(65_534), Some(65_534)).unwrap();
    chown(dir.path(), Some(65_534), None).unwrap();
    refused("it belongs to another user (uid 65534)");
}

/// nginx does not start with this file: a waiver does not make a pass of it.
#[test]
fn what_does_not_start_is_a_failure_in_every_format() {
    let nginx = "events {}\nhttp { foo on; server { listen 443 ssl;\n\
        ssl_certificate fullchain.crt; ssl_certificate_key server.key; } }\n";
    let judges = [(
        "config.refused",
        &["--server", "nginx", "--config", "nginx.conf"][..],
    )];
    for (accepted, words) in judges {
        let files = [format!(
            "[[waiver]]\ncode = \"{accepted}\"\nreason = \"x\"\nuntil = 2027-03-31\n"
        )];
        for text in files {
            let dir = project(&text);
            put(dir.path(), "nginx.conf", nginx.as_bytes());
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
    assert!(stderr(&output).contains(sets), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("(1 allowed)"),
        "{}",
        stdout(&output)
    );
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

/// TabPy and a server that was not named have no such options.
#[test]
fn a_default_that_does_not_apply_is_left_out() {
    let dir = project(
        "[defaults]\nsystem = \"debian-12\"\nsecurity-level = 2\n\
        [[target]]\nname = \"a\"\ncert-file = \"fullchain.crt\"\nkey-file = \"server.key\"\n",
    );
    let words = [
        "preflight",
        "--cert-file",
        "fullchain.crt",
        "--key-file",
        "server.key",
    ];
    for more in [&[][..], &["--server", "tabpy"], &["--server", "nginx"]] {
        let output = at(dir.path(), &[&words[..], more, &["-v"]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let skipped = "certcheck.toml:2:10: `system` does not apply to this server";
        let applies = more.contains(&"nginx");
        assert_eq!(stderr(&output).contains(skipped), !applies, "{more:?}");
    }
    let output = at(dir.path(), &["run"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // What the user gives is still an error.
    let output = at(
        dir.path(),
        &[&words[..], &["--system", "debian-12"]].concat(),
    );
    assert_eq!(code(&output), 2);
}

#[test]
fn errors_are_in_the_order_of_the_lines() {
    let dir = project("[defaults]\nserver = \"ngix\"\n[[target]]\nnam = 1\n[severity]\nx = 1\n");
    let output = at(dir.path(), &["run"]);
    let said = stderr(&output);
    let lines: Vec<usize> = said
        .lines()
        .filter_map(|line| line.split_once("certcheck.toml:")?.1.split(':').next())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert!(lines.len() > 2 && lines.is_sorted(), "{said}");
    let output = at(dir.path(), &["run", "--config-file", "-"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("not read from standard input"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_published_schema_is_the_programs() {
    let published = include_str!("../../schema/certcheck-toml-1.json");
    let printed = stdout(&certcheck(&["schema", "configuration"]));
    assert!(
        printed == published,
        "stale: `cargo run -q -- schema configuration > schema/certcheck-toml-1.json`"
    );
    let schema = jsonschema::validator_for(&serde_json::from_str(published).unwrap()).unwrap();
    let good = serde_json::json!({
        "defaults": {"anchors": ["mozilla"], "server": "nginx@1.28", "client": "go"},
        "severity": {"key.weak": "deny", "warnings": "deny"},
        "waiver": [{"code": "key.weak", "reason": "x", "until": "2027-03-31"}],
        "target": [{"name": "a", "cert-file": "x", "saml": true},
            {"name": "b", "command": "probe", "targets": ["a:443"], "timeout": 3}],
    });
    assert!(schema.is_valid(&good));
    for (pointer, value) in [
        ("/defaults/server", "ngix".into()),
        ("/severity/key.weak", "ignore".into()),
        ("/waiver/0/code", "key.week".into()),
        (
            "/waiver/0",
            serde_json::json!({"code": "key.weak", "until": "2027-03-31"}),
        ),
        (
            "/target/0",
            serde_json::json!({"name": "a", "cert_file": "x"}),
        ),
        ("/target/1/timeout", "3".into()),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.is_valid(&bad), "{pointer}");
    }
}
