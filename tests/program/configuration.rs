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
code = "certificate.expired"
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
        ("old.crt", "expired.chain.crt"),
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
        stderr(&output).contains("note: uses other.toml"),
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
                "waived: error[certificate.expired]",
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
                "::notice title=certificate.expired::waived until 2027-03-31",
                reason,
            ],
        ),
        (
            "prometheus",
            &["certcheck_waived_until_timestamp_seconds{", "1806537600"],
        ),
        ("nagios", &["(1 waived)"]),
    ] {
        for command in [
            &["run"][..],
            &[
                "preflight",
                "--cert-file",
                "old.crt",
                "--key-file",
                "server.key",
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
        codes.contains(&"certificate.expired") && codes.contains(&"waiver.expired"),
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
        "--receipt",
        "r.json",
    ];
    assert_eq!(code(&at(dir.path(), &words)), 0);
    let text = fs::read_to_string(dir.path().join("r.json")).unwrap();
    assert!(
        text.contains("waives certificate.expired in old.crt until 2027-03-31"),
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
    assert_eq!(code(&gate("2027-04-01T00:00:01Z")), 1);
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
            "[[waiver]]\ncode = \"key.weak\"\nreason = \"x\"\nuntil = 2027-01-01\ntarget = \"a\"\n",
            ":1: ",
            "name one of the targets",
        ),
        ("[[target]]\ncert-file = \"a\"\n", ":1:1: ", "write name = "),
        (
            "[[target]]\nname = \"a\"\n[[target]]\nname = \"a\"\n",
            ":3:1: ",
            "name of its own",
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

/// As in /tmp: a file of another user would change the verdict.
#[cfg(unix)]
#[test]
fn a_file_of_another_user_is_refused() {
    use std::os::unix::fs::{MetadataExt, chown};
    let dir = project(FILE);
    let file = dir.path().join("certcheck.toml");
    if fs::metadata(&file).unwrap().uid() != 0 || chown(&file, Some(65_534), None).is_err() {
        support::here::skipped(
            "certcheck.toml of another user",
            "only root can give a file away",
        );
        return;
    }
    let output = at(dir.path(), &["run"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("belongs to another user"),
        "{}",
        stderr(&output)
    );
    let output = at(dir.path(), &["run", "--config-file", "certcheck.toml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
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
