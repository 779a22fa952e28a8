//! Revocation lists, as OpenSSL looks at them for a path (`check_revocation`,
//! crypto/x509/x509_vfy.c of 3.0).
//!
//! For each certificate it uses a list of the same issuer. It refuses the certificate if there is
//! none (3), or if the list is out of date (11, 12), is not the issuer's (8) or has the certificate
//! on it (23). Lists for a part of the certificates, delta and indirect lists are not judged.

use crate::Time;
use crate::client::peer::Objection;
use crate::model::{Certificate, RevocationList};
use crate::server::settings::ListsFor;
use crate::signature;

/// What the lists say about a path.
pub(in crate::preflight) enum Revocation {
    /// The lists do not revoke it.
    Good,
    Refused(Objection),
    /// A list is of a kind that is not judged, or its signature is not computed.
    Open(&'static str),
}

/// What they say about the certificate at this place of a path that begins with the client's own
/// certificate and ends with the root.
pub(in crate::preflight) fn judge(
    path: &[&Certificate<'_>],
    place: usize,
    lists: &[RevocationList<'_>],
    which: ListsFor,
    at: Time,
) -> Revocation {
    let looks = match which {
        ListsFor::Nothing => false,
        ListsFor::Own => place == 0,
        ListsFor::Chain => true,
    };
    let Some(certificate) = path.get(place).filter(|_| looks) else {
        return Revocation::Good;
    };
    // A root is its own issuer.
    let issuer = path.get(place + 1).unwrap_or(certificate);
    one(certificate, issuer, lists, at)
}

/// Whether there is a list for what this issuer issues, in force at `at`.
pub(super) fn in_force(
    issuer: &Certificate<'_>,
    lists: &[RevocationList<'_>],
    at: Time,
) -> Result<(), Objection> {
    match usable(issuer, lists, at) {
        Ok(_) | Err(Revocation::Open(_) | Revocation::Good) => Ok(()),
        Err(Revocation::Refused(objection)) => Err(objection),
    }
}

fn usable<'l, 'a>(
    issuer: &Certificate<'_>,
    lists: &'l [RevocationList<'a>],
    at: Time,
) -> Result<&'l RevocationList<'a>, Revocation> {
    let of_issuer = |list: &&RevocationList<'_>| list.issuer().matches(&issuer.subject());
    let current = |list: &&RevocationList<'_>| {
        list.this_update() <= at && list.next_update().is_none_or(|next| at <= next)
    };
    // If there are several, OpenSSL prefers one that is in force (`get_crl_score`).
    let mut own = lists.iter().filter(of_issuer);
    let list = own.clone().find(current).or_else(|| own.next());
    let refused = |number| Revocation::Refused(Objection::new(number));
    let list = list.ok_or_else(|| refused(3))?;
    if list.base_number().is_some() || list.issuing_distribution_point().is_some() {
        return Err(Revocation::Open(
            "certcheck does not judge delta lists, or lists for a part of the certificates",
        ));
    }
    if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
        return Err(refused(35));
    }
    if list.this_update() > at {
        return Err(refused(11));
    }
    if list.next_update().is_some_and(|next| next < at) {
        return Err(refused(12));
    }
    if list.problem().is_some() {
        return Err(Revocation::Open(
            "a list has extensions that certcheck does not know",
        ));
    }
    match signature::list_signed_by_key(list, issuer.key_info(), None) {
        Ok(()) => Ok(list),
        Err(problem) if problem.is_not_computed() => Err(Revocation::Open(
            "certcheck cannot check the signature of a revocation list",
        )),
        Err(_) => Err(refused(8)),
    }
}

fn one(
    certificate: &Certificate<'_>,
    issuer: &Certificate<'_>,
    lists: &[RevocationList<'_>],
    at: Time,
) -> Revocation {
    let list = match usable(issuer, lists, at) {
        Ok(list) => list,
        Err(other) => return other,
    };
    for entry in list.entries() {
        let Ok(entry) = entry else {
            return Revocation::Open("a revocation list cannot be read to its end");
        };
        if entry.issuer.is_some() {
            return Revocation::Open("certcheck does not judge indirect revocation lists");
        }
        if entry.serial == certificate.serial() {
            let mut objection = Objection::new(23);
            objection.at = Some(certificate.sha256());
            return Revocation::Refused(objection);
        }
    }
    Revocation::Good
}
