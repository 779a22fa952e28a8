//! Why no path was found: what was refused, and where the way upwards from the end-entity ends.

use super::{LEAF, Search};
use crate::chain::reason::{Reason, Rejection};
use crate::model::Certificate;

/// Signatures spent on an explanation: enough for a chain with a rival, and little compared with a
/// search.
const MOST_SIGNATURES: u32 = 4;
/// No chain in use has more certificates.
const LONGEST: usize = 16;

impl<'r, 'a> Search<'r, 'a> {
    /// Why no path was found.
    pub(in crate::chain) fn reasons(&mut self) -> Vec<Rejection> {
        let mut found: Vec<_> = std::mem::take(&mut self.rejections);
        let revoked = self.revoked_path(&found);
        if let Some(reason) = self.exhausted.take() {
            found.push((LEAF, None, reason));
        // A path that is valid except for a revocation needs no further explanation: other failures
        // are attempts at another path.
        } else if revoked.is_empty() {
            found.extend(self.explain());
        }
        found.retain(|(place, _, reason)| !self.is_beside(*place, reason, &revoked));
        // The most telling, and of those the nearest to the end-entity.
        found.sort_by_cached_key(|(place, _, reason)| {
            (
                reason.rank(),
                self.heights.get(*place).copied().flatten(),
                *place,
            )
        });
        // The same reason for the same certificate is found once for each path that leads there.
        found.dedup_by(|one, other| one.0 == other.0 && one.2 == other.2);
        let rejection = |(place, from, reason): (usize, Option<usize>, Reason)| {
            let certificate = self.node(place)?;
            let above = from.and_then(|from| self.labels.get(from));
            let path = above.map_or_else(Vec::new, |label| self.path(label));
            Some(Rejection {
                certificate: certificate.sha256(),
                subject: certificate.subject().to_string(),
                end_entity: place == LEAF,
                path: path
                    .iter()
                    .map(|certificate| certificate.sha256())
                    .collect(),
                reason,
            })
        };
        found.into_iter().take(50).filter_map(rejection).collect()
    }

    /// A path to an anchor that is valid except for a revocation.
    fn revoked_path(&self, found: &[(usize, Option<usize>, Reason)]) -> Vec<&'r Certificate<'a>> {
        let revoked = found.iter().find_map(|(place, from, reason)| {
            let above = self.labels.get((*from)?)?;
            matches!(reason, Reason::Revoked { .. }).then_some((*place, above))
        });
        let Some((place, above)) = revoked else {
            return Vec::new();
        };
        self.node(place)
            .into_iter()
            .chain(self.path(above))
            .collect()
    }

    /// Whether a rejection applies to a certificate that has the name of one on
    /// the revoked path and another key: the signer of the lists, which issued
    /// nothing and does not have to be a CA.
    fn is_beside(&self, place: usize, reason: &Reason, revoked: &[&Certificate<'a>]) -> bool {
        let Some(certificate) = self.node(place) else {
            return false;
        };
        if revoked
            .iter()
            .any(|revocation| revocation.der() == certificate.der())
        {
            return matches!(reason, Reason::BadSignature { .. });
        }
        revoked.iter().any(|issuer| {
            issuer.subject().matches(&certificate.subject())
                && issuer.spki_der() != certificate.spki_der()
        })
    }

    /// Walks upwards from the end-entity, by key identifiers and signatures,
    /// to the certificate whose issuer is missing or not trusted.
    fn explain(&mut self) -> Option<(usize, Option<usize>, Reason)> {
        let mut signatures = MOST_SIGNATURES;
        let mut path = vec![LEAF];
        loop {
            let place = *path.last()?;
            let current = self.node(place)?;
            let issuer = current.issuer();
            let is_anchor = |anchor: &&Certificate<'_>| anchor.subject().matches(&issuer);
            let reaches_anchor = self.nodes.iter().skip(self.first_anchor).any(is_anchor);
            // Self-issued by name is not enough: a CA that renewed its key has a self-issued
            // certificate that its old key signed (RFC 5280 3.2).
            if current.is_self_issued() && self.signed(place, place, &mut signatures) {
                let anchors = u64::try_from(self.request.anchors.len()).unwrap_or(u64::MAX);
                return Some((place, None, Reason::UntrustedRoot { anchors }));
            }
            let mut rejected = Vec::new();
            let mut candidates = self.candidates(current, &path);
            candidates.sort_unstable();
            let mut next = None;
            for (_, candidate) in candidates {
                if self.signed(place, candidate, &mut signatures) {
                    next = Some(candidate);
                    break;
                }
                // Eight names are plenty to read, and a bundle may hold thousands with one name.
                if rejected.len() < 8 {
                    let subject = self.node(candidate)?.subject();
                    rejected.push(format!("`{subject}` has that name, but another key"));
                }
            }
            match next {
                Some(next) if path.len() < LONGEST => path.push(next),
                // The path does continue; the other reasons say why it ended.
                Some(_) => return None,
                None if reaches_anchor => return None,
                None => return Some((place, None, missing(current, rejected))),
            }
        }
    }

    /// Certificates with the issuer's name, the right key identifier first.
    fn candidates(&self, current: &Certificate<'_>, path: &[usize]) -> Vec<(u8, usize)> {
        let issuer = current.issuer();
        let wanted = current.authority_key_id().and_then(|id| id.key_id);
        let mut found = Vec::new();
        for place in 1..self.first_anchor {
            let Some(node) = self.node(place) else {
                continue;
            };
            // The hash is enough for an explanation: nothing is accepted because of it.
            if node.subject().hash() != issuer.hash() || path.contains(&place) {
                continue;
            }
            found.push(match (wanted, node.subject_key_id()) {
                (Some(wanted), Some(id)) if wanted == id => (0, place),
                (Some(_), Some(_)) => (2, place),
                _ => (1, place),
            });
        }
        found
    }

    /// Whether `issuer` signed `place`; with no signatures left, whether the
    /// key identifiers say so.
    fn signed(&mut self, place: usize, issuer: usize, left: &mut u32) -> bool {
        let (Some(certificate), Some(ca)) = (self.node(place), self.node(issuer)) else {
            return false;
        };
        let wanted = certificate.authority_key_id().and_then(|id| id.key_id);
        let by_key_id = wanted.is_none() || wanted == ca.subject_key_id();
        let Some(less) = left.checked_sub(1) else {
            // A guess, not marked as one: with all signatures spent, the reason may name a
            // certificate one level too high, but still says what to look for.
            return by_key_id;
        };
        *left = less;
        match self.signatures.check(ca, certificate, place, None) {
            Ok(answer) => answer.is_ok(),
            Err(_) => by_key_id,
        }
    }
}

fn missing(certificate: &Certificate<'_>, rejected: Vec<String>) -> Reason {
    let key_id = certificate.authority_key_id().and_then(|id| id.key_id);
    Reason::MissingIssuer {
        issuer_name: certificate.issuer().to_string(),
        authority_key_id: key_id.map(<[u8]>::to_vec),
        ca_issuers: certificate
            .ca_issuers()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        rejected,
    }
}
