//! Does the chain lead to an anchor, and by the rules of RFC 5280?

use super::certificates::is_self_signed;
use crate::Time;
use crate::chain::arrange::Arrangement;
use crate::chain::{PathProfile, Reason, Rejection, Request, Revocation, verify};
use crate::finding::{Fingerprint, Subject};
use crate::model::{Certificate, RevocationList, sha256};
use crate::objects::{Object, Opened};
use crate::rule::{ChainFact, Evidence};
use crate::signature;
use crate::trust_store::Anchors;

/// Which of the presented certificates an anchor vouches for.
pub(super) struct Trust {
    /// How many anchors were read.
    pub(super) anchors: usize,
    /// Places of certificates that are anchors, or were signed by one.
    vouched: Vec<usize>,
    /// Places of certificates that are anchors themselves.
    anchors_given: Vec<usize>,
    anchored: bool,
}

impl Trust {
    pub(super) fn of(
        certificates: &[Certificate<'_>],
        arrangement: &Arrangement,
        anchors: &[Certificate<'_>],
    ) -> Self {
        let vouches = |certificate: &Certificate<'_>| {
            anchors.iter().any(|anchor| {
                let vouches = anchor.der() == certificate.der()
                    || (!is_self_signed(certificate) && issued(certificate, anchor));
                vouches && is_rooted(anchor, anchors)
            })
        };
        let vouched: Vec<_> = arrangement
            .order
            .iter()
            .copied()
            .filter(|place| certificates.get(*place).is_some_and(vouches))
            .collect();
        let is_anchor = |place: &usize| {
            let certificate = certificates.get(*place);
            certificate.is_some_and(|certificate| {
                anchors
                    .iter()
                    .any(|anchor| anchor.der() == certificate.der())
            })
        };
        let anchors_given = vouched.iter().copied().filter(is_anchor).collect();
        let mut places = arrangement.paths.iter().flat_map(|path| &path.certificates);
        let anchored = places.any(|place| vouched.contains(place));
        Self {
            anchors: anchors.len(),
            vouched,
            anchors_given,
            anchored,
        }
    }

    /// Whether an anchor vouches for one of the paths.
    pub(super) fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// The part of a path that a client needs, including the anchor: certificates above one that an
    /// anchor issued lead elsewhere.
    pub(super) fn needed<'p>(&self, path: &'p [usize]) -> &'p [usize] {
        let vouched = |place: &usize| self.vouched.contains(place);
        let Some(first) = path.iter().position(vouched) else {
            return path;
        };
        let is_anchor = |place: &&usize| self.anchors_given.contains(*place);
        let above = path.get(first + 1).filter(is_anchor).is_some();
        path.get(..=first + usize::from(above)).unwrap_or(path)
    }

    /// Whether an anchor vouches for this path.
    pub(super) fn reaches(&self, path: &[usize]) -> bool {
        path.iter().any(|place| self.vouched.contains(place))
    }
}

fn issued(certificate: &Certificate<'_>, by: &Certificate<'_>) -> bool {
    // A signature that certcheck does not compute may be the anchor's; a check reports that.
    by.subject().matches(&certificate.issuer())
        && match signature::signed_by(certificate, by) {
            Ok(()) => true,
            Err(problem) => problem.is_not_computed(),
        }
}

/// The most anchors that are checked on the way from one of them to a root: such a path has three
/// or four certificates, and few are cross-signed.
const MOST_ABOVE: usize = 32;

/// Whether an anchor is a root, or leads to a root that is also an anchor.
///
/// OpenSSL and Python up to 3.12 end only at a self-signed certificate, unless set to accept
/// partial chains (measured: with only the intermediate or the server's own certificate in their
/// store, both refuse).
fn is_rooted(anchor: &Certificate<'_>, anchors: &[Certificate<'_>]) -> bool {
    let mut way = vec![anchor];
    let mut place = 0;
    while let Some(&next) = way.get(place) {
        if next.is_self_issued() {
            return true;
        }
        for above in anchors {
            let new = || way.iter().all(|seen| seen.der() != above.der());
            if way.len() < MOST_ABOVE && issued(next, above) && new() {
                way.push(above);
            }
        }
        place += 1;
    }
    false
}

/// The path that a client would take: one to an anchor, with no issuer missing and no certificate
/// expired, if there is such a path.
pub(super) fn best_path(
    certificates: &[Certificate<'_>],
    arrangement: &Arrangement,
    at: Time,
    trust: Option<&Trust>,
) -> Vec<usize> {
    let expired = |place: &&usize| {
        certificates
            .get(**place)
            .is_none_or(|certificate| at > certificate.not_after())
    };
    let best = arrangement.paths.iter().min_by_key(|path| {
        let places = trust.map_or(&*path.certificates, |trust| {
            trust.needed(&path.certificates)
        });
        let untrusted = trust.is_some_and(|trust| !trust.reaches(places));
        let expired = places.iter().skip(1).filter(expired).count();
        // What an anchor vouches for lacks nothing.
        let lacks = path.lacks_an_issuer && (untrusted || trust.is_none());
        (untrusted, lacks, expired)
    });
    let path = best.map_or(&arrangement.path, |best| &best.certificates);
    trust.map_or(&**path, |trust| trust.needed(path)).to_vec()
}

/// RFC 5280 up to the certificate where the files end: not an anchor that was
/// given, so its own constraints count.
static TO_THE_END: PathProfile = PathProfile {
    judges_anchors: true,
    ..PathProfile::RFC5280
};

/// What path validation refuses, beyond what the other questions report better:
/// dates, names, purposes and strength of single certificates, missing issuers.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) broken: Vec<Rejection>,
}

impl Rules {
    /// Validates from the end-entity to the anchors; without anchors, to the
    /// certificate where the chain ends.
    pub(super) fn judge(
        certificates: &[Certificate<'_>],
        arrangement: &Arrangement,
        anchors: Option<&[Certificate<'_>]>,
        lists: &[RevocationList<'_>],
        at: Time,
    ) -> Self {
        let end = arrangement
            .path
            .last()
            .and_then(|place| certificates.get(*place));
        let own = arrangement
            .end_entity
            .and_then(|place| certificates.get(place));
        let (Some(leaf), Some(end)) = (own, end) else {
            return Self::default();
        };
        let above = std::slice::from_ref(end);
        let given = anchors.is_some();
        let anchors = match anchors {
            Some(anchors) => anchors,
            None if leaf.der() == end.der() => return Self::default(),
            None => above,
        };
        let mut request = Request::new(leaf, certificates, anchors, at);
        if !given {
            request.profile = &TO_THE_END;
        }
        request.revocation = Revocation::Available;
        request.crls = lists;
        let answer = verify(&request);
        let broken = answer.reasons.into_iter().filter(|rejection| {
            matches!(
                rejection.reason,
                Reason::NotACa { .. }
                    | Reason::PathLength { .. }
                    | Reason::NameConstraints { .. }
                    | Reason::Policy { .. }
                    | Reason::BudgetExhausted { .. }
                    | Reason::Revoked { .. }
                    | Reason::RevocationUnknown { .. }
            )
        });
        Self {
            broken: if answer.valid {
                Vec::new()
            } else {
                broken.collect()
            },
        }
    }
}

/// What keeps the certificates of one path, the end-entity first, from having issued
/// one another: not a CA, constraints on names or on the path length. `None` if dates,
/// signatures or purposes do.
pub(super) fn obstacle(path: &[Certificate<'_>], at: Time) -> Option<ChainFact> {
    let (leaf, end) = path.first().zip(path.last()).filter(|_| path.len() > 1)?;
    let mut request = Request::new(leaf, path, std::slice::from_ref(end), at);
    request.profile = &TO_THE_END;
    let answer = verify(&request);
    let is_one = |rejection: &Rejection| {
        matches!(
            rejection.reason,
            Reason::NotACa { .. } | Reason::PathLength { .. } | Reason::NameConstraints { .. }
        )
    };
    let found = answer
        .reasons
        .into_iter()
        .filter(|_| !answer.valid)
        .find(is_one)?;
    match found.evidence() {
        Evidence::ChainFact(fact) => Some(fact),
        _ => None,
    }
}

/// Where an anchor is: its place in a file, or the store.
pub(crate) fn place_of_anchor(anchors: &Anchors, digest: Fingerprint) -> Option<Subject> {
    for document in anchors.files() {
        let opened = Opened::new(document, None);
        let objects = opened.objects();
        let is_it = |object: &&Object<'_>| {
            object
                .certificate()
                .is_some_and(|object| object.sha256() == digest)
        };
        if let Some(object) = objects.iter().find(is_it) {
            return Some(object.subject());
        }
    }
    let is_it = |der: &&[u8]| sha256(der) == digest;
    let der = anchors.certificates().find(is_it)?;
    anchors.store_of(der).map(Subject::file)
}
