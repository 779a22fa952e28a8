//! A TLS server that takes a new certificate while it runs, but only a safe one; and a client that
//! explains what it refuses.
//!
//! cargo run --example reload -- current.pem new.pem root.pem www.example.com
//!
//! The first two hold a chain and its private key. An axum server does the same with `Current` in
//! its `RustlsConfig`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it says what it does"
)]

use certcheck::identity::{ExplainingVerifier, Identity, load_identity, safe_to_replace};
use pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
use std::error::Error;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, PoisonError, RwLock};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the server presents now.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

fn certified(identity: &Identity, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>> {
    let (chain, key) = (identity.chain.clone(), identity.key.clone_key());
    Ok(Arc::new(CertifiedKey::from_der(chain, key, provider)?))
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [current, new, root, name] = words.as_slice() else {
        return Err("usage: reload CURRENT NEW ROOT NAME".into());
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let old = load_identity(current, &std::fs::read(current)?)?;
    let presented = Arc::new(Current(RwLock::new(certified(&old, &provider)?)));

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::clone(&presented) as Arc<dyn ResolvesServerCert>);
    let server = Arc::new(server);
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let ended = ServerConnection::new(Arc::clone(&server))
                .map_err(std::io::Error::other)
                .and_then(|mut connection| connection.complete_io(&mut socket));
            if let Err(error) = ended {
                eprintln!("server: {error}");
            }
        }
    });

    let root = CertificateDer::from_pem_file(root)?;
    let name = ServerName::try_from(name.as_str())?.to_owned();
    let connect = || -> Result<()> {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone())?;
        let strict =
            WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
        let verifier = ExplainingVerifier::new(strict.build()?, vec![root.clone()], |report| {
            println!("client: {report}");
        });
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let mut connection = ClientConnection::new(Arc::new(client), name.clone())?;
        let mut socket = TcpStream::connect(address)?;
        while connection.is_handshaking() {
            if let Err(error) = connection.complete_io(&mut socket) {
                println!("client: no connection: {error}");
                return Ok(());
            }
        }
        println!("client: connected");
        Ok(())
    };
    connect()?;

    // A file that does not even load is refused with file, line and remedy.
    let report = match load_identity(new, &std::fs::read(new)?) {
        Ok(identity) => {
            let report = safe_to_replace(&old, &identity, &[], UnixTime::now());
            if report.is_fit() {
                let mut current = presented.0.write().unwrap_or_else(PoisonError::into_inner);
                *current = certified(&identity, &provider)?;
                println!("server: reloaded {new}");
                None
            } else {
                Some(report.to_string())
            }
        }
        Err(error) => Some(error.to_string()),
    };
    if let Some(report) = report {
        println!("server: keeps {current}, because of {new}:\n{report}");
    }
    connect()
}
