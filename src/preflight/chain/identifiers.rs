//! Authority key identifiers that name a certificate other than the issuer's.
//!
//! They are hints (RFC 5280 4.2.1.1), and clients differ: OpenSSL accepts no issuer with a
//! different key identifier, name or serial number; Go and rustls do not check.

use crate::chain::arrange::Arrangement;
use crate::finding::hex;
use crate::model::{Certificate, GeneralName};
use crate::rule::{self, ChainFact};
use crate::signature;

/// The places of the certificates on the path whose identifiers disagree.
pub(super) fn disagreements(
    certificates: &[Certificate<'_>],
    arrangement: &Arrangement,
    anchors: &[Certificate<'_>],
) -> Vec<(usize, ChainFact)> {
    let above = arrangement.path.iter().skip(1).map(Some).chain([None]);
    let pairs = arrangement.path.iter().zip(above);
    pairs
        .filter_map(|(&place, above)| {
            let lower = certificates.get(place)?;
            let mut issuers = anchors
                .iter()
                .filter(|anchor| {
                    anchor.sha256() != lower.sha256() && lower.issuer().matches(&anchor.subject())
                })
                .filter(|anchor| signature::signed_by(lower, anchor).is_ok());
            let upper = above.and_then(|above| certificates.get(*above));
            let upper = upper.or_else(|| issuers.clone().next())?;
            let fact = disagreement(lower, upper)?;
            let another = issuers.any(|issuer| disagreement(lower, issuer).is_none());
            (!another).then_some((place, fact))
        })
        .collect()
}

/// What the identifier of `lower` says about its issuer, if that is not `upper`.
pub(crate) fn disagreement(lower: &Certificate<'_>, upper: &Certificate<'_>) -> Option<ChainFact> {
    let named = lower.authority_key_id()?;
    let fact = |field: &str, wanted: String, present: String| {
        ChainFact::KeyIdentifier(rule::chain::KeyIdentifier {
            subject: lower.subject().to_string(),
            issuer: upper.subject().to_string(),
            field: field.to_owned(),
            wanted,
            present,
        })
    };
    if let (Some(wanted), Some(present)) = (named.key_id, upper.subject_key_id())
        && wanted != present
    {
        return Some(fact("key identifier", hex(wanted), hex(present)));
    }
    if let Some(wanted) = named.serial
        && wanted != upper.serial()
    {
        return Some(fact("serial number", hex(wanted), hex(upper.serial())));
    }
    let name = named.issuer.and_then(|names| {
        names.iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        })
    })?;
    let differs = !name.matches(&upper.issuer());
    differs.then(|| fact("issuer", name.to_string(), upper.issuer().to_string()))
}
