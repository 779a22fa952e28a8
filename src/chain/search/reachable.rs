//! Which certificates can be on a path at all, going by names.

use super::{LEAF, Search};
use crate::chain::index::Index;
use std::collections::{HashMap, HashSet};

impl Search<'_, '_> {
    /// Walks upwards by names from the end-entity, keeps the anchors that it meets, and drops
    /// intermediates that are already anchors.
    pub(super) fn find_heights(&mut self) {
        let subjects = Index::new(
            (1..self.first_anchor)
                .filter_map(|node| Some((self.node(node)?.subject().hash(), node))),
        );
        let mut levels: HashMap<u64, u32> = HashMap::new();
        let mut names = Vec::from([self.request.leaf.issuer().hash()]);
        let mut level = 0;
        if let Some(height) = self.heights.get_mut(LEAF) {
            *height = Some(0);
        }
        while !names.is_empty() {
            level += 1;
            let mut above = Vec::new();
            for name in names {
                // Each name is visited once, so that CAs that cross-signed each other do not make
                // the walk endless.
                if levels.contains_key(&name) {
                    continue;
                }
                levels.insert(name, level);
                for place in subjects.get(name) {
                    if let Some(height) = self.heights.get_mut(place) {
                        *height = Some(level);
                    }
                    above.extend(self.node(place).map(|node| node.issuer().hash()));
                }
            }
            names = above;
        }
        // Anchors that no issuer's name leads to are left out. A trust store has about 150 of
        // them, and usually one is met.
        let anchors = self.request.anchors.iter();
        let met: Vec<_> = anchors
            .filter_map(|anchor| Some((anchor, *levels.get(&anchor.subject().hash())?)))
            .collect();
        if !met.is_empty() {
            let ders: HashSet<&[u8]> = met.iter().map(|(anchor, _)| anchor.der()).collect();
            // If also kept as an intermediate, an anchor would be judged by rules for CAs below an
            // anchor, and would be found twice.
            for place in 1..self.first_anchor {
                if self
                    .node(place)
                    .is_some_and(|node| ders.contains(node.der()))
                    && let Some(height) = self.heights.get_mut(place)
                {
                    *height = None;
                }
            }
        }
        for (anchor, level) in met {
            self.nodes.push(anchor);
            self.heights.push(Some(level));
        }
        // RFC 5280 6.1.3 (f) fails a path only if an explicit policy is required. If neither the
        // caller nor any certificate that can be met requires one, no graph needs to be built.
        self.policies_matter |= (0..self.first_anchor)
            .filter(|place| self.heights.get(*place).is_some_and(Option::is_some))
            .filter_map(|place| self.node(place)?.policy_constraints())
            .any(|constraints| constraints.require_explicit_policy.is_some());
        self.policies_matter &= self.request.profile.policies;
        self.by_issuer = Index::new(
            (0..self.first_anchor)
                .filter(|place| self.heights.get(*place).is_some_and(Option::is_some))
                .filter_map(|place| Some((self.node(place)?.issuer().hash(), place))),
        );
    }
}
