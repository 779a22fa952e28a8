//! `--bundle`: what is behind an answer, and none of the secrets around it.
#![cfg(feature = "cli")]

use crate::support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use support::program::*;

/// The words that no bundle may hold; each is in one of the files below.
const SECRETS: [&str; 14] = [
    "hunter2",
    "s3cret-stats",
    "s3cret-user",
    "s3cret-header",
    "s3cret-pin",
    "s3cret-conninfo",
    "s3cret-ldap",
    "s3cret-comment",
    "s3cret-env",
    "s3cret-url",
    "s3cret-command",
    "s3cret-tabpy",
    "s3cret-dialog",
    "s3cret-define",
];

/// The members of a bundle.
pub(crate) fn unpacked(path: &Path) -> BTreeMap<String, String> {
    let packed = fs::read(path).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
    let mut members = BTreeMap::new();
    for member in archive.entries().unwrap() {
        let mut member = member.unwrap();
        let name = member.path().unwrap().display().to_string();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        members.insert(name, text);
    }
    members
}

/// Every line of base64 of a key, and every secret word.
fn secrets(dir: &Path) -> Vec<String> {
    let mut secrets: Vec<_> = SECRETS.map(str::to_owned).into();
    for file in support::files_below(dir) {
        let bytes = fs::read(&file).unwrap();
        let name = file.display().to_string();
        if name.ends_with(".key") || name.ends_with("bundle.pem") {
            let text = String::from_utf8_lossy(&bytes);
            let mut inside = false;
            for line in text.lines() {
                inside = (inside || line.contains("PRIVATE KEY-")) && !line.contains("-----END");
                if inside && line.len() >= 60 && !line.contains('-') {
                    secrets.push(line.to_owned());
                }
            }
        }
        if name.ends_with(".p12") {
            secrets.push(hex(&bytes[40..72]));
        }
    }
    secrets
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs a preflight with a bundle, and looks for every secret in all of it.
fn bundled(dir: &Path, words: &[&str]) -> BTreeMap<String, String> {
    let output = {
        let mut command = program();
        command.arg("preflight").args(words).args([
            "--bundle",
            "out.tar.gz",
            "--force",
            "--at",
            AT,
        ]);
        command.current_dir(dir).output().unwrap()
    };
    assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
    let members = unpacked(&dir.join("out.tar.gz"));
    let secrets = secrets(dir);
    assert!(secrets.len() > 20, "{}", secrets.len());
    for (name, text) in &members {
        // Lines of base64 may be cut elsewhere.
        let joined: String = text.split_whitespace().collect();
        let digits = hex(text.as_bytes());
        for secret in &secrets {
            let found = text.contains(secret) || joined.contains(secret) || digits.contains(secret);
            assert!(
                !found,
                "{name} holds {secret}: {:?}",
                text.lines().find(|line| line.contains(secret))
            );
        }
        assert!(!text.contains("PRIVATE KEY"), "{name}");
    }
    let mut names = members.keys();
    assert!(names.all(|name| name.starts_with("certcheck-bundle/")));
    let answer: Value = serde_json::from_str(&members["certcheck-bundle/answer.json"]).unwrap();
    assert_eq!(answer["command"], "preflight");
    members
}

pub(crate) fn files(dir: &Path) {
    for name in ["server.key", "fullchain.crt", "root.crt", "server.p12"] {
        fs::copy(pki(name), dir.join(name)).unwrap();
    }
    let both = [
        fs::read(pki("server.crt")).unwrap(),
        fs::read(pki("server.key")).unwrap(),
    ]
    .concat();
    put(dir, "bundle.pem", &both);
    put(dir, "pass.txt", b"hunter2\n");
}

/// The member whose name ends so.
pub(crate) fn member<'m>(members: &'m BTreeMap<String, String>, end: &str) -> &'m str {
    let found = members.iter().find(|(name, _)| name.ends_with(end));
    found
        .unwrap_or_else(|| panic!("no {end} in {:?}", members.keys()))
        .1
}

#[test]
fn nginx() {
    let dir = scratch();
    files(dir.path());
    put(dir.path(), "nginx.conf", b"events {} # s3cret-comment\n\
env DB=s3cret-env;\n\
http {\n  # old: s3cret-comment\n  server {\n    listen 443 ssl; server_name server.example.test;\n\
    ssl_certificate fullchain.crt; ssl_certificate_key server.key;\n    ssl_password_file pass.txt;\n\
    location / { proxy_set_header Authorization \"Basic s3cret-header; {\"; proxy_pass http://ada:s3cret-url@127.0.0.1; }\n  }\n}\n");
    let members = bundled(
        dir.path(),
        &[
            "--server",
            "nginx",
            "--config",
            "nginx.conf",
            "--config-base",
            ".",
        ],
    );
    let settings = member(&members, "-nginx.conf");
    assert!(
        settings.contains("ssl_certificate fullchain.crt;"),
        "{settings}"
    );
    assert_eq!(
        settings.lines().nth(6).unwrap().trim(),
        "ssl_certificate fullchain.crt; ssl_certificate_key server.key;"
    );
    // The certificates are whole, and the same.
    let certificates = |text: &str| -> Vec<Vec<u8>> {
        let sections = pem::parse_many(text).unwrap();
        sections.into_iter().map(pem::Pem::into_contents).collect()
    };
    let given = fs::read_to_string(dir.path().join("fullchain.crt")).unwrap();
    assert_eq!(
        certificates(member(&members, "-fullchain.crt")),
        certificates(&given)
    );
    assert_eq!(
        certificates(member(&members, "presented.pem")),
        certificates(&given)
    );
    assert_eq!(
        member(&members, "presented.pem")
            .matches("BEGIN CERTIFICATE")
            .count(),
        2
    );
    let about: Value = serde_json::from_str(member(&members, "about.json")).unwrap();
    assert_eq!(
        (&about["bundle"], &about["version"]),
        (
            &"certcheck-bundle/1".into(),
            &env!("CARGO_PKG_VERSION").into()
        )
    );
    let files = about["files"].as_array().unwrap();
    let key = files
        .iter()
        .find(|file| {
            file["path"] == "server.key" || file["path"].as_str().unwrap().ends_with("/server.key")
        })
        .unwrap();
    assert_eq!(key["kept"], "0 public objects, 1 left out");
    assert!(files.iter().any(
        |file| file["path"].as_str().unwrap().ends_with("pass.txt") && file["member"].is_null()
    ));
}

#[test]
fn haproxy() {
    let dir = scratch();
    files(dir.path());
    put(dir.path(), "haproxy.cfg", b"global\n  setenv TOKEN s3cret-env\nuserlist u\n  user ada insecure-password s3cret-user\n\
  group g users ada\nlisten stats\n  bind :8404\n  mode http\n  stats enable\n  stats auth admin:s3cret-stats\n\
frontend f\n  mode http\n  bind :443 ssl crt bundle.pem # s3cret-comment\n  http-request set-header X s3cret-header\n  default_backend b\n\
backend b\n  mode http\n  server s 127.0.0.1:80 cookie s3cret-header\n");
    let members = bundled(
        dir.path(),
        &["--server", "haproxy", "--config", "haproxy.cfg"],
    );
    let settings = member(&members, "-haproxy.cfg");
    assert!(
        settings.contains("bind :443 ssl crt bundle.pem"),
        "{settings}"
    );
    assert_eq!(
        member(&members, "-bundle.pem")
            .matches("BEGIN CERTIFICATE")
            .count(),
        1
    );
}

#[test]
fn postgres() {
    let dir = scratch();
    files(dir.path());
    put(dir.path(), "postgresql.conf", b"ssl = on # s3cret-comment\nssl_cert_file = 'fullchain.crt'\nssl_key_file = 'server.key'\n\
ssl_passphrase_command = 'echo s3cret-command'\nprimary_conninfo = 'host=a password=s3cret-conninfo'\nlisten_addresses = '*'\n");
    put(dir.path(), "pg_hba.conf", b"hostssl all all 0.0.0.0/0 ldap ldapserver=x ldapbindpasswd=\"s3cret-ldap\"\nhostssl all all ::/0 cert clientcert=verify-full\n");
    let words = [
        "--server",
        "postgres",
        "--config",
        "postgresql.conf",
        "--server-args",
        "-c ssl_passphrase_command='echo s3cret-command'",
        "--env",
        "A=s3cret-env",
    ];
    let members = bundled(dir.path(), &words);
    let settings = member(&members, "-postgresql.conf");
    assert!(
        settings.contains("ssl_cert_file = 'fullchain.crt'"),
        "{settings}"
    );
}

#[test]
fn apache() {
    let dir = scratch();
    files(dir.path());
    put(dir.path(), "httpd.conf", b"Listen 443\nServerRoot .\nLoadModule ssl_module modules/mod_ssl.so\nSSLPassPhraseDialog \"exec:/bin/echo s3cret-dialog\"\nDefine PW s3cret-define\n\
RequestHeader set X \\\n  s3cret-header\n\
<VirtualHost *:443>\n  ServerName server.example.test\n  SSLEngine on\n  SSLCertificateFile fullchain.crt\n\
  SSLCertificateKeyFile \"pkcs11:object=x?pin-value=s3cret-pin\"\n</VirtualHost>\n");
    let members = bundled(
        dir.path(),
        &[
            "--server",
            "apache",
            "--config",
            "httpd.conf",
            "--config-base",
            ".",
            "--define",
            "B=s3cret-define",
        ],
    );
    let settings = member(&members, "-httpd.conf");
    assert!(
        settings.contains("SSLCertificateFile fullchain.crt"),
        "{settings}"
    );
    assert!(
        settings.contains("SSLCertificateKeyFile [left out]"),
        "{settings}"
    );
}

#[test]
fn tabpy_and_files_of_options() {
    let dir = scratch();
    files(dir.path());
    put(dir.path(), "pwd.txt", b"ada s3cret-tabpy\n");
    put(dir.path(), "tabpy.conf", b"[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = fullchain.crt\nTABPY_KEY_FILE = server.key\nTABPY_PWD_FILE = pwd.txt\nMY_KEY = s3cret-tabpy\n");
    let members = bundled(dir.path(), &["--server", "tabpy", "--config", "tabpy.conf"]);
    assert!(member(&members, "-tabpy.conf").contains("TABPY_CERTIFICATE_FILE = fullchain.crt"));
    put(dir.path(), "p12.txt", b"hunter2\n");
    let members = bundled(
        dir.path(),
        &[
            "--cert-file",
            "fullchain.crt",
            "--key-file",
            "server.p12",
            "--anchors",
            "root.crt",
            "--passphrase-file",
            "p12.txt",
        ],
    );
    let about = member(&members, "about.json");
    assert!(
        about.contains("\"--passphrase-file\"") && about.contains("0 public objects, 1 left out"),
        "{about}"
    );
    // What is no settings at all: not a word of it.
    let members = bundled(
        dir.path(),
        &["--cert-file", "pass.txt", "--key-file", "pwd.txt"],
    );
    assert!(member(&members, "about.json").contains("\"nothing\""));
}

#[test]
fn nothing_is_overwritten() {
    let dir = scratch();
    files(dir.path());
    let run = |words: &[&str]| {
        let mut command = program();
        command
            .args(["preflight", "--cert-file", "fullchain.crt", "--at", AT])
            .args(words);
        command.current_dir(dir.path()).output().unwrap()
    };
    assert_eq!(code(&run(&["--bundle", "a.tar.gz"])), 0);
    let output = run(&["--bundle", "a.tar.gz"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("a.tar.gz") && stderr(&output).contains("--force"),
        "{}",
        stderr(&output)
    );
    assert_eq!(code(&run(&["--bundle", "a.tar.gz", "--force"])), 0);
    let output = run(&["--bundle", "a.zip"]);
    assert!(stderr(&output).contains(".tar.gz"), "{}", stderr(&output));
    // A receipt and a bundle of one run.
    assert_eq!(code(&run(&["--bundle", "b.tgz", "--receipt", "r.json"])), 0);
    assert!(dir.path().join("r.json").exists() && dir.path().join("b.tgz").exists());
    assert_eq!(code(&run(&["--force"])), 2);
    // The second would replace the first.
    let output = run(&["--bundle", "b.tgz", "--receipt", "./b.tgz", "--force"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("name the same file"),
        "{}",
        stderr(&output)
    );
    // The same answer is the same bundle.
    fs::remove_file(dir.path().join("r.json")).unwrap();
    fs::copy(dir.path().join("a.tar.gz"), dir.path().join("first")).unwrap();
    assert_eq!(code(&run(&["--bundle", "a.tar.gz", "--force"])), 0);
    assert_eq!(
        fs::read(dir.path().join("first")).unwrap(),
        fs::read(dir.path().join("a.tar.gz")).unwrap()
    );
}
