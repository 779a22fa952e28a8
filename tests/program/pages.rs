//! The pages, and the other formats, show what the text shows.
#![cfg(all(feature = "cli", feature = "html"))]

use crate::support;

use std::fs;
use std::path::Path;
use support::program::*;

fn page(words: &[&str], format: &str) -> String {
    stdout(&certcheck(
        &[words, &["--at", AT, "--format", format]].concat(),
    ))
}

/// Fails with the whole text if it does not contain `part`.
fn says(text: &str, part: &str) {
    assert!(text.contains(part), "{part}: {text}");
}

/// A preflight of nginx with these files.
fn nginx<'a>(chain: &'a str, key: &'a str) -> [&'a str; 7] {
    [
        "preflight",
        "--server",
        "nginx",
        "--cert-file",
        chain,
        "--key-file",
        key,
    ]
}

/// A tree with an nginx that sends this chain.
fn tree(root: &Path, chain: &[u8]) -> String {
    let conf = "events {}\nhttp { server { listen 443 ssl; server_name server.example.test;\n\
        ssl_certificate /etc/c.pem; ssl_certificate_key /etc/k.pem; } }\n";
    fs::create_dir_all(root.join("etc/nginx")).unwrap();
    put(root, "etc/nginx/nginx.conf", conf.as_bytes());
    put(root, "etc/c.pem", chain);
    put(root, "etc/k.pem", &fs::read(pki("server.key")).unwrap());
    root.display().to_string()
}

/// The issuer first: one command makes it right.
fn swapped() -> Vec<u8> {
    let read = |name: &str| fs::read(pki(name)).unwrap();
    [read("issuing.crt"), read("server.crt")].concat()
}

#[test]
fn a_scan_has_a_chart_and_no_chain() {
    let dir = scratch();
    let root = dir.path().display().to_string();
    for name in ["expired.crt", "issuing.crt", "ed25519.crt", "week.crt"] {
        put(dir.path(), name, &fs::read(pki(name)).unwrap());
    }
    let text = page(&["scan", &root], "text");
    let html = page(&["scan", &root], "html");
    assert!(
        !html.contains("class=\"arrow\"") && !html.contains(">sent<"),
        "{html}"
    );
    says(&html, "Expiries by month");
    says(&html, "<th scope=\"row\">expired</th><td>1</td>");
    for when in ["690 days ago", "in 2 days"] {
        says(&text, when);
        says(&html, &format!(">{when}</td>"));
    }
}

/// No arrow between strangers, or below a wrong signature.
#[test]
fn a_chain_has_arrows_where_one_issued_the_other() {
    let dir = scratch();
    let arrows = |names: &[&str]| {
        let chain: Vec<_> = names
            .iter()
            .map(|name| fs::read(pki(name)).unwrap())
            .collect();
        let chain = put(dir.path(), "chain.pem", &chain.concat());
        let key = pki("server.key");
        let anchors = ["--anchors", &pki("root.crt")];
        let html = page(&[&nginx(&chain, &key)[..], &anchors].concat(), "html");
        html.matches("class=\"arrow\"").count()
    };
    assert_eq!(arrows(&["server.crt", "issuing.crt"]), 2);
    // Of the same name, with another key; unrelated.
    assert_eq!(arrows(&["server.crt", "issuing-rekeyed.crt"]), 0);
    assert_eq!(arrows(&["server.crt", "old-external-root.crt"]), 0);
    // To the one that is missing.
    assert_eq!(arrows(&["server.crt"]), 1);
}

#[test]
fn a_machine_has_its_servers_endpoints_and_clients() {
    let dir = scratch();
    let root = tree(dir.path(), &fs::read(pki("fullchain.crt")).unwrap());
    let html = page(
        &["doctor", "--root", &root, "--anchors", &pki("root.crt")],
        "html",
    );
    for part in [
        "<th scope=\"row\">nginx /etc/nginx/nginx.conf</th><td class=\"accepts\">fit</td>",
        "Endpoints with TLS",
        "server.example.test",
        "/etc/nginx/nginx.conf:2",
        "<h2 id=\"clients\">",
        "1 server found",
        "class=\"arrow\"",
    ] {
        says(&html, part);
    }
}

#[test]
fn every_format_says_what_a_tried_remedy_leads_to() {
    let dir = scratch();
    let chain = put(dir.path(), "swapped.pem", &swapped());
    let root = tree(dir.path(), &swapped());
    let (key, anchors) = (pki("server.key"), pki("root.crt"));
    let preflight = [&nginx(&chain, &key)[..], &["--anchors", &anchors]].concat();
    let doctor = ["doctor", "--root", &root, "--anchors", &anchors];
    for words in [&preflight[..], &doctor[..]] {
        for format in ["text", "html", "sarif", "github", "junit"] {
            let said = page(words, format)
                .replace("\n  ", " ")
                .replace("    ", " ");
            says(&said, "after this: 8 of 8 clients accept");
        }
    }
}

/// A server that does not start sends nothing.
#[test]
fn what_does_not_start_would_send_nothing_as_it_is() {
    let dir = scratch();
    let chain = put(dir.path(), "swapped.pem", &swapped());
    let key = pki("server.key");
    let text = page(&nginx(&chain, &key), "text");
    says(&text, "not fit: nginx would not start\n");
    says(&text, "\nif it started, nginx would send CN=");
}

/// Each is fit by itself; together they are not.
#[test]
fn servers_that_want_one_port_are_not_called_fit() {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/doctor/ports-of-two/tree");
    let text = page(&["doctor", "--root", &tree.display().to_string()], "text");
    assert!(
        text.starts_with("no error: 2 servers found, but some want the same port\n"),
        "{text}"
    );
}
