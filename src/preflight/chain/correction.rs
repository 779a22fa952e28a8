//! Which of the certificates should be sent, and in what order.

use super::Chain;
use crate::Time;
use crate::chain::arrange::{Arrangement, arrange};
use crate::model::Certificate;
use crate::preflight::trust;

/// How often the proposal is checked again until nothing changes: without one certificate, another
/// path may come first.
const MOST_TURNS: usize = 8;

impl Chain<'_, '_> {
    /// The places of the certificates that should be sent, in their order: the
    /// path that a client would take, and what else belongs to the chain, but no root and nothing
    /// expired that is not needed. A root stays if an issuer would seem to be missing without it:
    /// if it issued the end-entity certificate itself and no anchors say that clients have it, or
    /// if another path has a gap.
    pub(crate) fn corrected(&self, at: Time) -> Vec<usize> {
        let mut sent = self.proposed(&self.arrangement, at);
        for _ in 0..MOST_TURNS {
            let next = self.proposed(&self.arranged_anew(&sent), at);
            if next == sent {
                break;
            }
            sent = next;
        }
        sent
    }

    fn proposed(&self, found: &Arrangement, at: Time) -> Vec<usize> {
        let path = trust::best_path(&self.certificates, found, at, self.trust.as_ref());
        let is_alive = |place: &usize| {
            let certificate = self.certificates.get(*place);
            certificate.is_some_and(|certificate| at <= certificate.not_after())
        };
        let rest = found.order.iter().copied();
        let rest = rest.filter(|place| !path.contains(place) && is_alive(place));
        let all = self.settled(path.iter().copied().chain(rest).collect());
        let is_root = |place: &usize| found.roots.contains(place);
        let mut sent = self.settled(
            all.iter()
                .copied()
                .filter(|place| !is_root(place))
                .collect(),
        );
        // What is sent is the whole path below an anchor: clients have the root.
        let below = path.split_last();
        let below = below.filter(|(top, _)| is_root(top) && self.is_anchored());
        let is_whole = below.is_some_and(|(_, below)| below == sent);
        if !is_whole && sent.len() < all.len() && self.lacks_an_issuer(&sent) {
            let is_waste = |place: &usize| is_root(place) && !path.contains(place);
            sent = self.settled(all.into_iter().filter(|place| !is_waste(place)).collect());
        }
        // If another path might hide a good one, only the good one is sent.
        if !is_whole && self.gap().is_none() && self.lacks_an_issuer(&sent) {
            return path;
        }
        sent
    }

    /// `places` in the right order, without those that nothing leads to any more.
    fn settled(&self, mut places: Vec<usize>) -> Vec<usize> {
        for _ in 0..MOST_TURNS {
            let in_order = self.arranged_anew(&places).order;
            if in_order == places {
                break;
            }
            places = in_order;
        }
        places
    }

    /// How these certificates would belong together if there were no others.
    fn arranged_anew(&self, places: &[usize]) -> Arrangement {
        let own = self.arrangement.end_entity;
        let key = own.and_then(|own| self.certificates.get(own));
        let views = places
            .iter()
            .filter_map(|place| self.certificates.get(*place));
        let views: Vec<_> = views.cloned().collect();
        arrange(&views, key.map(Certificate::spki_der)).renumbered(places)
    }

    fn lacks_an_issuer(&self, places: &[usize]) -> bool {
        let found = self.arranged_anew(places);
        let gap = found.gap.as_ref();
        gap.is_some_and(|gap| gap.is_certain(found.ends))
    }
}
