//! Certificates as they are sent, and as they could be fetched.

use crate::client::input::Input;
use crate::client::refusal::{Cause, Refusal};
use crate::model::Certificate;

/// The path that Java accepts without a search: the list, while each certificate is followed by
/// its issuer, cut at the first that is trusted or has the name and key of a trusted one; `None` if it is out of order, or the last issuer is not known.
pub(super) fn list<'r, 'a>(input: &Input<'r, 'a>) -> Option<&'r [Certificate<'a>]> {
    let all = input.chain;
    for (place, pair) in all.windows(2).enumerate() {
        let [below, it] = pair else { return None };
        if !it.subject().matches(&below.issuer()) {
            return None;
        }
        let known = |anchor: &&Certificate<'_>| {
            anchor.subject().matches(&it.subject()) && anchor.spki_der() == it.spki_der()
        };
        if input.anchors.iter().any(known) {
            return all.get(..=place);
        }
    }
    let last = all.last()?;
    let mut anchors = input.anchors.iter();
    anchors
        .any(|anchor| anchor.subject().matches(&last.issuer()))
        .then_some(all)
}

/// Whether each of a list signed the one before it, and an anchor the last.
pub(super) fn links(input: &Input<'_, '_>, list: &[Certificate<'_>]) -> Result<(), Refusal> {
    let bad = |certificate: &Certificate<'_>| Refusal::new(Cause::BadSignature, "").of(certificate);
    let open = |certificate: &Certificate<'_>| Refusal::new(Cause::NotComputed, "").of(certificate);
    for pair in list.windows(2) {
        if let [below, above] = pair
            && let Err(problem) = input.signed(below, above)
        {
            return Err(if problem.is_not_computed() {
                open(below)
            } else {
                bad(below)
            });
        }
    }
    let Some(last) = list.last() else {
        return Ok(());
    };
    let named = |anchor: &&&Certificate<'_>| anchor.subject().matches(&last.issuer());
    let mut answers = input
        .anchors
        .iter()
        .filter(named)
        .map(|anchor| input.signed(last, anchor));
    let mut unknown = false;
    if answers.any(|answer| {
        unknown |= matches!(&answer, Err(problem) if problem.is_not_computed());
        answer.is_ok()
    }) {
        Ok(())
    } else if unknown {
        Err(open(last))
    } else {
        Err(bad(last))
    }
}

/// The address from which a client would fetch the issuer of the server's certificate, if that
/// issuer is in no file: what the address has was not looked at.
pub(super) fn not_read<'a>(
    input: &Input<'_, 'a>,
    leaf: &Certificate<'a>,
    intermediates: &[Certificate<'a>],
) -> Option<&'a str> {
    let mut all = intermediates.iter().chain(input.anchors.iter().copied());
    if leaf.is_self_issued() || all.any(|issuer| leaf.issuer().matches(&issuer.subject())) {
        return None;
    }
    leaf.ca_issuers().into_iter().find(|address| {
        let scheme = address.get(..7).unwrap_or_default();
        scheme.eq_ignore_ascii_case("http://")
    })
}

/// Issuers that a client would fetch: known certificates that issued one that says where its issuer
/// can be fetched.
pub(super) fn fetched<'a>(input: &Input<'_, 'a>) -> Vec<Certificate<'a>> {
    let mut found: Vec<Certificate<'a>> = Vec::new();
    // As deep as chains are: each round finds the issuers of the previous one.
    for _ in 0..8 {
        let below: Vec<_> = input.chain.iter().chain(&found).cloned().collect();
        let more: Vec<_> = input
            .known
            .iter()
            .filter(|known| {
                below
                    .iter()
                    .all(|certificate| certificate.der() != known.der())
            })
            .filter(|known| {
                below.iter().any(|certificate| {
                    !certificate.ca_issuers().is_empty()
                        && certificate.issuer().matches(&known.subject())
                })
            })
            .cloned()
            .collect();
        if more.is_empty() || found.len() > 16 {
            break;
        }
        found.extend(more);
    }
    found
}
