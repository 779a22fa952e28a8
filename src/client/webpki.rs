//! rustls: the verdict of rustls-webpki itself, not an imitation.

mod shared;

use super::input::Input;
use super::refusal::{Cause, Refusal};
use crate::finding::Fingerprint;
use crate::model::Certificate;
use pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime, alg_id,
};
use std::sync::atomic::Ordering;
use std::time::Duration;
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

/// The cryptography that a rustls client is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithms {
    AwsLc,
    /// No P-521, no ECDSA with SHA-512, no ML-DSA; and the ring build that was
    /// measured refuses RSA signatures whose algorithm lacks its NULL.
    Ring,
}

impl Algorithms {
    /// Whether it is built with this one.
    fn has(self, it: &dyn SignatureVerificationAlgorithm) -> bool {
        let signature = it.signature_alg_id();
        let rsa = signature.starts_with(&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7]);
        let bare = rsa && signature.len() == 11;
        // ML-DSA: 2.16.840.1.101.3.4.3.17 to 19.
        let ml_dsa = signature.starts_with(&[0x06, 0x09, 0x60, 0x86, 0x48]);
        let no_ring = it.public_key_alg_id() == alg_id::ECDSA_P521
            || signature == alg_id::ECDSA_SHA512
            || bare
            || ml_dsa;
        self == Self::AwsLc || !no_ring
    }
}

/// Whether `RootCertStore::add` accepts this certificate.
pub(super) fn takes_anchor(der: &[u8]) -> bool {
    anchor_from_trusted_cert(&CertificateDer::from(der)).is_ok()
}

/// As a rustls client's `WebPkiServerVerifier` verifies.
///
/// Anchors that rustls-webpki cannot read are skipped, as rustls'
/// `RootCertStore::add_parsable_certificates` does.
pub(super) fn verify(
    input: &Input<'_, '_>,
    algorithms: Algorithms,
) -> Result<Vec<Fingerprint>, Refusal> {
    let (own, others) = input
        .chain
        .split_first()
        .ok_or_else(|| Refusal::new(Cause::NothingPresented, "NoCertificatesPresented"))?;
    let refused = |error: Error| refusal(&error).of(own);
    let leaf = CertificateDer::from(own.der());
    let others: Vec<_> = others
        .iter()
        .map(|other| CertificateDer::from(other.der()))
        .collect();
    let roots: Vec<_> = input
        .anchors
        .iter()
        .map(|anchor| CertificateDer::from(anchor.der()))
        .collect();
    let anchors: Vec<TrustAnchor<'_>> = roots
        .iter()
        .filter_map(|der| anchor_from_trusted_cert(der).ok())
        .collect();
    let seconds = u64::try_from(input.at.unix_seconds()).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let certificate = EndEntityCert::try_from(&leaf).map_err(refused)?;
    // At most as many as rustls-webpki's own budget allows (100), counted in full.
    input.spend(others.len() as u64 + 1);
    let (shared, open) = shared::algorithms(own.computed(), algorithms == Algorithms::Ring);
    let all = shared
        .iter()
        .map(|algorithm| -> &dyn SignatureVerificationAlgorithm { algorithm });
    let algorithms: Vec<_> = all.filter(|algorithm| algorithms.has(*algorithm)).collect();
    let path = certificate
        .verify_for_usage(
            &algorithms,
            &anchors,
            &others,
            time,
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map_err(|error| {
            // Another path may end in another error: none of them counts if a signature is open.
            if open.load(Ordering::Relaxed) {
                return Refusal::new(Cause::NotComputed, "").of(own);
            }
            refused(error)
        })?;
    let mut digests = vec![own.sha256()];
    for step in path.intermediate_certificates() {
        let der = step.der();
        digests.extend(
            input
                .chain
                .iter()
                .find(|input| input.der() == der.as_ref())
                .map(|input| input.sha256()),
        );
    }
    let anchor = path.anchor().subject_public_key_info.as_ref().to_vec();
    digests.extend(
        input
            .anchors
            .iter()
            .find(|candidate| candidate.spki_der().ends_with(&anchor))
            .map(|anchor| anchor.sha256()),
    );
    match refuses_name(own, input.names) {
        Some((cause, says)) => Err(Refusal::new(cause, says).of(own)),
        None => Ok(digests),
    }
}

/// What rustls-webpki says about the first name that it does not accept the certificate for.
pub(super) fn refuses_name(
    certificate: &Certificate<'_>,
    names: &[crate::server_name::ServerName],
) -> Option<(Cause, String)> {
    let said = |refusal: Refusal| (refusal.cause, refusal.says);
    let der = CertificateDer::from(certificate.der());
    let certificate = match EndEntityCert::try_from(&der) {
        Ok(certificate) => certificate,
        Err(error) => return Some(said(refusal(&error))),
    };
    names.iter().find_map(|name| {
        let text = name.to_string();
        let Ok(expected) = ServerName::try_from(text.as_str()) else {
            return Some((Cause::Name, "InvalidDnsName".to_owned()));
        };
        let checked = certificate.verify_is_valid_for_subject_name(&expected);
        checked.err().map(|error| said(refusal(&error)))
    })
}

/// rustls' `InvalidCertificate`: the error's name, as its Display shows it.
fn refusal(error: &Error) -> Refusal {
    let shown = format!("{error:?}");
    let name = shown
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    let cause = match name {
        "UnknownIssuer" => Cause::Untrusted,
        "CertNotValidForName" => Cause::Name,
        "CertExpired" => Cause::Expired,
        "CertNotValidYet" => Cause::NotYetValid,
        "CaUsedAsEndEntity" => Cause::CaAsServer,
        "EndEntityUsedAsCa" => Cause::NotACa,
        "PathLenConstraintViolated" => Cause::PathLength,
        "NameConstraintViolation" => Cause::NameConstraints,
        "RequiredEkuNotFound" | "RequiredEkuNotFoundContext" | "EmptyEkuExtension" => {
            Cause::Purpose
        }
        "UnsupportedCriticalExtension" => Cause::UnknownCriticalExtension,
        "UnsupportedCertVersion" => Cause::Version,
        "InvalidSerialNumber" => Cause::Serial,
        "MaximumSignatureChecksExceeded"
        | "MaximumPathBuildCallsExceeded"
        | "MaximumNameConstraintComparisonsExceeded"
        | "MaximumPathDepthExceeded" => Cause::PathLength,
        "InvalidSignatureForPublicKey" => Cause::BadSignature,
        name if name.starts_with("Unsupported") => Cause::Algorithm,
        "BadDer"
        | "BadDerTime"
        | "TrailingData"
        | "MalformedExtensions"
        | "ExtensionValueInvalid" => Cause::MalformedExtension,
        _ => Cause::Other,
    };
    // rustls renames some of webpki's errors (rustls 0.23, webpki/mod.rs, pki_error).
    let says = match cause {
        Cause::Name => "NotValidForName",
        Cause::Expired => "Expired",
        Cause::NotYetValid => "NotValidYet",
        Cause::Untrusted => "UnknownIssuer",
        _ if name == "InvalidSignatureForPublicKey" => "BadSignature",
        _ => name,
    };
    Refusal::new(cause, format!("invalid peer certificate: {says}"))
}
