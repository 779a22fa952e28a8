//! The page "A new client in one file", followed letter by letter.

use certcheck::Source;
use certcheck::client::{Client, ClientProfile};
use certcheck::preflight::{ClientVerdict, Preflight};
use certcheck::server::Profile;
use certcheck::trust_store::Anchors;
use std::path::Path;

#[path = "../../examples/new_client.rs"]
#[allow(dead_code, reason = "its main() is for the command line")]
mod file;

#[test]
fn the_page_shows_the_file() {
    let page = include_str!("../../docs/a-new-client.md");
    let (_, behind) = page.split_once("```rust\n").unwrap();
    let (code, _) = behind.split_once("```\n").unwrap();
    assert_eq!(code, include_str!("../../examples/new_client.rs"));
    assert!(!behind.contains("```rust"), "one file");
    let known = format!("certcheck knows {} clients", Client::ALL.len());
    assert!(page.contains(&known), "{known}");
}

fn source(name: &str) -> Source {
    let pki = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pki");
    Source::new(name, std::fs::read(pki.join(name)).unwrap())
}

/// What the page's client says of files of testdata/pki.
fn judged(certificate: &str, root: &str) -> (String, Option<String>) {
    let answer = file::judge(
        [certificate, "server.key", root].map(source),
        "server.example.test".parse().unwrap(),
        "2026-11-22T12:00:00Z".parse().unwrap(),
    );
    let clients = answer.unwrap().result.clients;
    let [client] = clients.as_slice() else {
        panic!("{clients:?}");
    };
    assert_eq!(client.client, "acme");
    assert_eq!(client.version.as_deref(), Some("Acme agent 4"));
    assert!(client.decides);
    (client.verdict.as_str().to_owned(), client.reason.clone())
}

#[test]
fn the_file_judges_what_it_says() {
    let accepts = ("accepts".to_owned(), None);
    assert_eq!(judged("fullchain.crt", "root.crt"), accepts);
    // An intermediate as an anchor: `with_partial_chain`.
    assert_eq!(judged("server.crt", "issuing.crt"), accepts);
    let (verdict, reason) = judged("fullchain.crt", "other-root.crt");
    assert_eq!(verdict, "refuses");
    assert!(reason.unwrap().contains("unable to get"));
    // `with_common_name(false)`: OpenSSL reads the name here, and this client does not.
    let (verdict, reason) = judged("cn-only.chain.crt", "root.crt");
    assert_eq!(verdict, "refuses");
    assert!(reason.unwrap().contains("hostname mismatch"));
}

/// The rows of the clients for a chain of testdata/pki at an nginx.
fn rows(own: Option<Client>, certificate: &str, root: &str, protocols: &str) -> Vec<ClientVerdict> {
    let mut anchors = Anchors::new();
    anchors.add_file(source(root));
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut preflight = Preflight::new(Profile::named("nginx").unwrap(), at)
        .certificate_file(source(certificate))
        .key_file(source("server.key"))
        .protocols(protocols)
        .host("server.example.test".parse().unwrap())
        .anchors(anchors);
    if let Some(client) = own {
        preflight = preflight.client(client);
    }
    preflight.run().result.clients
}

#[test]
fn it_offers_what_its_hello_says() {
    let agent = || Some(Client::of(&file::AGENT));
    let modern = rows(agent(), "fullchain.crt", "root.crt", "TLSv1.3");
    assert_eq!(modern[0].verdict.as_str(), "refuses");
    let both = rows(agent(), "fullchain.crt", "root.crt", "TLSv1.2 TLSv1.3");
    assert_eq!(both[0].protocol, Some("TLSv1.2"));
    assert_eq!(both[0].verdict.as_str(), "accepts");
}

/// Without a `with_` method there is no difference from the client that it is like: nothing
/// depends on a name that a description does not have.
#[test]
fn a_client_like_another_says_the_same() {
    let mut seen = 0;
    for client in Client::ALL {
        // Its versions alone are its own: they are its title until it describes them.
        let like = ClientProfile::like(client.name(), "mine", client.title())
            .with_versions(client.versions());
        let mine = Client::of(Box::leak(Box::new(like)));
        for (certificate, root) in [
            ("fullchain.crt", "root.crt"),
            ("fullchain.crt", "root.key"),
            ("cn-only.chain.crt", "root.crt"),
            ("ed25519.chain.crt", "root.crt"),
            ("server.crt", "issuing.crt"),
            ("expired.chain.crt", "root.crt"),
        ] {
            let mut theirs = rows(Some(*client), certificate, root, "TLSv1.2");
            // Versions are those of the clients that certcheck knows.
            for row in &mut theirs {
                row.measured = false;
                row.boundaries.clear();
            }
            let mut rows = rows(Some(mine), certificate, root, "TLSv1.2");
            for row in &mut rows {
                assert_eq!(row.client, "mine");
                row.client = client.name().into();
            }
            let (mine, theirs) = (format!("{rows:?}"), format!("{theirs:?}"));
            assert_eq!(mine, theirs, "{certificate} {root}");
            seen += rows.len();
        }
    }
    assert_eq!(seen, 6 * Client::ALL.len());
}

#[test]
fn a_known_name_is_refused() {
    for known in Client::ALL {
        let refused = std::panic::catch_unwind(|| ClientProfile::like("go", known.name(), "mine"));
        assert!(refused.is_err(), "{}", known.name());
    }
    let refused = std::panic::catch_unwind(|| ClientProfile::like("lynx", "mine", "mine"));
    assert!(refused.is_err());
}
