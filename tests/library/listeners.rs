//! Which endpoint of the settings a connection to a port meets.

use crate::support;

use certcheck::Source;
use certcheck::preflight::{Found, Preflight, PreflightResult};
use certcheck::server::Profile;
use certcheck::server::settings::{Context, Settings};

/// One name at two ports, with an RSA certificate at the first and an EC one at the second.
const SETTINGS: &str = "events {}\nhttp {\n\
    server { listen 8443 ssl; server_name server.example.test;\n\
      ssl_certificate fullchain.crt; ssl_certificate_key server.key; }\n\
    server { listen 9443 ssl; server_name server.example.test;\n\
      ssl_certificate p256.chain.crt; ssl_certificate_key p256.key; }\n}\n";

fn read(name: &str) -> Source {
    Source::new(
        name,
        std::fs::read(support::testdata().join("pki").join(name)).unwrap(),
    )
}

fn result() -> PreflightResult {
    let nginx = Profile::named("nginx").unwrap();
    let source = Source::new("nginx.conf", SETTINGS.into());
    let settings = Settings::read(nginx, &source, &Context::at("/etc/nginx")).unwrap();
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut preflight = Preflight::new(nginx, at)
        .settings("nginx.conf", settings)
        .host("server.example.test".parse().unwrap());
    for path in preflight.questions() {
        let name = path.rsplit('/').next().unwrap().to_owned();
        preflight = preflight.found(path, Found::Read(read(&name)));
    }
    preflight.run().result
}

/// The algorithms of the first client's suite, the digests that are sent, and how many places
/// are left.
fn met(result: &PreflightResult) -> (String, usize, usize) {
    let openssl = result.clients.iter().find(|row| row.client == "openssl");
    let suite = openssl.and_then(|row| row.cipher_suite).unwrap_or_default();
    (suite.to_owned(), result.sent.len(), result.scopes.len())
}

#[test]
fn a_port_leads_to_its_own_endpoint() {
    let all = result();
    let (suite, sent, places) = met(&all.clone().at_port(8443));
    assert!(suite.starts_with("TLS_ECDHE_RSA_"), "{suite}");
    assert_eq!((sent, places), (2, 1));
    let second = all.clone().at_port(9443);
    let (suite, sent, places) = met(&second);
    assert!(suite.starts_with("TLS_ECDHE_ECDSA_"), "{suite}");
    assert_eq!((sent, places), (2, 1));
    assert_eq!(second.presented, all.scopes[1].presented);
    // What `probe` compares offers with: a place with the host that was asked for.
    assert_eq!(second.scopes[0].hosts, ["server.example.test"]);
    // A port that is translated on its way is in no setting.
    assert_eq!(met(&all.clone().at_port(443)), met(&all.clone().of_host()));
}
