//! Servers that ask for a client certificate: OpenSSL's and nginx.

use super::servers::{OpenSsl, pki};
use super::{certcheck, document};
use crate::support::here;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A CA, a client's certificate by it, and one by nobody that the server knows.
fn certificates(at: &Path) {
    let openssl = |line: &str| {
        let output = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(at)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {text}");
    };
    let new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!(
        "req -x509 {new} -keyout ca.key -out ca.crt -subj /CN=Clients -days 90"
    ));
    openssl(&format!(
        "req -x509 {new} -keyout other.key -out other.crt -subj /CN=Stranger -days 90"
    ));
    openssl(&format!(
        "req {new} -keyout client.key -out client.csr -subj /CN=client"
    ));
    openssl("x509 -req -in client.csr -CA ca.crt -CAkey ca.key -out client.crt -days 90");
    fs::write(at.join("pass.txt"), "Geheim-4711\n").unwrap();
    openssl("pkcs8 -topk8 -in client.key -out locked.key -v2 aes-256-cbc -passout file:pass.txt");
    openssl(
        "pkcs12 -export -in client.crt -inkey client.key -out client.p12 -passout file:pass.txt",
    );
}

/// Each way to give the certificate, to a server that demands one.
fn asks(port: u16, at: &Path) {
    let path = |name: &str| at.join(name).display().to_string();
    let (own, key, locked) = (path("client.crt"), path("client.key"), path("locked.key"));
    let (p12, pass) = (path("client.p12"), path("pass.txt"));
    for given in [
        &["--client-cert", own.as_str(), "--client-key", &key][..],
        &[
            "--client-cert",
            &own,
            "--client-key",
            &locked,
            "--client-key-passphrase-file",
            &pass,
        ],
        &["--client-cert", &p12, "--client-key-passphrase-file", &pass],
    ] {
        let (json, _) = document(port, given);
        let result = &json["result"];
        assert_eq!(result["asks_client"], true, "{given:?}: {result}");
        assert_eq!(result["showed_client"], true, "{given:?}");
        assert!(result["failure"].is_null(), "{given:?}: {result}");
        // IANA's name, not that of rustls.
        let suite = result["cipher"].as_str().unwrap();
        assert!(suite.starts_with("TLS_"), "{suite}");
        assert!(!json.to_string().contains("Geheim"), "{given:?}");
        let output = certcheck(port, given);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("ends no handshake over this one"), "{text}");
    }
    let (json, _) = document(port, &[]);
    assert_eq!(json["result"]["showed_client"], false);
}

#[test]
fn a_server_that_demands_a_client_certificate() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    certificates(at);
    let path = |name: &str| at.join(name).display().to_string();
    let ca = path("ca.crt");
    for version in [&["-tls1_3"][..], &["-tls1_2"]] {
        let demands = ["-Verify", "1", "-verify_return_error", "-CAfile", &ca];
        let options = [&demands[..], version].concat();
        let server = OpenSsl::start(&pki("server.crt"), None, &pki("server.key"), &options);
        asks(server.port, at);
        // The server refuses a certificate of another CA.
        let (other, key) = (path("other.crt"), path("other.key"));
        let (json, code) = document(
            server.port,
            &["--client-cert", &other, "--client-key", &key],
        );
        assert_eq!(code, 1, "{json}");
        let findings = json["findings"].as_array().unwrap();
        let refused = findings
            .iter()
            .find(|one| one["code"] == "handshake.client-certificate")
            .unwrap_or_else(|| panic!("{json}"));
        assert_eq!(refused["severity"], "error", "{refused}");
        let reason = refused["evidence"]["reason"].as_str().unwrap();
        assert!(reason.contains("unknown_ca"), "{reason}");
    }
    // What does not fit is said before a connection is opened, and no secret with it.
    let (own, key, locked) = (path("client.crt"), path("other.key"), path("locked.key"));
    let none = path("ca.key");
    for (given, says) in [
        (
            &["--client-cert", own.as_str(), "--client-key", &key][..],
            "belongs to none",
        ),
        (
            &["--client-cert", &own, "--client-key", &locked],
            "--client-key-passphrase-file",
        ),
        (&["--client-cert", &own], "holds no private key"),
        (&["--client-cert", &none], "holds no certificate"),
        (&["--client-key", &key], "--client-cert"),
    ] {
        let output = certcheck(9, given);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(says), "{says}: {text}");
        assert!(!text.contains("MIG") && !text.contains("Geheim"), "{text}");
    }
}

#[test]
fn nginx_that_demands_a_client_certificate() {
    if !here::have("nginx", "nginx") || !here::have("openssl", "openssl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().to_owned();
    certificates(&at);
    let server = OpenSsl::of(|port| {
        let text = format!(
            "pid {0}/pid; error_log stderr; daemon off; master_process off; events {{}}\n\
             http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n\
             server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {1}; ssl_certificate_key {2}; \
             ssl_client_certificate {0}/ca.crt; ssl_verify_client on; }} }}\n",
            at.display(),
            pki("server.crt"),
            pki("server.key")
        );
        fs::write(at.join("nginx.conf"), text).unwrap();
        let mut command = Command::new("nginx");
        command
            .arg("-p")
            .arg(&at)
            .arg("-c")
            .arg(at.join("nginx.conf"));
        command
    });
    asks(server.port, &at);
}
