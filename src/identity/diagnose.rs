//! Why did rustls end the handshake?

use super::check::{Report, preflight_of, with_unknown};
use crate::Source;
use crate::answer::Check;
use crate::client::Client;
use crate::encoding::to_pem;
use crate::trust_store::Anchors;
use pki_types::{CertificateDer, UnixTime};

/// Explains an error of rustls about the other side's certificate: the certificate, the reason and
/// the remedy for `UnknownIssuer`, `BadEncoding`, `Expired` and the others.
///
/// `chain` is what the server sent (`peer_certificates`, or what a verifier was given), `roots`
/// are the certificates that the client trusts. A failure that the chain does not explain, such
/// as an alert of the other side, leaves the verdict undecided and says so.
///
/// ```
/// use certcheck::identity::diagnose;
/// use pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
/// use std::time::Duration;
///
/// let of = |pem: &[u8]| CertificateDer::from_pem_slice(pem);
/// let chain = [of(include_bytes!("../../testdata/pki/server.crt"))?];
/// let roots = [of(include_bytes!("../../testdata/pki/root.crt"))?];
/// let error = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
/// let name = ServerName::try_from("server.example.test")?;
/// let at = UnixTime::since_unix_epoch(Duration::from_secs(1_795_000_000));
/// let report = diagnose(&error, &chain, &roots, &name, at);
/// assert!(report.to_string().contains("chain.missing-intermediate"), "{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn diagnose(
    error: &rustls::Error,
    chain: &[CertificateDer<'_>],
    roots: &[CertificateDer<'_>],
    name: &pki_types::ServerName<'_>,
    at: UnixTime,
) -> Report {
    let mut anchors = Anchors::new();
    let roots: String = roots
        .iter()
        .map(|der| to_pem("CERTIFICATE", der).to_string())
        .collect();
    anchors.add_file(Source::new("roots", roots.into_bytes()));
    let (preflight, unknown) = preflight_of(chain, std::slice::from_ref(name), at);
    let answer = preflight.client(Client::RUSTLS).anchors(anchors).run();
    let mut answer = with_unknown(answer, unknown);
    if answer
        .findings
        .iter()
        .all(|finding| finding.severity < crate::Severity::Error)
    {
        // Neither a pass nor a known fault: rustls did refuse.
        let why = format!("the chain, name and time do not explain what rustls says: {error}");
        answer.checks.push(Check::impossible("rustls", why));
    }
    Report::new(answer)
}
