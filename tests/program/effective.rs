//! `certcheck config`: what each setting is worth, and where it comes from.
#![cfg(all(feature = "cli", unix))]

use crate::support::program::{certcheck, code, document, put, refused, scratch, stdout};
use serde_json::{Value, json};

/// The settings of the endpoint that listens there: value, `file:line`, what it overrode.
fn of<'d>(
    document: &'d Value,
    listen: &str,
    setting: &str,
) -> Vec<(&'d str, String, Vec<&'d str>)> {
    let endpoints = document["result"]["endpoints"].as_array().unwrap();
    let endpoint = endpoints
        .iter()
        .find(|endpoint| {
            endpoint["listen"]
                .as_array()
                .unwrap()
                .contains(&json!(listen))
        })
        .unwrap_or_else(|| panic!("{listen}: {document}"));
    let settings = endpoint["settings"].as_array().unwrap().iter();
    settings
        .filter(|one| one["name"] == setting)
        .map(|one| {
            let from = match (&one["source"], one["default"].as_bool().unwrap()) {
                (Value::Null, true) => "default".to_owned(),
                (Value::Null, false) => "environment".to_owned(),
                (source, _) => {
                    assert_eq!(
                        (&one["file"], &one["line"]),
                        (&source["file"], &source["line"])
                    );
                    let file = source["file"].as_str().unwrap();
                    format!("{}:{}", file.rsplit('/').next().unwrap(), source["line"])
                }
            };
            let overrides = one["overrides"].as_array().unwrap().iter();
            let lost = overrides.map(|lost| lost["value"].as_str().unwrap());
            (one["value"].as_str().unwrap(), from, lost.collect())
        })
        .collect()
}

fn config(words: &[&str]) -> Value {
    let (exit, found) = document(&[&["config"], words].concat());
    assert_eq!(exit, 0, "{found}");
    found
}

fn from<'v>(value: &'v str, place: &str, lost: &[&'v str]) -> Vec<(&'v str, String, Vec<&'v str>)> {
    vec![(value, place.to_owned(), lost.to_vec())]
}

#[test]
fn nginx_inherits_whole_directives() {
    let dir = scratch();
    put(
        dir.path(),
        "site.conf",
        b"server {\n listen 127.0.0.1:44301 ssl;\n server_name a.example.com;\n ssl_certificate a.crt;\n \
          ssl_certificate_key data:secretkeytext;\n ssl_protocols TLSv1.3;\n}\nserver { listen 127.0.0.1:44302 ssl; }\n",
    );
    let main = put(
        dir.path(),
        "nginx.conf",
        b"events {}\nhttp {\n ssl_protocols TLSv1.2;\n ssl_certificate b.crt;\n ssl_certificate_key b.key;\n include site.conf;\n}\n",
    );
    let found = config(&[&main]);
    let first = "127.0.0.1:44301";
    assert_eq!(
        of(&found, first, "ssl_protocols"),
        from("TLSv1.3", "site.conf:6", &["TLSv1.2"])
    );
    assert_eq!(
        of(&found, first, "ssl_certificate"),
        from("a.crt", "site.conf:4", &["b.crt"])
    );
    assert_eq!(
        of(&found, first, "ssl_ciphers"),
        from("HIGH:!aNULL:!MD5", "default", &[])
    );
    let second = "127.0.0.1:44302";
    assert_eq!(
        of(&found, second, "ssl_protocols"),
        from("TLSv1.2", "nginx.conf:3", &[])
    );
    assert!(!found.to_string().contains("secretkeytext"));
    assert_eq!(found["result"]["files"].as_array().unwrap().len(), 2);
    let text = certcheck(&["config", &main]);
    assert_eq!(code(&text), 0);
    let text = stdout(&text);
    assert!(
        text.starts_with("nginx: 2 endpoints with TLS, 0 without, from 2 files\n"),
        "{text}"
    );
    assert!(!text.contains("secretkeytext"));
    let short = |word: &str| word.len() < 60;
    let wide = text
        .lines()
        .filter(|line| line.split(' ').all(short) && line.chars().count() > 80);
    assert_eq!(wide.count(), 0, "{text}");
}

#[test]
fn httpd_replaces_certificates_by_position() {
    let dir = scratch();
    let host = "Listen 443\nLoadModule ssl_module m.so\nSSLCertificateFile rsa.pem\nSSLCertificateFile ec.pem\n\
        SSLProtocol all\nSSLProtocol all -SSLv3\n<VirtualHost *:443>\nServerName a.example.com\nSSLEngine on\n\
        SSLCertificateFile own.pem\nSSLPassPhraseDialog exec:/bin/say\n</VirtualHost>\n";
    let file = put(dir.path(), "httpd.conf", host.as_bytes());
    let (_, found) = document(&["config", "--server", "apache", &file]);
    let files = of(&found, "*:443", "SSLCertificateFile");
    assert_eq!(
        files[0],
        ("own.pem", "httpd.conf:10".to_owned(), vec!["rsa.pem"])
    );
    assert_eq!(files[1], ("ec.pem", "httpd.conf:4".to_owned(), vec![]));
    assert_eq!(
        of(&found, "*:443", "SSLProtocol"),
        from("all -SSLv3", "httpd.conf:6", &["all"])
    );
}

#[test]
fn haproxy_has_defaults_of_its_bind_lines() {
    let dir = scratch();
    let text = "global\n    ssl-default-bind-options ssl-min-ver TLSv1.1 no-tls-tickets\n    ssl-default-bind-ciphers HIGH\n\
        frontend f\n    mode tcp\n    bind :44301 ssl crt a.pem ssl-min-ver TLSv1.2\n    bind :44302 ssl crt b.pem\n";
    let file = put(dir.path(), "haproxy.cfg", text.as_bytes());
    let (_, found) = document(&["config", &file]);
    assert_eq!(
        of(&found, "*:44301", "ssl-min-ver"),
        from("TLSv1.2", "haproxy.cfg:6", &["TLSv1.1"])
    );
    assert_eq!(
        of(&found, "*:44302", "ssl-min-ver"),
        from("TLSv1.1", "haproxy.cfg:2", &[])
    );
    assert_eq!(
        of(&found, "*:44302", "ciphers"),
        from("HIGH", "haproxy.cfg:3", &[])
    );
    assert_eq!(
        of(&found, "*:44302", "crt"),
        from("b.pem", "haproxy.cfg:7", &[])
    );
}

#[test]
fn postgres_has_the_last_word_on_its_command_line() {
    let dir = scratch();
    put(
        dir.path(),
        "postgresql.auto.conf",
        b"ssl_ciphers = 'HIGH'\n",
    );
    let file = put(
        dir.path(),
        "postgresql.conf",
        b"ssl = off\nssl_ciphers = 'DEFAULT'\nssl_passphrase_command = 'echo secretword'\n",
    );
    put(
        dir.path(),
        "pg_hba.conf",
        b"hostssl all all all scram-sha-256\n",
    );
    let found = config(&[&file, "--server-args", "-c ssl=on"]);
    assert_eq!(
        of(&found, "localhost:5432", "ssl"),
        from("on", "command line:1", &["off"])
    );
    assert_eq!(
        of(&found, "localhost:5432", "ssl_ciphers"),
        from("HIGH", "postgresql.auto.conf:1", &["DEFAULT"])
    );
    assert_eq!(
        of(&found, "localhost:5432", "ssl_cert_file"),
        from("server.crt", "default", &[])
    );
    assert!(!found.to_string().contains("secretword"));
}

#[test]
fn tabpy_and_rserve_have_one_file() {
    let dir = scratch();
    let file = put(
        dir.path(),
        "tabpy.conf",
        b"[TabPy]\nTABPY_TRANSFER_PROTOCOL = https\nTABPY_CERTIFICATE_FILE = c.crt\nTABPY_KEY_FILE = c.key\n",
    );
    let found = config(&[&file, "--env", "TABPY_PORT=9100"]);
    assert_eq!(
        of(&found, "*:9100", "TABPY_PORT"),
        from("9100", "environment", &[])
    );
    assert_eq!(
        of(&found, "*:9100", "TABPY_CERTIFICATE_FILE"),
        from("c.crt", "tabpy.conf:3", &[])
    );
    assert_eq!(
        of(&found, "*:9100", "TABPY_MINIMUM_TLS_VERSION"),
        from("TLSv1_2", "default", &[])
    );
    let file = put(
        dir.path(),
        "Rserv.conf",
        b"tls.port 6312\ntls.cert a.crt\ntls.key a.key\n",
    );
    let found = config(&[&file]);
    assert_eq!(
        of(&found, "127.0.0.1:6312", "tls.cert"),
        from("a.crt", "Rserv.conf:2", &[])
    );
}

#[test]
fn what_was_not_read_is_listed() {
    let dir = scratch();
    std::fs::create_dir(dir.path().join("pipe")).unwrap();
    let pipe = dir.path().join("pipe/x.conf");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let main = put(
        dir.path(),
        "nginx.conf",
        b"events {}\nhttp { include pipe/*; server { listen 44301 ssl; ssl_certificate a.crt; ssl_certificate_key a.key; } }\n",
    );
    let (exit, found) = document(&["config", &main]);
    assert_eq!(
        (exit, &found["verdict"]),
        (1, &json!("undecided")),
        "{found}"
    );
    let path = found["result"]["not_read"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("pipe/x.conf"));
    assert_eq!(found["result"]["not_understood"][0]["line"], 2);
    let empty = put(dir.path(), "haproxy.cfg", b"global\n");
    refused(&["config", &empty], "it configures no endpoint");
}

/// Where each endpoint listens, in the server's own words, and the files of the settings.
#[test]
fn endpoints_listen_where_the_server_does() {
    let dir = scratch();
    let listens = |found: &Value, at: usize| found["result"]["endpoints"][at]["listen"].clone();
    let names = |found: &Value| -> Vec<String> {
        let files = found["result"]["files"].as_array().unwrap().iter();
        let name = |file: &Value| {
            file.as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        files.map(name).collect()
    };
    put(dir.path(), "sites.list", b"a.pem\n");
    let text = "frontend f\n    mode tcp\n    bind 127.0.0.1:44301,[::1]:44302,:44303 ssl crt-list sites.list\n    \
        bind unix@/run/s.sock ssl crt a.pem\n    bind :::44304 ssl crt a.pem\n    bind 10.0.0.1:44305-44307 ssl crt a.pem\n    \
        bind www.example.com:44308 ssl crt a.pem\n";
    let file = put(dir.path(), "haproxy.cfg", text.as_bytes());
    let base = dir.path().display().to_string();
    let (_, found) = document(&["config", &file, "--config-base", &base]);
    assert_eq!(
        listens(&found, 0),
        json!(["127.0.0.1:44301", "[::1]:44302", "*:44303"])
    );
    assert_eq!(listens(&found, 1), json!(["unix@/run/s.sock"]));
    assert_eq!(listens(&found, 2), json!(["[::]:44304"]));
    assert_eq!(listens(&found, 3), json!(["10.0.0.1:44305-44307"]));
    assert_eq!(listens(&found, 4), json!(["www.example.com:44308"]));
    assert_eq!(names(&found), ["haproxy.cfg", "sites.list"]);

    put(
        dir.path(),
        "pg_hba.conf",
        b"hostssl all @users all scram-sha-256\n",
    );
    put(dir.path(), "users", b"anna\n");
    for (addresses, wanted) in [
        ("", json!(["localhost:5433"])),
        ("listen_addresses = '*'\n", json!(["*:5433"])),
        (
            "listen_addresses = '10.0.0.1, ::1,localhost'\n",
            json!(["10.0.0.1:5433", "[::1]:5433", "localhost:5433"]),
        ),
    ] {
        let text = format!("ssl = on\nport = 5433\n{addresses}");
        let file = put(dir.path(), "postgresql.conf", text.as_bytes());
        let found = config(&[&file, "--server-args", "-c ssl=on"]);
        assert_eq!(listens(&found, 0), wanted, "{addresses}");
        assert_eq!(names(&found), ["postgresql.conf", "pg_hba.conf", "users"]);
        let text = stdout(&certcheck(&["config", &file, "--server-args", "-c ssl=on"]));
        assert!(text.contains("the command line") && !text.contains("command line:"));
    }
}
