//! rustls with the providers whose ClientHellos the table has.

use crate::clients_real::programs::{Answer, Job};
use pki_types::pem::PemObject;
use pki_types::{CertificateDer, ServerName};
use rustls::crypto::{aws_lc_rs, ring};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// One handshake for each job.
pub(crate) fn ask(jobs: &[Job], with_ring: bool) -> Vec<Answer> {
    let one = |job: &Job| match handshake(job, with_ring) {
        Ok(()) => Answer {
            accepted: true,
            text: String::new(),
        },
        Err(text) => Answer {
            accepted: false,
            text,
        },
    };
    jobs.iter().map(one).collect()
}

fn handshake(job: &Job, with_ring: bool) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(&job.store).unwrap() {
        roots.add(root.unwrap()).unwrap();
    }
    let provider = if with_ring {
        ring::default_provider()
    } else {
        aws_lc_rs::default_provider()
    };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(job.scenario.2).unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream =
        TcpStream::connect(("127.0.0.1", job.port)).map_err(|error| error.to_string())?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    while client.is_handshaking() {
        let _ = client
            .complete_io(&mut stream)
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}
