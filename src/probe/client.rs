//! The certificate that a probe shows to a server that asks for one.

use super::random;
use crate::model::PrivateKey;
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A certificate with its chain, and its private key, which nothing shows.
#[derive(Clone)]
pub struct ClientIdentity(Arc<CertifiedKey>);

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificates = &self.0.cert.len();
        let mut shown = f.debug_struct("ClientIdentity");
        shown
            .field("certificates", certificates)
            .finish_non_exhaustive()
    }
}

impl ClientIdentity {
    /// The certificates in DER, the client's own first, and its key.
    ///
    /// # Errors
    /// Why the key makes no signatures here.
    pub fn new(certificates: Vec<Vec<u8>>, key: &PrivateKey) -> Result<Self, String> {
        let der = key
            .to_pkcs8()
            .ok_or("the key is not proven to be consistent")?;
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
        let mut provider = aws_lc_rs::default_provider();
        random::from_system(&mut provider);
        let key = provider.key_provider.load_private_key(der);
        let key = key.map_err(|_| {
            format!(
                "rustls makes no signatures with this {} key",
                key_name(certificates.first())
            )
        })?;
        let certificates = certificates.into_iter().map(CertificateDer::from).collect();
        Ok(Self(Arc::new(CertifiedKey::new(certificates, key))))
    }
}

/// The kind of the certificate's key, for a message.
fn key_name(certificate: Option<&Vec<u8>>) -> &'static str {
    let kind = certificate.and_then(|der| super::KeyKind::of_der(der));
    kind.map_or("kind of", super::KeyKind::as_str)
}

/// Shows the certificate, and notes that the server asked.
#[derive(Debug)]
pub(super) struct Presenter {
    own: Option<ClientIdentity>,
    asked: AtomicBool,
}

impl Presenter {
    pub(super) fn of(own: Option<&ClientIdentity>) -> Arc<Self> {
        Arc::new(Self {
            own: own.cloned(),
            asked: AtomicBool::new(false),
        })
    }

    /// Whether the server asked for a certificate.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Presenter {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.own.as_ref().map(|own| Arc::clone(&own.0))
    }

    /// rustls notes the request only if there is a certificate to show.
    fn has_certs(&self) -> bool {
        true
    }
}
