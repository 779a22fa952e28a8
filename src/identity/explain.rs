//! A verifier that explains what it refuses.

use super::check::Report;
use super::diagnose::diagnose;
use pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Verifies exactly as the wrapped verifier does. If that refuses a certificate, the
/// [`Report`] of [`diagnose`] goes to a function of yours, and the error stays the same. A
/// certificate that is accepted costs nothing.
///
/// ```
/// use certcheck::identity::ExplainingVerifier;
/// use pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
/// use rustls::client::{WebPkiServerVerifier, danger::ServerCertVerifier};
/// use std::sync::{Arc, Mutex};
///
/// let of = |pem: &[u8]| CertificateDer::from_pem_slice(pem);
/// let root = of(include_bytes!("../../testdata/pki/root.crt"))?;
/// let mut roots = rustls::RootCertStore::empty();
/// roots.add(root.clone())?;
/// let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
/// let strict = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build()?;
///
/// let said = Arc::new(Mutex::new(String::new()));
/// let log = Arc::clone(&said);
/// let verifier = ExplainingVerifier::new(strict, vec![root], move |report| {
///     *log.lock().unwrap() = report.to_string();
/// });
/// // Give it to `ClientConfig::builder().dangerous().with_custom_certificate_verifier(…)`.
/// let leaf = of(include_bytes!("../../testdata/pki/server.crt"))?;
/// let name = ServerName::try_from("server.example.test")?;
/// let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_795_000_000));
/// assert!(verifier.verify_server_cert(&leaf, &[], &name, &[], at).is_err());
/// assert!(said.lock().unwrap().contains("chain.missing-intermediate"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ExplainingVerifier {
    inner: Arc<dyn ServerCertVerifier>,
    roots: Vec<CertificateDer<'static>>,
    explain: Box<dyn Fn(&Report) + Send + Sync>,
}

impl ExplainingVerifier {
    /// Wraps `inner`. `roots` are the certificates that it trusts: a verifier does not tell them.
    pub fn new(
        inner: Arc<dyn ServerCertVerifier>,
        roots: Vec<CertificateDer<'static>>,
        explain: impl Fn(&Report) + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner,
            roots,
            explain: Box::new(explain),
        }
    }
}

impl fmt::Debug for ExplainingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExplainingVerifier")
            .field("inner", &self.inner)
            .field("roots", &self.roots.len())
            .finish_non_exhaustive()
    }
}

impl ServerCertVerifier for ExplainingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let answer = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        if let Err(error) = &answer {
            let chain = std::iter::once(end_entity).chain(intermediates);
            let chain: Vec<_> = chain.cloned().collect();
            (self.explain)(&diagnose(error, &chain, &self.roots, server_name, now));
        }
        answer
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.inner.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.inner.root_hint_subjects()
    }
}
