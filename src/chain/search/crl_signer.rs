//! Who signed a revocation list, and was allowed to (RFC 5280 6.3.3 (f) to (h)).

use super::Search;
use super::revocation::Link;
use crate::chain::policy::PolicyInputs;
use crate::chain::request::Request;
use crate::chain::scope::{self, at_most};
use crate::model::{Certificate, RevocationList};

/// Certificates with the name of a list's issuer that are tried as its signer:
/// PKITS needs three; a CA that changed its key every year for a decade, ten.
const MOST_SIGNERS: usize = 16;
/// The deepest nesting of list signers whose own lists have signers, and so on.
const MOST_NESTED: usize = 4;

impl<'r, 'a> Search<'r, 'a> {
    /// The certificate whose key signed the list and that may do so.
    pub(super) fn signer(
        &mut self,
        place: usize,
        list: &RevocationList<'a>,
        link: Link<'r, 'a>,
    ) -> Option<&'r Certificate<'a>> {
        let may_sign = |certificate: &Certificate<'_>| {
            certificate.subject().matches(&list.issuer())
                && certificate.key_usage().is_none_or(|usage| usage.crl_sign())
        };
        // The issuer's own key signs nearly every list: this spares the walk through all
        // certificates below.
        if may_sign(link.issuer) && self.signed_list(link.issuer, list, place, link.inherited) {
            return Some(link.issuer);
        }
        let (anchors, intermediates) = (self.request.anchors, self.request.intermediates);
        self.walk(1 + (anchors.len() + intermediates.len()) / 64);
        let all = anchors.iter().chain(intermediates);
        let candidates: Vec<_> = all
            .filter(|signer| may_sign(signer))
            .take(MOST_SIGNERS)
            .collect();
        candidates.into_iter().find(|candidate| {
            // The issuer was tried above, with the parameters that it inherits. An equal
            // certificate would fail again.
            candidate.der() != link.issuer.der()
                && self.signed_list(candidate, list, place, None)
                && self.is_trusted(candidate, link)
        })
    }

    fn signed_list(
        &mut self,
        signer: &Certificate<'a>,
        list: &RevocationList<'_>,
        place: usize,
        inherited: Option<(usize, &[u8])>,
    ) -> bool {
        let answer = self.signatures.check_list(signer, list, place, inherited);
        if answer.is_err() {
            self.exhaust("signatures", self.signatures.limit());
        }
        answer.is_ok_and(|answer| answer.is_ok())
    }

    /// Whether a path leads to the signer of a list from the same anchor (f).
    /// Policies and names are required of the end-entity's path, not of this one.
    fn is_trusted(&mut self, signer: &'r Certificate<'a>, link: Link<'r, 'a>) -> bool {
        if signer.der() == link.anchor.der() {
            return true;
        }
        if self.exhausted.is_some()
            // A list may be signed by a CA whose own status is in another list, and so on: the
            // bound stops a cycle that an attacker made.
            || self.under_way.len() >= MOST_NESTED
            || self.rules.cheap_for_signer(signer).is_some()
        {
            return false;
        }
        // A search begins by reading every intermediate's name.
        self.walk(10 + self.request.intermediates.len() / 8);
        // The nested search spends what is left of the caller's budget, not its own:
        // otherwise nesting would multiply the work.
        let mut budgets = self.request.budgets;
        budgets.signatures = self.signatures.left();
        budgets.steps = budgets.steps.saturating_sub(self.steps);
        budgets.comparisons = budgets.comparisons.saturating_sub(self.comparisons.made());
        budgets.entries = budgets.entries.saturating_sub(self.entries);
        let request = Request {
            leaf: signer,
            intermediates: self.request.intermediates,
            // RFC 5280 6.3.3 (f) requires the same anchor for the list as for the certificate:
            // another trusted CA must not revoke, or clear, this one's certificates.
            anchors: std::slice::from_ref(link.anchor),
            names: &[],
            policies: PolicyInputs::default(),
            budgets,
            ..self.request.clone()
        };
        let mut under_way = self.under_way.clone();
        under_way.push(link.certificate.der());
        let mut nested = Search::nested(&request, self.rules, under_way);
        let found = nested.run().is_some();
        self.signatures.spend(&nested.signatures);
        self.comparisons.spend(&nested.comparisons);
        self.steps = self.steps.saturating_add(nested.steps);
        self.entries = self.entries.saturating_add(nested.entries);
        if self.exhausted.is_none() {
            self.exhausted = nested.exhausted.take();
        }
        found
    }

    /// The newest delta that continues `list`, signed by the same key (h).
    pub(super) fn delta(
        &mut self,
        list: &RevocationList<'a>,
        signer: &'r Certificate<'a>,
        link: Link<'r, 'a>,
    ) -> Option<(usize, &'r RevocationList<'a>)> {
        if !self.has_deltas {
            return None;
        }
        self.walk(1 + self.request.crls.len() / 16);
        let mut newest: Option<(usize, &RevocationList<'a>)> = None;
        let inherited = (signer.der() == link.issuer.der())
            .then_some(link.inherited)
            .flatten();
        // RFC 5280 6.3.3 (c) lets a delta be used only with the complete list that it continues, so
        // each pair is checked again.
        for (place, delta) in self.request.crls.iter().enumerate() {
            let best = newest.and_then(|(_, delta)| delta.number());
            let is_newer = match (best, delta.number()) {
                (Some(best), Some(number)) => !at_most(number, best),
                (None, _) => true,
                (_, None) => false,
            };
            if is_newer
                && scope::continues(delta, list)
                && self.is_current(delta)
                && self.signed_list(signer, delta, place, inherited)
            {
                newest = Some((place, delta));
            }
        }
        newest
    }
}
