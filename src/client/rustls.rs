//! rustls: the verdict of rustls-webpki 0.103 itself, not an imitation.

use crate::Time;
use crate::server_name::ServerName as Expected;
use pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// What rustls says, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The name of rustls-webpki's error: `UnknownIssuer`.
    pub error: String,
}

/// Whether a rustls client that trusts `anchors` accepts a server that
/// presents `chain`, its own certificate first, under each of `names`.
///
/// Anchors that rustls-webpki cannot read are passed over, as rustls'
/// `RootCertStore::add_parsable_certificates` does.
///
/// # Errors
/// The first refusal.
pub fn rustls<'d>(
    chain: &[&'d [u8]],
    anchors: impl IntoIterator<Item = &'d [u8]>,
    names: &[Expected],
    at: Time,
) -> Result<(), Refusal> {
    let refused = |error: webpki::Error| {
        let shown = format!("{error:?}");
        let name = shown.split(|c: char| !c.is_ascii_alphanumeric()).next();
        Refusal {
            error: name.unwrap_or_default().to_owned(),
        }
    };
    let (leaf, others) = chain.split_first().ok_or_else(|| Refusal {
        error: "NoCertificatesPresented".to_owned(),
    })?;
    let leaf = CertificateDer::from(*leaf);
    let others: Vec<_> = others
        .iter()
        .map(|der| CertificateDer::from(*der))
        .collect();
    let roots: Vec<_> = anchors.into_iter().map(CertificateDer::from).collect();
    let anchors: Vec<TrustAnchor<'_>> = roots
        .iter()
        .filter_map(|der| anchor_from_trusted_cert(der).ok())
        .collect();
    let seconds = u64::try_from(at.unix_seconds()).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let certificate = EndEntityCert::try_from(&leaf).map_err(refused)?;
    certificate
        .verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &anchors,
            &others,
            time,
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map_err(refused)?;
    for name in names {
        let text = name.to_string();
        let expected = ServerName::try_from(text.as_str()).map_err(|_| Refusal {
            error: "InvalidDnsName".to_owned(),
        })?;
        certificate
            .verify_is_valid_for_subject_name(&expected)
            .map_err(refused)?;
    }
    Ok(())
}
