//! certcheck.toml: which file counts, what takes precedence, what is waived and how every format
//! shows it, and that a hostile file is an error.
#![cfg(feature = "cli")]

mod errors;
mod several;
mod waivers;

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

/// Fails with the whole text if it does not contain `part`.
fn says(text: &str, part: &str) {
    assert!(text.contains(part), "{part}: {text}");
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
    says(&stderr(&output), "note: using other.toml");
    let empty = scratch();
    let output = at(empty.path(), &["run"]);
    assert_eq!(code(&output), 2);
    says(&stderr(&output), "there is no certcheck.toml");
}

#[test]
fn a_target_that_cannot_be_judged_is_said_and_the_others_are_judged() {
    let dir = project(&FILE.replace("fullchain.crt", "missing.crt"));
    let output = at(dir.path(), &["run"]);
    assert_eq!(code(&output), 2);
    says(&stderr(&output), "web: missing.crt: there is no such file");
    let text = stdout(&output);
    assert!(
        text.contains("1 not judged, 1 fit") && text.contains("run: undecided"),
        "{text}"
    );
    let output = at(dir.path(), &["run", "--format", "nagios"]);
    assert_eq!(code(&output), 3, "{}", stdout(&output));
    let output = at(dir.path(), &["run", "wed"]);
    says(&stderr(&output), "did you mean `web`?");
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
        says(&stderr(&output), why);
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
