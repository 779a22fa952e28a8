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
        .filter(|it| it["code"] == "handshake.no-agreement")
        .map(|it| {
            let evidence = &it["evidence"];
            let clients = evidence["clients"].as_array().unwrap().iter();
            let clients = clients.map(|it| it.as_str().unwrap().to_owned());
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
                let clients = clients.iter().map(|it| (*it).to_owned()).collect();
                (clients, (*about).to_owned())
            })
            .collect();
        assert_eq!(refused(&document), wanted, "{options:?}");
        assert_eq!(code, i32::from(expected.is_some()), "{options:?}");
        assert_eq!(findings(&document).len(), wanted.len(), "{options:?}");
        let seen = document["result"]["clients"].as_array().unwrap();
        let mut names: Vec<_> = seen
            .iter()
            .map(|it| it["client"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        let mut known = all;
        known.sort_unstable();
        assert_eq!(names, known);
        for client in seen {
            let name = client["client"].as_str().unwrap();
            let refused = wanted
                .iter()
                .any(|(it, _): &(Vec<String>, _)| it.iter().any(|it| it == name));
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
