//! Servers with a certificate for each kind of key: OpenSSL's, nginx, Apache, HAProxy.

use super::servers::{OpenSsl, pki};
use super::{document, findings, here, see, with_host};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const MODULES: &str = "/usr/lib/apache2/modules";

/// The kinds of the chains, and whether each key was proven.
fn chains(document: &Value) -> Vec<(String, Value)> {
    let mut all: Vec<_> = document["result"]["chains"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chain| {
            let key = chain["key"].as_str().unwrap().to_owned();
            (key, chain["key_proven"].clone())
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

fn kinds(document: &Value) -> Vec<String> {
    chains(document).into_iter().map(|(key, _)| key).collect()
}

fn of_wire(document: &Value) -> Vec<(String, String)> {
    let mut all = findings(document);
    all.retain(|(code, _)| code.starts_with("wire."));
    all
}

fn pair(code: &str, severity: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), severity.to_owned())]
}

fn dual(more: &[&str]) -> OpenSsl {
    let (issuing, certificate, key) = (pki("issuing.crt"), pki("p256.crt"), pki("p256.key"));
    let second = [
        "-dcert",
        &certificate,
        "-dkey",
        &key,
        "-dcert_chain",
        &issuing,
    ];
    let options = [&second[..], more].concat();
    OpenSsl::start(
        &pki("server.crt"),
        Some(&issuing),
        &pki("server.key"),
        &options,
    )
}

/// What a server with an RSA and an ECDSA pair shows, against files with one of
/// them, with both, with another, and with what the server's own settings say.
fn judge(server: &str, port: u16) {
    let anchors = pki("root.crt");
    let (rsa, ecdsa) = (pki("fullchain.crt"), pki("p256.chain.crt"));
    let at = |more: &[&str]| document(port, &with_host(&[&["--anchors", &anchors], more].concat()));
    let (shown, code) = at(&[]);
    assert_eq!(kinds(&shown), ["ECDSA", "RSA"], "{server}");
    let proven = chains(&shown).iter().all(|(_, proven)| proven == true);
    assert!(proven, "{server}: {shown}");
    assert_eq!((of_wire(&shown), code), (vec![], 0), "{server}");
    assert_eq!(
        shown["result"]["presented"],
        shown["result"]["chains"][0]["presented"]
    );
    for file in [&rsa, &ecdsa] {
        // That there is another is no fault of the file.
        let (shown, code) = at(&["--expect", file]);
        assert_eq!(
            of_wire(&shown),
            pair("wire.chain-differs", "notice"),
            "{server}"
        );
        assert_eq!(code, 0, "{server}: {shown}");
    }
    let both = tempfile::NamedTempFile::new().unwrap();
    for order in [[&rsa, &ecdsa], [&ecdsa, &rsa]] {
        let text = order.map(|file| fs::read_to_string(file).unwrap()).concat();
        fs::write(both.path(), text).unwrap();
        let (shown, code) = at(&["--expect", both.path().to_str().unwrap()]);
        assert_eq!((of_wire(&shown), code), (vec![], 0), "{server}: {shown}");
        assert_eq!(shown["result"]["compared"][0]["same"], true);
    }
    // Another certificate of either kind is one.
    for other in ["wrong-host.chain.crt", "p384.chain.crt"] {
        let (shown, code) = at(&["--expect", &pki(other)]);
        let found = of_wire(&shown);
        assert!(
            found.contains(&pair("wire.other-certificate", "error")[0]),
            "{server}: {found:?}"
        );
        assert_eq!(code, 1, "{server}");
    }
    let pairs = [
        "--cert-file",
        &rsa,
        "--key-file",
        &pki("server.key"),
        "--cert-file",
        &ecdsa,
        "--key-file",
        &pki("p256.key"),
        "--server",
        server,
    ];
    let (shown, code) = at(&pairs);
    let compared = &shown["result"]["compared"][0];
    assert_eq!((of_wire(&shown), code), (vec![], 0), "{server}: {compared}");
    let (shown, code) = at(&pairs[4..]);
    assert_eq!(
        of_wire(&shown),
        pair("wire.chain-differs", "warning"),
        "{server}"
    );
    assert_eq!(code, 0, "{server}");
}

#[test]
fn openssl_shows_both_pairs() {
    if !here::have("openssl", "openssl") {
        return;
    }
    judge("generic", dual(&[]).port);
    // Where TLS ends with 1.2, the suites choose; the second only by hand.
    for options in [
        &["-tls1_2"][..],
        &[
            "-tls1_2",
            "-cipher",
            "ECDHE-ECDSA-AES128-GCM-SHA256:AES128-SHA",
        ],
        &["-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA"],
        &["-no_tls1_3", "-no_tls1_2", "-cipher", "ALL:@SECLEVEL=0"],
    ] {
        let (shown, _) = document(dual(options).port, &with_host(&[]));
        assert_eq!(kinds(&shown), ["ECDSA", "RSA"], "{options:?}");
    }
    // One pair is one chain, and both that were expected are not there.
    let server = OpenSsl::start(
        &pki("server.crt"),
        Some(&pki("issuing.crt")),
        &pki("server.key"),
        &[],
    );
    let seen = see(server.port);
    assert!(seen.others.is_empty() && seen.not_asked.is_empty());
    let (shown, code) = document(
        server.port,
        &with_host(&["--expect", &pki("p256.chain.crt")]),
    );
    assert_eq!(
        (of_wire(&shown), code),
        (pair("wire.other-certificate", "error"), 1)
    );
    let both = tempfile::NamedTempFile::new().unwrap();
    let text =
        ["fullchain.crt", "p256.chain.crt"].map(|file| fs::read_to_string(pki(file)).unwrap());
    fs::write(both.path(), text.concat()).unwrap();
    let (shown, code) = document(
        server.port,
        &with_host(&["--expect", both.path().to_str().unwrap()]),
    );
    assert_eq!(
        (of_wire(&shown), code),
        (pair("wire.chain-differs", "error"), 1)
    );
    assert!(
        shown["findings"]
            .to_string()
            .contains("the certificate with the ECDSA key")
    );
}

/// A key for RSA-PSS alone is seen only by who offers `rsa_pss_pss`.
#[test]
fn keys_for_rsa_pss_and_eddsa_are_seen() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("pss.crt"), path("pss.key"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa-pss",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ])
        .args(["-nodes", "-days", "30", "-subj", "/CN=server.example.test"])
        .args(["-addext", "subjectAltName=DNS:server.example.test"])
        .args(["-keyout", &key, "-out", &certificate])
        .output()
        .unwrap();
    assert!(made.status.success());
    for version in ["-tls1_3", "-tls1_2"] {
        let alone = OpenSsl::start(&certificate, None, &key, &[version]);
        let (shown, _) = document(alone.port, &with_host(&[]));
        assert_eq!(kinds(&shown), ["RSA-PSS"], "{version}");
        if version == "-tls1_3" {
            assert_eq!(chains(&shown)[0].1, true);
        }
    }
    // OpenSSL's own server has a place for each kind.
    let (ed25519, its_key) = (pki("ed25519.crt"), pki("ed25519.key"));
    let several = OpenSsl::start(
        &certificate,
        None,
        &key,
        &["-dcert", &ed25519, "-dkey", &its_key, "-tls1_3"],
    );
    let (shown, _) = document(several.port, &with_host(&[]));
    assert_eq!(kinds(&shown), ["EdDSA", "RSA-PSS"]);
    assert!(
        chains(&shown).iter().all(|(_, proven)| proven == true),
        "{shown}"
    );
}

/// A configuration in a directory of its own.
fn written(folder: &Path, text: &str) -> String {
    let path = folder.join("server.conf");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn nginx_shows_both_pairs() {
    if !here::have("nginx", "nginx") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {here}/{name};\n"))
        .concat();
    let server = OpenSsl::of(|port| {
        let text = format!(
            "daemon off;\nmaster_process off;\npid {here}/pid;\nerror_log {here}/log;\nevents {{}}\n\
             http {{\naccess_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port} ssl;\n\
             ssl_certificate {};\nssl_certificate_key {};\nssl_certificate {};\nssl_certificate_key {};\n}}\n}}\n",
            pki("fullchain.crt"),
            pki("server.key"),
            pki("p256.chain.crt"),
            pki("p256.key"),
        );
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-c", &written(folder.path(), &text)]);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    });
    judge("nginx", server.port);
}

#[test]
fn apache_shows_both_pairs() {
    if !here::have("apache2", "apache2") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    let server = OpenSsl::of(|port| {
        let text = format!(
            "ServerRoot {here}\nServerName localhost\nPidFile {here}/pid\nMutex posixsem\nErrorLog {here}/log\n\
             LoadModule mpm_event_module {MODULES}/mod_mpm_event.so\n\
             LoadModule authz_core_module {MODULES}/mod_authz_core.so\n\
             LoadModule ssl_module {MODULES}/mod_ssl.so\n\
             User www-data\nGroup www-data\nListen 127.0.0.1:{port}\nSSLEngine on\n\
             SSLCertificateFile {}\nSSLCertificateKeyFile {}\nSSLCertificateFile {}\nSSLCertificateKeyFile {}\n",
            pki("fullchain.crt"),
            pki("server.key"),
            pki("p256.chain.crt"),
            pki("p256.key"),
        );
        let mut command = Command::new("apache2");
        command.args(["-X", "-f", &written(folder.path(), &text)]);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    });
    judge("apache", server.port);
}

#[test]
fn haproxy_shows_both_pairs() {
    if !here::have("haproxy", "haproxy") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let joined = |name: &str, files: [&str; 2]| {
        let path = folder.path().join(name);
        let text = files.map(|file| fs::read_to_string(pki(file)).unwrap());
        fs::write(&path, text.concat()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let rsa = joined("rsa.pem", ["fullchain.crt", "server.key"]);
    let ecdsa = joined("ecdsa.pem", ["p256.chain.crt", "p256.key"]);
    let server = OpenSsl::of(|port| {
        let text = format!(
            "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\n\
             frontend f\n bind 127.0.0.1:{port} ssl crt {rsa} crt {ecdsa}\n"
        );
        let mut command = Command::new("haproxy");
        command.args(["-db", "-f", &written(folder.path(), &text)]);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    });
    judge("haproxy", server.port);
}
