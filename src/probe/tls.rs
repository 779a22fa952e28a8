//! A rustls handshake with a verifier that records the chain and trusts nothing.
//!
//! The handshake is completed, so the server proves its key; then the connection is closed at once,
//! before any user data is sent.

use super::client::Presenter;
use super::failure::failure;
use super::stream::Watched;
use super::{Asked, Failure, Handshake, KeyKind, random};
use crate::model::{Certificate, KeyAlgorithm, PublicKey};
use crate::protocol::Version;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error,
    ProtocolVersion, SignatureScheme, SupportedCipherSuite, SupportedProtocolVersion,
};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Records what a server presents.
#[derive(Debug)]
struct Recorder {
    provider: Arc<CryptoProvider>,
    /// The only acceptable kind of key; `None`: any.
    kind: Option<KeyKind>,
    seen: Mutex<Handshake>,
}

impl Recorder {
    fn note(&self, change: impl FnOnce(&mut Handshake)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A signature that cannot be checked proves nothing, either way.
    fn proof(
        &self,
        certificate: &CertificateDer<'_>,
        verified: Result<HandshakeSignatureValid, Error>,
    ) -> HandshakeSignatureValid {
        let proven = match verified {
            Ok(_) => Some(true),
            // A wrong signature is a fact about the server. A signature that cannot be checked is
            // a fact about this program.
            Err(Error::InvalidCertificate(CertificateError::BadSignature)) => {
                can_be_checked(certificate).then_some(false)
            }
            Err(_) => None,
        };
        self.note(|seen| seen.key_proven = proven);
        HandshakeSignatureValid::assertion()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificates = std::iter::once(end_entity).chain(intermediates);
        let certificates = certificates.map(|der| der.to_vec()).collect();
        self.note(|seen| {
            seen.certificates = certificates;
            seen.stapled = !ocsp_response.is_empty();
        });
        // Everything is accepted, since nothing is sent: what is presented is judged elsewhere, by
        // the rules of each client.
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        Ok(self.proof(
            certificate,
            verify_tls12_signature(message, certificate, signature, algorithms),
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if let Some(proven) = pss(message, certificate, signature) {
            let known = proven || can_be_checked(certificate);
            self.note(|seen| seen.key_proven = known.then_some(proven));
            return Ok(HandshakeSignatureValid::assertion());
        }
        let algorithms = &self.provider.signature_verification_algorithms;
        Ok(self.proof(
            certificate,
            verify_tls13_signature(message, certificate, signature, algorithms),
        ))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        if let Some(kind) = self.kind {
            return kind.schemes().iter().copied().map(Into::into).collect();
        }
        let algorithms = &self.provider.signature_verification_algorithms;
        let mut schemes = algorithms.supported_schemes();
        // A chain that cannot be verified here must still be shown.
        let all = KeyKind::ALL.iter().flat_map(|kind| kind.schemes());
        for scheme in all.copied().map(SignatureScheme::from) {
            if !schemes.contains(&scheme) {
                schemes.push(scheme);
            }
        }
        schemes
    }
}

/// Whether aws-lc checks signatures of this key: it takes every signature of an RSA key outside
/// these sizes for a wrong one.
fn can_be_checked(certificate: &CertificateDer<'_>) -> bool {
    let key = Certificate::parse(certificate).ok();
    let key = key
        .as_ref()
        .and_then(|own| PublicKey::parse(own.spki_der()).ok());
    key.is_none_or(|key| match key.algorithm() {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
            key.bits().is_some_and(|bits| (2048..=8192).contains(&bits))
        }
        _ => true,
    })
}

/// Whether the key made an `rsa_pss_pss` signature, which rustls does not know; `None`: it is not
/// such a signature.
fn pss(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
) -> Option<bool> {
    use ::aws_lc_rs::signature::{
        RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
        UnparsedPublicKey,
    };
    let algorithm = match u16::from(signature.scheme) {
        0x0809 => &RSA_PSS_2048_8192_SHA256,
        0x080a => &RSA_PSS_2048_8192_SHA384,
        0x080b => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    };
    let certificate = Certificate::parse(certificate).ok()?;
    let key = UnparsedPublicKey::new(algorithm, certificate.key_info().key);
    Some(key.verify(message, signature.signature()).is_ok())
}

/// What rustls offers: suites for one kind of key, if there is one, and randomness
/// from the system.
fn provider(kind: Option<KeyKind>) -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    random::from_system(&mut provider);
    if let Some(kind) = kind {
        provider.cipher_suites.retain(|suite| match suite {
            SupportedCipherSuite::Tls12(suite) => {
                let ecdsa = SignatureScheme::ECDSA_NISTP256_SHA256;
                suite.sign.contains(&ecdsa) != kind.is_rsa()
            }
            SupportedCipherSuite::Tls13(_) => true,
        });
    }
    provider
}

/// In TLS 1.3 the client is done before the server has looked at its certificate. How long a
/// refusal may take: a server that accepts says nothing.
const REFUSAL: Duration = Duration::from_millis(800);

/// A handshake with these versions, for any kind of key or one; what a failed one showed is kept.
pub(super) fn handshake(
    stream: &mut Watched,
    asked: &Asked,
    versions: &[&'static SupportedProtocolVersion],
    kind: Option<KeyKind>,
) -> Result<Handshake, Failure> {
    let provider = Arc::new(provider(kind));
    let recorder = Arc::new(Recorder {
        provider: Arc::clone(&provider),
        kind,
        seen: Mutex::new(Handshake::default()),
    });
    let presenter = Presenter::of(asked.client.as_ref());
    let broken = |error: Error| Failure::Garbage(format!("no handshake is possible: {error}"));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&recorder) as Arc<dyn ServerCertVerifier>)
        .with_client_cert_resolver(Arc::clone(&presenter) as Arc<dyn ResolvesClientCert>);
    config.alpn_protocols = asked
        .alpn
        .iter()
        .map(|alpn| alpn.as_bytes().to_vec())
        .collect();
    // A resumed session would bring no certificates.
    config.resumption = rustls::client::Resumption::disabled();
    let server = match ServerName::try_from(asked.server_name.clone()) {
        Ok(server) => server,
        // An IP address must not be sent as a server name (RFC 6066 section 3).
        Err(_) => {
            config.enable_sni = false;
            ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into())
        }
    };
    let mut connection = ClientConnection::new(Arc::new(config), server).map_err(broken)?;
    let mut ended = connection.complete_io(stream);
    if ended.is_ok() && presenter.was_asked() && asked.client.is_some() && versions.len() > 1 {
        stream.hurry(REFUSAL);
        ended = ended.and_then(|done| refusal(&mut connection, stream).map(|()| done));
    }
    if ended.is_ok() {
        connection.send_close_notify();
        // Only a courtesy (close_notify): the server may be gone already.
        let _ = connection.write_tls(stream);
    }
    let mut seen =
        std::mem::take(&mut *recorder.seen.lock().unwrap_or_else(PoisonError::into_inner));
    seen.asks_client = (ended.is_ok() || presenter.was_asked()).then(|| presenter.was_asked());
    seen.version = connection.protocol_version().and_then(version);
    seen.cipher = connection
        .negotiated_cipher_suite()
        // rustls writes `TLS13_AES_…` for IANA's `TLS_AES_…`.
        .map(|suite| format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1));
    match ended {
        Ok(_) => Ok(seen),
        Err(error) => {
            // What was seen before the failure is worth more than the error alone.
            let failure = failure(&error, stream);
            if seen.certificates.is_empty() {
                return Err(failure);
            }
            seen.failure = Some(failure.to_string());
            Ok(seen)
        }
    }
}

/// The error of a server that refuses the certificate that it was shown.
fn refusal(connection: &mut ClientConnection, stream: &mut Watched) -> io::Result<()> {
    loop {
        match connection.read_tls(stream) {
            // A server that accepts waits for the client to speak.
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            // It said nothing in that time.
            Err(_) => return Ok(()),
        }
        let state = connection.process_new_packets();
        let state = state.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        // It has begun to speak.
        if state.plaintext_bytes_to_read() > 0 {
            return Ok(());
        }
    }
}

fn version(version: ProtocolVersion) -> Option<Version> {
    match version {
        ProtocolVersion::TLSv1_3 => Some(Version::TLSv1_3),
        ProtocolVersion::TLSv1_2 => Some(Version::TLSv1_2),
        _ => None,
    }
}
