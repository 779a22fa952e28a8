//! What one server agrees on with every recorded client, beside rustls, which really makes
//! one handshake in memory, and beside the whole preflight that asks. Ratios are printed,
//! since times mean little; the room itself has a bound, 0.3 ms for all clients.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that meets something unexpected has failed"
)]

use certcheck::Source;
use certcheck::handshake::{ClientHello, KeyKind, ServerKey, ServerOffer, agree, client_end};
use certcheck::preflight::Preflight;
use certcheck::server::Profile;
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, ServerConfig, ServerConnection,
    SignatureScheme,
};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PKI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/pki");

/// Takes every certificate: what is timed is the agreement.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = aws_lc_rs::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn configs() -> (Arc<ServerConfig>, Arc<ClientConfig>) {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let chain = CertificateDer::pem_file_iter(format!("{PKI}/fullchain.crt")).unwrap();
    let chain = chain.map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(format!("{PKI}/server.key")).unwrap();
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_no_client_auth();
    (Arc::new(server), Arc::new(client))
}

/// One handshake of rustls with itself.
fn theirs(server: &Arc<ServerConfig>, client: &Arc<ClientConfig>) -> bool {
    let name = ServerName::try_from("server.example.test").unwrap();
    let mut client = ClientConnection::new(Arc::clone(client), name).unwrap();
    let mut server = ServerConnection::new(Arc::clone(server)).unwrap();
    for _ in 0..4 {
        let mut wire = Vec::new();
        while client.wants_write() {
            let _ = client.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            let _ = server.read_tls(&mut rest).unwrap();
            let _ = server.process_new_packets().unwrap();
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            let _ = server.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() {
            let _ = client.read_tls(&mut rest).unwrap();
            let _ = client.process_new_packets().unwrap();
        }
    }
    !client.is_handshaking() && !server.is_handshaking()
}

/// How many of the clients connect.
fn ours(offer: &ServerOffer) -> usize {
    let connects = |hello: &&ClientHello| {
        agree(offer, hello).is_ok_and(|agreement| {
            let key = offer.keys.get(agreement.key);
            key.is_some_and(|key| client_end(hello, &agreement, key, offer).is_ok())
        })
    };
    ClientHello::ALL.iter().filter(connects).count()
}

fn whole() -> usize {
    let read = |name: &str| {
        let path = format!("{PKI}/{name}");
        Source::new(name, std::fs::read(path).unwrap())
    };
    let nginx = Profile::named("nginx").unwrap();
    let answer = Preflight::new(nginx, "2026-11-24T00:00:00Z".parse().unwrap())
        .certificate_file(read("fullchain.crt"))
        .key_file(read("server.key"))
        .run();
    answer.result.clients.len()
}

/// The least of the times of several rounds, each long enough to be measured.
fn time(once: bool, mut it: impl FnMut()) -> Duration {
    it();
    let (rounds, length) = if once { (1, 1) } else { (20, 50) };
    let round = |_| {
        let begun = Instant::now();
        for _ in 0..length {
            it();
        }
        begun.elapsed() / length
    };
    (0..rounds).map(round).min().unwrap()
}

fn main() {
    let once = std::env::args().any(|argument| argument == "--test");
    let nginx = Profile::named("nginx").unwrap();
    let offer = nginx.offer(vec![ServerKey::new(KeyKind::Rsa(2048))]);
    assert_eq!(ours(&offer), ClientHello::ALL.len());
    let (server, client) = configs();
    assert!(theirs(&server, &client));
    let own = time(once, || {
        let _ = black_box(ours(black_box(&offer)));
    });
    let one = time(once, || {
        let _ = black_box(theirs(&server, &client));
    });
    let all = time(once, || {
        let _ = black_box(whole());
    });
    let clients = ClientHello::ALL.len();
    println!("{clients} clients with one server: {own:?}; the bound is 300 us");
    println!(
        "ratio to one handshake of rustls in memory ({one:?}): {:.2}",
        own.as_secs_f64() / one.as_secs_f64()
    );
    println!(
        "share of a whole preflight ({all:?}): {:.2}",
        own.as_secs_f64() / all.as_secs_f64()
    );
    assert!(once || own < Duration::from_micros(300), "{own:?}");
}
