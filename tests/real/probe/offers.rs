//! Servers that one client can use and another cannot: suites and groups.

use super::servers::{OpenSsl, answers, pki};
use super::{document, findings, here, with_host};
use serde_json::Value;

/// The clients that do not agree, and on what.
fn refused(document: &Value) -> Vec<(Vec<String>, String)> {
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "handshake.no-agreement")
        .map(|finding| {
            let evidence = &finding["evidence"];
            let clients = evidence["clients"].as_array().unwrap().iter();
            let clients = clients.map(|client| client.as_str().unwrap().to_owned());
            (
                clients.collect(),
                evidence["about"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn clients_that_offer_something_else_are_named() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let all = [
        "openssl", "curl", "python", "gnutls", "go", "rustls", "node", "java",
    ];
    for (options, expected) in [
        (&[][..], None),
        // nginx 1.22.1 with these suites: Python 3.12, Go 1.27 and rustls 0.23 get an alert.
        (
            &["-tls1_2", "-cipher", "AES128-SHA:CAMELLIA256-SHA"],
            Some((&["python", "go", "rustls"][..], "suite")),
        ),
        // Go has P-521, rustls has not.
        (&["-groups", "P-521"], Some((&["rustls"][..], "group"))),
        // Behind a HelloRetryRequest.
        (&["-groups", "P-384"], None),
    ] {
        let (leaf, issuing) = (pki("server.crt"), pki("issuing.crt"));
        let server = OpenSsl::start(&leaf, Some(&issuing), &pki("server.key"), options);
        let (document, code) = document(server.port, &with_host(&["--anchors", &pki("root.crt")]));
        let wanted: Vec<_> = expected
            .iter()
            .map(|(clients, about)| {
                let clients = clients.iter().map(|client| (*client).to_owned()).collect();
                (clients, (*about).to_owned())
            })
            .collect();
        assert_eq!(refused(&document), wanted, "{options:?}");
        assert_eq!(code, i32::from(expected.is_some()), "{options:?}");
        assert_eq!(findings(&document).len(), wanted.len(), "{options:?}");
        let seen = document["result"]["clients"].as_array().unwrap();
        let mut names: Vec<_> = seen
            .iter()
            .map(|row| row["client"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        let mut known = all;
        known.sort_unstable();
        assert_eq!(names, known);
        for client in seen {
            let name = client["client"].as_str().unwrap();
            let refused = wanted
                .iter()
                .any(|(names, _): &(Vec<String>, _)| names.iter().any(|other| other == name));
            assert_eq!(client["agrees"], !refused, "{options:?} {name}");
            assert_eq!(client["cipher"].is_null(), refused, "{options:?} {name}");
        }
    }
}

#[test]
fn where_no_tls_is_spoken_no_client_is_asked() {
    let port = answers(b"\x15\x03\x01\x00\x02\x02\x28");
    let (document, code) = document(port, &[]);
    assert_eq!(code, 1);
    assert_eq!(document["result"]["clients"], serde_json::json!([]));
}

/// The settings say one suite, and what runs has another: not reloaded.
#[test]
fn what_a_server_chooses_is_compared_with_its_settings() {
    if !here::have("openssl", "openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("nginx.conf");
    let (full, key) = (pki("fullchain.crt"), pki("server.key"));
    let text = format!(
        "events {{}}\nhttp {{ server {{ listen 443 ssl; server_name server.example.test;\n\
         ssl_certificate {full}; ssl_certificate_key {key};\n\
         ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384; }} }}\n"
    );
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    for (suite, version, differs) in [
        ("ECDHE-RSA-AES256-GCM-SHA384", "-tls1_2", false),
        ("ECDHE-RSA-AES128-GCM-SHA256", "-tls1_2", true),
        // No client that decides offers it without the others.
        ("AES128-SHA", "-tls1_2", true),
        ("ECDHE-RSA-AES256-GCM-SHA384", "-tls1_3", true),
    ] {
        let options = [version, "-cipher", suite];
        let (leaf, issuing) = (pki("server.crt"), pki("issuing.crt"));
        let server = OpenSsl::start(&leaf, Some(&issuing), &key, &options);
        let (document, _) = document(server.port, &with_host(&["--config", config]));
        let found = findings(&document);
        let told = found.contains(&("wire.offer-differs".to_owned(), "warning".to_owned()));
        assert_eq!(told, differs, "{options:?}: {document}");
    }
}
