//! GnuTLS 3.7: `gnutls_x509_trust_list_verify_crt2`, as `gnutls-cli` calls it.
//!
//! From lib/x509/verify-high.c and verify.c: the list is sorted until an issuer is known, a root at
//! its end is dropped, and the rest is checked against one bucket of the trust list: that of the
//! last certificate's issuer, otherwise that of its own name. A trusted certificate of the list
//! ends it, so an intermediate or the server's own may be an anchor, but only if it is in the
//! bucket that is searched.

use super::constraints::{self, Broken, Reader};
use super::input::Input;
use super::issued::{features_agree, must_staple, serves, serves_by_name, signs};
use super::reads::{
    Family, Place, has_unread_key, huge_path_length, lost_basic_constraints, reads_purposes,
};
use super::refusal::Cause;
use crate::model::{Certificate, Hash, SignatureAlgorithm};
use crate::validity::Validity;

/// `DEFAULT_MAX_VERIFY_DEPTH`.
const DEPTH: usize = 16;
/// `DEFAULT_SIZE` of a trust list: a prime number of buckets.
const BUCKETS: u64 = 127;

type Failure<'r, 'a> = (Cause, Option<&'r Certificate<'a>>);

/// What gnutls-cli prints for a status, after "The certificate is NOT trusted. ".
pub(super) fn text(cause: Cause) -> &'static str {
    match cause {
        Cause::Untrusted | Cause::NoRoot => "The certificate issuer is unknown. ",
        Cause::NotACa => "The certificate issuer is not a CA. ",
        Cause::WeakSignature | Cause::WeakKey => "The certificate chain uses insecure algorithm. ",
        Cause::PathLength | Cause::NameConstraints => {
            "The certificate chain violates the signer's constraints. "
        }
        Cause::NotYetValid => "The certificate chain uses not yet valid certificate. ",
        Cause::Expired | Cause::IssuerExpired => "The certificate chain uses expired certificate. ",
        Cause::BadSignature => "The signature in the certificate is invalid. ",
        Cause::Name | Cause::NoSubjectAltName => {
            "The name in the certificate does not match the expected. "
        }
        Cause::Purpose => "The certificate chain does not match the intended purpose. ",
        Cause::NotStapled => {
            "The certificate requires the server to include an OCSP status in its response, but the OCSP status is missing. "
        }
        Cause::UnknownCriticalExtension => {
            "The certificate contains an unknown critical extension. "
        }
        _ => "",
    }
}

/// `hash_pjw_bare` over a name, as on machines of 64 bits.
fn bucket(name: &[u8]) -> u64 {
    let hash = name.iter().fold(0_u64, |hash, byte| {
        u64::from(*byte).wrapping_add(hash.rotate_left(9))
    });
    // Two names in one bucket see each other's anchors, so the number of the bucket matters for the
    // verdict, not only for speed.
    hash % BUCKETS
}

/// `is_issuer`: the bytes of the names, and the key identifiers if both have one (measured: a name
/// in a different case is another name, whatever the identifiers).
fn is_issuer(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
    let wanted = certificate.authority_key_id();
    let ids = match (
        wanted.and_then(|wanted| wanted.key_id),
        issuer.subject_key_id(),
    ) {
        (Some(wanted), Some(present)) => wanted == present,
        _ => true,
    };
    ids && certificate.issuer().der() == issuer.subject().der()
}

/// Whether a critical extension is one that GnuTLS does not know. Measured with
/// 3.7.9 on an intermediate: policyConstraints and policyMappings are not known,
/// issuerAltName, authorityInfoAccess and proxyCertInfo are.
fn has_unknown_critical(certificate: &Certificate<'_>) -> bool {
    let one = std::iter::once(certificate);
    Family::GnuTls.unknown_critical(one).is_some()
}

/// The path that GnuTLS takes.
pub(super) fn verify<'r, 'a>(
    input: &Input<'r, 'a>,
) -> Result<Vec<&'r Certificate<'a>>, Failure<'r, 'a>> {
    let leaf = input.leaf().ok_or((Cause::NothingPresented, None))?;
    // If it cannot read one certificate of the file, it reads none: "Error setting
    // the x509 trust file" (measured).
    let unread = |certificate: &&&Certificate<'_>| {
        let unread = Family::GnuTls.unread(certificate, Place::Above, false);
        unread.is_some_and(|(cause, _)| cause != Cause::WeakKey)
    };
    if let Some(unread) = input.anchors.iter().find(unread) {
        return Err((Cause::Encoding, Some(unread)));
    }
    let list = shortened(input, sorted(input));
    let Some(&last) = list.last() else {
        return Err((Cause::Untrusted, Some(leaf)));
    };
    let path = match against(input, &list, bucket(last.issuer().der())) {
        // `SIGNER_OLD_OR_UNKNOWN`.
        Err((
            cause @ (Cause::Untrusted
            | Cause::Expired
            | Cause::IssuerExpired
            | Cause::WeakSignature),
            at,
        )) if last.issuer().der() != last.subject().der() => {
            // "If we couldn't find the issuer, try to see if the actual certificate is trusted"
            // (`gnutls_x509_trust_list_verify_crt2`).
            let second = against(input, &list, bucket(last.subject().der()));
            second.map_err(|_| (cause, at))?
        }
        first => first?,
    };
    // A keyUsage without any bit counts as absent (measured).
    let set = leaf
        .key_usage()
        .is_some_and(|usage| !usage.names().is_empty());
    if set && !signs(leaf) {
        return Err((Cause::Purpose, Some(leaf)));
    }
    if must_staple(leaf) && !input.staples {
        return Err((Cause::NotStapled, Some(leaf)));
    }
    Ok(path)
}

/// The presented list in order, until an issuer is in the store.
fn sorted<'r, 'a>(input: &Input<'r, 'a>) -> Vec<&'r Certificate<'a>> {
    let mut list: Vec<&Certificate<'_>> = input.chain.iter().take(DEPTH).collect();
    let known = |certificate: &Certificate<'_>| {
        let number = bucket(certificate.issuer().der());
        let beside = |anchor: &&&Certificate<'_>| bucket(anchor.subject().der()) == number;
        let mut beside = input.anchors.iter().filter(beside);
        beside.any(|anchor| is_issuer(certificate, anchor))
    };
    let mut place = 0;
    while place < list.len() {
        let tail = in_order(list.get(place..).unwrap_or_default());
        let run = tail.1;
        list.splice(place.., tail.0);
        let seen = |at: &usize| {
            list.get(*at).is_some_and(|certificate| {
                let earlier = list.iter().take(place);
                earlier
                    .clone()
                    .any(|other| other.der() == certificate.der())
            })
        };
        if let Some(double) = (place..place + run).find(seen) {
            if input.facts.drops_doubles {
                list.remove(double);
                continue;
            }
            // It moves one certificate only, and drops the last of the list.
            if let Some(&next) = list.get(double + 1)
                && let Some(it) = list.get_mut(double)
            {
                *it = next;
            }
            list.pop();
            continue;
        }
        // Each turn puts at least one more certificate in its place, so the loop ends after at most
        // 16.
        place += run;
        if list.get(place - 1).is_some_and(|list| known(list)) {
            list.truncate(place);
        }
    }
    list
}

/// `_gnutls_sort_clist`: issuers after what they issued, where possible, then the
/// rest; and how far it goes.
fn in_order<'r, 'a>(list: &[&'r Certificate<'a>]) -> (Vec<&'r Certificate<'a>>, usize) {
    let mut order = vec![0_usize];
    let mut current = 0;
    // A self-signed certificate ends the run.
    while let Some(below) = list.get(current).filter(|list| !is_issuer(list, list)) {
        let above = (1..list.len()).find(|&place| {
            place != current && list.get(place).is_some_and(|list| is_issuer(below, list))
        });
        match above {
            Some(above) if !order.contains(&above) => {
                order.push(above);
                current = above;
            }
            _ => break,
        }
    }
    let run = order.len();
    let rest: Vec<_> = (0..list.len())
        .filter(|place| !order.contains(place))
        .collect();
    // Nothing is lost here: what does not fit stays after the run, and may end the path elsewhere.
    order.extend(rest);
    let all = order
        .into_iter()
        .filter_map(|place| list.get(place).copied());
    (all.collect(), run)
}

/// `shorten_clist`: without a root at the end, and not beyond a trusted one.
fn shortened<'r, 'a>(
    input: &Input<'r, 'a>,
    mut list: Vec<&'r Certificate<'a>>,
) -> Vec<&'r Certificate<'a>> {
    drop_root(&mut list);
    for place in 1..list.len() {
        let Some(it) = list.get(place) else { break };
        let held = input.anchors.iter().any(|anchor| {
            anchor.der() == it.der() && bucket(anchor.subject().der()) == bucket(it.issuer().der())
        });
        if held {
            list.truncate(place + 1);
        }
    }
    list
}

// A root that the server sends proves nothing: it is removed, and must be found again in the trust
// list.
fn drop_root(list: &mut Vec<&Certificate<'_>>) {
    if list.len() > 1 && list.last().is_some_and(|list| is_issuer(list, list)) {
        list.pop();
    }
}

/// `_gnutls_verify_crt_status` with the anchors of one bucket.
fn against<'r, 'a>(
    input: &Input<'r, 'a>,
    list: &[&'r Certificate<'a>],
    number: u64,
) -> Result<Vec<&'r Certificate<'a>>, Failure<'r, 'a>> {
    let anchors: Vec<_> = input
        .anchors
        .iter()
        .copied()
        .filter(|anchor| bucket(anchor.subject().der()) == number)
        .collect();
    let mut list = list.to_vec();
    drop_root(&mut list);
    let mut place = 0;
    let mut ends = None;
    while place < list.len() {
        let Some(&it) = list.get(place) else { break };
        let same = |anchor: &&&Certificate<'_>| {
            anchor.der() == it.der()
                // The server's own certificate must be in the list byte by byte; for a CA, its name
                // and key are enough (`_gnutls_check_if_same_key`).
                || place > 0
                    && anchor.subject().der() == it.subject().der()
                    && anchor.spki_der() == it.spki_der()
        };
        if let Some(&anchor) = anchors.iter().find(same) {
            in_time(input, anchor, place == 0)?;
            if place == 0 && !serves(anchor) {
                return Err((Cause::Purpose, Some(anchor)));
            }
            list.truncate(place);
            ends = Some(anchor);
        }
        place += 1;
    }
    let Some(&last) = list.last() else {
        return Ok(ends.into_iter().collect());
    };
    let issuer = best_issuer(input, last, &anchors);
    let mut path = vec![last];
    path.extend(issuer);
    let mut above = issuer;
    let mut left = DEPTH as u64;
    for place in (0..list.len()).rev() {
        let Some(&it) = list.get(place) else { break };
        let from_store = place + 1 == list.len();
        let issuer = above.filter(|above| is_issuer(it, above));
        step(input, it, issuer, from_store, place == 0, &mut left)?;
        if !from_store {
            path.insert(0, it);
        }
        above = Some(it);
    }
    let whole = path.clone();
    match constraints::broken(&whole, Reader::GnuTls) {
        Some(Broken::Refused(_)) => Err((Cause::NameConstraints, path.first().copied())),
        Some(Broken::Exhausted) => Err((Cause::Exhausted, path.first().copied())),
        None => Ok(()),
    }?;
    Ok(path)
}

/// `find_issuer`: the first, or the last of the others that is valid now.
fn best_issuer<'r, 'a>(
    input: &Input<'r, 'a>,
    below: &Certificate<'_>,
    anchors: &[&'r Certificate<'a>],
) -> Option<&'r Certificate<'a>> {
    let mut issuers = anchors
        .iter()
        .copied()
        .filter(|anchor| is_issuer(below, anchor));
    let first = issuers.next()?;
    let valid = issuers.filter(|issuer| Validity::of(issuer, input.at).is_valid());
    Some(valid.last().unwrap_or(first))
}

/// `verify_crt`: one certificate and its issuer.
fn step<'r, 'a>(
    input: &Input<'r, 'a>,
    it: &'r Certificate<'a>,
    issuer: Option<&'r Certificate<'a>>,
    from_store: bool,
    own: bool,
    left: &mut u64,
) -> Result<(), Failure<'r, 'a>> {
    let refused = |cause| Err((cause, Some(it)));
    if *left == 0 {
        return refused(Cause::PathLength);
    }
    *left -= 1;
    let Some(issuer) = issuer else {
        return refused(Cause::Untrusted);
    };
    if let Some(unknown) = [it, issuer]
        .into_iter()
        .find(|certificate| has_unknown_critical(certificate))
    {
        return Err((Cause::UnknownCriticalExtension, Some(unknown)));
    }
    let hash = it.signature_algorithm().signature().hash();
    // A root's own signature proves nothing, so its digest does not matter.
    if hash.is_some_and(Hash::is_broken) && !is_issuer(it, it) {
        return refused(Cause::WeakSignature);
    }
    // Version 1 is accepted from the store, not from a list.
    if issuer.version() != 1 || !from_store {
        let basic = issuer.basic_constraints();
        let lost = lost_basic_constraints(issuer) || huge_path_length(issuer);
        let old = basic.is_none() && from_store && is_issuer(issuer, issuer);
        if lost || !old && !basic.is_some_and(|basic| basic.is_ca) {
            return Err((Cause::NotACa, Some(issuer)));
        }
        if let Some(limit) = basic.and_then(|basic| basic.path_length) {
            // One counter serves the depth and every pathLenConstraint; it is lowered on the way
            // down from the anchor (`max_path` in `verify_crt`).
            *left = (*left).min(u64::from(limit));
        }
        if issuer
            .key_usage()
            .is_some_and(|usage| !usage.key_cert_sign())
        {
            return Err((Cause::PathLength, Some(issuer)));
        }
    }
    if has_unread_key(issuer) {
        return Err((Cause::WeakKey, Some(issuer)));
    }
    if !features_agree(it, issuer) {
        return refused(Cause::PathLength);
    }
    // lib/x509/verify.c: SHA-224 has no RSASSA-PSS, and a salt is as long as its digest.
    if let SignatureAlgorithm::RsaPss { hash, salt, .. } = it.signature_algorithm().signature()
        && (hash == Hash::Sha224 || salt != hash.bytes())
    {
        return refused(Cause::BadSignature);
    }
    match input.signed(it, issuer) {
        Ok(()) => {}
        Err(problem) if problem.is_not_computed() => return refused(Cause::NotComputed),
        Err(_) => return refused(Cause::BadSignature),
    }
    // anyExtendedKeyUsage is enough for the server's own certificate, not for a CA's.
    let listed = it
        .extended_key_usage()
        .is_some_and(|usage| !usage.is_empty());
    if listed && (!serves(it) || !own && !serves_by_name(it) || !reads_purposes(it)) {
        return refused(Cause::Purpose);
    }
    in_time(input, issuer, false)?;
    in_time(input, it, own)
}

fn in_time<'r, 'a>(
    input: &Input<'r, 'a>,
    it: &'r Certificate<'a>,
    own: bool,
) -> Result<(), Failure<'r, 'a>> {
    let cause = match Validity::of(it, input.at) {
        Validity::Valid { .. } => return Ok(()),
        Validity::NotYet { .. } => Cause::NotYetValid,
        Validity::Expired { .. } if own => Cause::Expired,
        Validity::Expired { .. } => Cause::IssuerExpired,
    };
    Err((cause, Some(it)))
}
